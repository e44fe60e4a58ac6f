from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0009_one_basket_of_a_customer"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="height_cm",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="висота, см"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="length_cm",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="довжина, см"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="return_number",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=40,
                verbose_name="номер повернення",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="width_cm",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ширина, см"),
        ),
    ]
