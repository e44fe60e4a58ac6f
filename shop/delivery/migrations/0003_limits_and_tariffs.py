from django.core.validators import MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q

import shop.lib.money

WAYS = [
    ("nova-poshta", "Нова пошта: відділення або поштомат"),
    ("nova-poshta-door", "Нова пошта: кур’єр на адресу"),
    ("ukrposhta", "Укрпошта: відділення"),
    ("meest", "Meest: відділення"),
    ("courier", "наш кур’єр на адресу"),
    ("self-pickup", "самовивіз"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0002_reference_origin"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarrierLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(choices=WAYS, max_length=20, verbose_name="спосіб доставки")),
                (
                    "point_kind",
                    models.CharField(
                        blank=True,
                        choices=[("branch", "відділення"), ("locker", "поштомат"), ("store", "магазин")],
                        max_length=10,
                        verbose_name="лише пункти виду",
                    ),
                ),
                (
                    "max_weight_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=8,
                        null=True,
                        validators=[MinValueValidator(0)],
                        verbose_name="вага до, кг",
                    ),
                ),
                (
                    "max_value",
                    shop.lib.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[MinValueValidator(0)],
                        verbose_name="вартість до, ₴",
                    ),
                ),
                ("takes_cash", models.BooleanField(default=True, verbose_name="приймає оплату за товар")),
                ("takes_liquids", models.BooleanField(default=True, verbose_name="приймає рідини")),
                ("takes_glass", models.BooleanField(default=True, verbose_name="приймає скло")),
                ("takes_batteries", models.BooleanField(default=True, verbose_name="приймає акумулятори")),
            ],
            options={
                "verbose_name": "обмеження доставки",
                "verbose_name_plural": "обмеження доставки",
                "ordering": ["way", "point_kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("way", "point_kind"), name="carrier_limit_once"),
                    models.CheckConstraint(
                        condition=Q(max_weight_kg__isnull=True) | Q(max_weight_kg__gt=0), name="carrier_limit_weight"
                    ),
                    models.CheckConstraint(
                        condition=Q(max_value__isnull=True) | Q(max_value__gt=0), name="carrier_limit_value"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryTariff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(choices=WAYS, max_length=20, verbose_name="спосіб доставки")),
                (
                    "zone",
                    models.CharField(
                        choices=[("town", "у місті відправлення"), ("country", "по Україні")],
                        max_length=10,
                        verbose_name="куди",
                    ),
                ),
                (
                    "max_weight_kg",
                    models.DecimalField(
                        decimal_places=3, max_digits=8, validators=[MinValueValidator(0)], verbose_name="вага до, кг"
                    ),
                ),
                (
                    "price",
                    shop.lib.money.MoneyField(
                        decimal_places=2, max_digits=12, validators=[MinValueValidator(0)], verbose_name="ціна"
                    ),
                ),
                (
                    "free_from",
                    shop.lib.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        help_text="Лише для нашого кур’єра: за перевезення чужим платить отримувач.",
                        max_digits=12,
                        null=True,
                        validators=[MinValueValidator(0)],
                        verbose_name="безкоштовно від суми",
                    ),
                ),
                ("days_from", models.PositiveSmallIntegerField(verbose_name="днів від")),
                ("days_to", models.PositiveSmallIntegerField(verbose_name="днів до")),
            ],
            options={
                "verbose_name": "тариф доставки",
                "verbose_name_plural": "тарифи доставки",
                "ordering": ["way", "zone", "max_weight_kg"],
                "constraints": [
                    models.UniqueConstraint(fields=("way", "zone", "max_weight_kg"), name="delivery_tariff_once"),
                    models.CheckConstraint(condition=Q(max_weight_kg__gt=0, price__gte=0), name="delivery_tariff_sums"),
                    models.CheckConstraint(
                        condition=Q(free_from__isnull=True) | Q(way="courier", free_from__gte=0),
                        name="delivery_tariff_free_courier",
                    ),
                    models.CheckConstraint(condition=Q(days_from__lte=F("days_to")), name="delivery_tariff_days"),
                ],
            },
        ),
    ]
