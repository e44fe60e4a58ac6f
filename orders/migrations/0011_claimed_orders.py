"""That a guest's order was added to an account is an event of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0010_waybills_of_parcels"),
    ]

    operations = [
        migrations.AlterField(
            model_name="orderevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("placed", "оформлено"),
                    ("confirmed", "підтверджено"),
                    ("shipped", "відправлено"),
                    ("completed", "виконано"),
                    ("cancelled", "скасовано"),
                    ("edited", "змінено"),
                    ("paid", "сплачено"),
                    ("refunded", "повернуто кошти"),
                    ("fit-check", "сумісність перевірено"),
                    ("parcel", "посилка"),
                    ("note", "примітка"),
                    ("claimed", "додано до облікового запису"),
                ],
                max_length=10,
                verbose_name="подія",
            ),
        ),
    ]
