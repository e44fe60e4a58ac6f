"""Letters to many, sent because of a consent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0004_payment_purpose"),
    ]

    operations = [
        migrations.AlterField(
            model_name="disclosure",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("order-message", "повідомлення про замовлення"),
                    ("delivery", "доставка замовлення"),
                    ("sign-in-code", "код для входу"),
                    ("payment", "оплата замовлення"),
                    ("campaign", "розсилка, на яку погодилися"),
                ],
                max_length=20,
                verbose_name="навіщо",
            ),
        ),
    ]
