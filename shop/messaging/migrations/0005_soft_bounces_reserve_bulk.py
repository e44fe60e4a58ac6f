"""Soft bounces by their moments, letters in reserve, the queue of campaigns."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_news_suppressions_wording"),
    ]

    operations = [
        migrations.AddField(
            model_name="suppression",
            name="soft_bounces",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateTimeField(), blank=True, default=list, editable=False
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="queue",
            field=models.CharField(
                choices=[("codes", "коди"), ("orders", "замовлення"), ("bulk", "розсилки")],
                default="orders",
                max_length=6,
                verbose_name="черга",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "чекає"),
                    ("leased", "передається"),
                    ("accepted", "прийнято шлюзом"),
                    ("delivered", "доставлено"),
                    ("undelivered", "не доставлено"),
                    ("rejected", "відхилено"),
                    ("needs-person", "потребує уваги"),
                    ("in-reserve", "про запас"),
                    ("not-needed", "не знадобилося"),
                ],
                default="waiting",
                max_length=12,
                verbose_name="стан",
            ),
        ),
    ]
