"""The staff's search by surname, e-mail and phone reads an index."""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_enquiries")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(OpClass(Upper("surname"), "text_pattern_ops"), name="order_by_surname"),
        ),
        migrations.AddIndex(model_name="order", index=models.Index(Upper("email"), name="order_by_email")),
        migrations.AddIndex(model_name="order", index=models.Index(fields=["phone"], name="order_by_phone")),
    ]
