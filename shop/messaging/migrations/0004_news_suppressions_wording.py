"""What gateways tell of messages, receivers that are closed, words of staff."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from shop.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_webhook_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "news",
                    models.CharField(
                        choices=[
                            ("sent", "передано оператору"),
                            ("delivered", "доставлено"),
                            ("read", "прочитано"),
                            ("undelivered", "не доставлено"),
                            ("deferred", "відкладено"),
                            ("bounced", "адреси немає"),
                            ("complained", "позначено як спам"),
                        ],
                        max_length=12,
                        verbose_name="що сталося",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60, verbose_name="код шлюзу")),
                ("gateway", models.CharField(max_length=40, verbose_name="шлюз")),
                ("happened_at", models.DateTimeField(verbose_name="коли")),
                ("received_at", models.DateTimeField(auto_now_add=True, verbose_name="дізналися")),
            ],
            options={
                "verbose_name": "звістка про доставку",
                "verbose_name_plural": "звістки про доставку",
                "ordering": ["happened_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(choices=[("email", "лист"), ("sms", "SMS")], max_length=5, verbose_name="канал"),
                ),
                ("receiver_hash", models.CharField(editable=False, max_length=64)),
                ("shown", models.CharField(max_length=80, verbose_name="одержувач")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("hard-bounce", "адреси немає"),
                            ("soft-bounce", "скринька тимчасово не приймає"),
                            ("complaint", "позначили наш лист як спам"),
                            ("bad-number", "номера немає"),
                            ("stop-list", "абонент заборонив SMS"),
                        ],
                        max_length=12,
                        verbose_name="чому",
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="відколи")),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, help_text="Порожнє — поки не зніме працівник.", null=True, verbose_name="до"
                    ),
                ),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="скільки разів")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="знято")),
                ("lifted_why", models.CharField(blank=True, max_length=200, verbose_name="чому знято")),
            ],
            options={
                "verbose_name": "закрита адреса",
                "verbose_name_plural": "закриті адреси",
                "ordering": ["-since"],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="повідомлення")),
                (
                    "channel",
                    models.CharField(choices=[("email", "лист"), ("sms", "SMS")], max_length=5, verbose_name="канал"),
                ),
                ("language", models.CharField(max_length=5, verbose_name="мова")),
                ("version", models.PositiveIntegerField(verbose_name="версія")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="тема")),
                ("text", models.TextField(verbose_name="текст")),
                ("is_active", models.BooleanField(default=True, verbose_name="діє")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="що змінено")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="коли")),
            ],
            options={
                "verbose_name": "версія тексту",
                "verbose_name_plural": "версії текстів",
                "ordering": ["kind", "channel", "language", "-version"],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="asked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="next_rung_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="parts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="частин SMS"),
        ),
        migrations.AddField(
            model_name="message",
            name="price",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=9, null=True, verbose_name="вартість, ₴"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="чому ще раз"),
        ),
        migrations.AddField(
            model_name="message",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="доставлено або ні"),
        ),
        migrations.AddField(
            model_name="message",
            name="takes_place_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacements",
                to="messaging.message",
                verbose_name="замість",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="template",
            field=models.CharField(blank=True, max_length=40, verbose_name="шаблон"),
        ),
        migrations.AddField(
            model_name="message",
            name="template_version",
            field=models.PositiveIntegerField(
                default=0, help_text="0 — текст із файлу.", verbose_name="версія шаблону"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="надіслав працівник",
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
                ],
                default="waiting",
                max_length=12,
                verbose_name="стан",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("gateway_message_id", ""), _negated=True),
                fields=["gateway_message_id"],
                name="message_of_gateway",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status", "accepted")),
                fields=["channel", "handed_over_at"],
                name="message_fate_open",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("next_rung_at__isnull", False)), fields=["next_rung_at"], name="message_next_rung"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["receiver", "created_at"], name="message_receiver"),
        ),
        migrations.AddField(
            model_name="deliveryevent",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="delivery_events", to="messaging.message"
            ),
        ),
        migrations.AddField(
            model_name="suppression",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="хто зняв",
            ),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="хто",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("channel", "receiver_hash"),
                name="suppression_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                fields=("kind", "channel", "language", "version"), name="template_version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)),
                fields=("kind", "channel", "language"),
                name="template_version_one_active",
            ),
        ),
        append_only("messaging_deliveryevent"),
    ]
