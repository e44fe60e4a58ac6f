"""A mark set right before a gateway is called, and the index by queue that leasing reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="handing_over_since",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RemoveIndex(model_name="message", name="message_due"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status__in", ["waiting", "leased"])),
                fields=["queue", "channel", "available_at", "id"],
                name="message_due",
            ),
        ),
    ]
