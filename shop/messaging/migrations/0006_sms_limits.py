"""What can wait until the morning, who is above the limits; defaults for the version that still runs."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0005_soft_bounces_reserve_bulk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="can_wait",
            field=models.BooleanField(db_default=False, default=False, verbose_name="може почекати до ранку"),
        ),
        migrations.AddField(
            model_name="message",
            name="may_exceed_limits",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="message",
            name="parts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="частин SMS"),
        ),
        migrations.AlterField(
            model_name="message",
            name="reason",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="чому ще раз"),
        ),
        migrations.AlterField(
            model_name="message",
            name="template",
            field=models.CharField(blank=True, db_default="", max_length=40, verbose_name="шаблон"),
        ),
        migrations.AlterField(
            model_name="message",
            name="template_version",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="0 — текст із файлу.", verbose_name="версія шаблону"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("channel", "sms"), ("handing_over_since__isnull", False)),
                fields=["handing_over_since"],
                include=("parts", "receiver"),
                name="message_sms_begun",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("channel", "sms"), ("handed_over_at__isnull", False)),
                fields=["handed_over_at"],
                include=("gateway", "parts", "price"),
                name="message_sms_taken",
            ),
        ),
    ]
