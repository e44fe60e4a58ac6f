"""A message that somebody asked for is a purpose of its own, with a consent of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0005_campaign_purpose"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("offer", "умови оферти"),
                    ("back-in-stock", "повідомити, коли деталь з’явиться"),
                    ("newsletter-email", "листи з порадами та пропозиціями"),
                ],
                max_length=20,
                verbose_name="згода на",
            ),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("order-message", "повідомлення про замовлення"),
                    ("delivery", "доставка замовлення"),
                    ("sign-in-code", "код для входу"),
                    ("payment", "оплата замовлення"),
                    ("request", "відповідь на ваш запит"),
                    ("campaign", "розсилка, на яку погодилися"),
                ],
                max_length=20,
                verbose_name="навіщо",
            ),
        ),
    ]
