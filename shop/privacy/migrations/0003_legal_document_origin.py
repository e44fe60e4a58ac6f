"""Tell the texts that came with the shop from those that staff wrote."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0002_database_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="legaldocument",
            name="came_with_shop",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
