"""What a customer does not want to hear by which channel; who waits for which part."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_codes_and_lower_mailboxes"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalog", "0010_words_of_unknown_cars"),
        ("privacy", "0006_asked_to_be_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="StockWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(choices=[("email", "лист"), ("sms", "SMS")], max_length=5, verbose_name="канал"),
                ),
                ("receiver", models.CharField(blank=True, max_length=254, verbose_name="куди")),
                ("language", models.CharField(default="uk", max_length=5, verbose_name="мова")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="коли попросили")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="коли повідомили")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="коли передумали")),
            ],
            options={
                "verbose_name": "чекає на деталь",
                "verbose_name_plural": "чекають на деталі",
                "ordering": ["-asked_at"],
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="muted",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="Що покупець вимкнув у кабінеті.",
                verbose_name="не хоче отримувати",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("muted__contained_by", ["money-sms", "order-sms", "parcel-email", "parcel-sms"])),
                name="customer_muted_allowed",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("muted__contains", ["parcel-email", "parcel-sms"]), _negated=True),
                name="customer_hears_of_parcels",
            ),
        ),
        migrations.AddField(
            model_name="stockwatch",
            name="consent",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.consent"
            ),
        ),
        migrations.AddField(
            model_name="stockwatch",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stock_watches",
                to=settings.AUTH_USER_MODEL,
                verbose_name="хто",
            ),
        ),
        migrations.AddField(
            model_name="stockwatch",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.part", verbose_name="деталь"
            ),
        ),
        migrations.AddIndex(
            model_name="stockwatch",
            index=models.Index(
                condition=models.Q(("told_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=["part"],
                name="stock_watch_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockwatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("told_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("part", "channel", "receiver"),
                name="stock_watch_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockwatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("receiver", ""), ("told_at__isnull", True), ("withdrawn_at__isnull", True), _negated=True
                ),
                name="stock_watch_open_has_receiver",
            ),
        ),
    ]
