"""Settlements, carriers and their pick-up points, kept here so that checkout never waits on a carrier's server."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.lib.money import MoneyField
from shop.lib.names import in_language


class Settlement(models.Model):
    """A town of Ukraine under its current official name."""

    slug = models.SlugField(max_length=80, unique=True)
    name_uk = models.CharField(_("назва"), max_length=100)
    name_en = models.CharField(_("англійською"), max_length=100, blank=True)
    name_sort = models.CharField(max_length=400, editable=False, db_collation="C")
    oblast_uk = models.CharField(_("область"), max_length=100)
    oblast_en = models.CharField(_("область англійською"), max_length=100, blank=True)
    population = models.PositiveIntegerField(_("населення"), default=0)
    lat = models.DecimalField(_("широта"), max_digits=6, decimal_places=2)
    lon = models.DecimalField(_("довгота"), max_digits=6, decimal_places=2)
    katottg = models.CharField("КАТОТТГ", max_length=19, blank=True)

    class Meta:
        verbose_name = _("населений пункт")
        verbose_name_plural = _("населені пункти")
        ordering: ClassVar = ["name_sort"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def oblast(self) -> str:
        return in_language(self, "oblast")


class Carrier(models.Model):
    """Nova Poshta, Ukrposhta …; ``self-pickup`` is our own counter."""

    code = models.SlugField(_("код"), unique=True)
    name_uk = models.CharField(_("назва"), max_length=60)
    name_en = models.CharField(_("англійською"), max_length=60, blank=True)
    is_active = models.BooleanField(_("працює"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)
    # When its own directory of points was last read to the end.
    directory_at = models.DateTimeField(_("довідник оновлено"), null=True, blank=True, editable=False)
    needs_person_since = models.DateTimeField(null=True, blank=True, editable=False)
    needs_person_reason = models.CharField(max_length=200, blank=True, default="", editable=False)

    NOVA_POSHTA = "nova-poshta"
    UKRPOSHTA = "ukrposhta"
    MEEST = "meest"
    SELF_PICKUP = "self-pickup"

    class Meta:
        verbose_name = _("перевізник")
        verbose_name_plural = _("перевізники")
        ordering: ClassVar = ["name_uk"]
        indexes: ClassVar = [
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="carrier_needs_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")


class PickupPointQuerySet(models.QuerySet["PickupPoint"]):
    def open(self) -> "PickupPointQuerySet":
        return self.filter(is_active=True, closed_at__isnull=True, carrier__is_active=True)

    def of(self, carrier_code: str) -> "PickupPointQuerySet":
        return self.filter(carrier__code=carrier_code)


class PickupPoint(models.Model):
    """A branch, parcel locker or shop counter where a parcel waits for its receiver.

    ``code`` is the carrier's own key of the point. ``city_ref`` goes into waybills and prices, ``settlement_ref`` names
    the town in its directory: with Nova Poshta these are different things. ``is_active`` is the word of our staff,
    ``closed_at`` that of the carrier.
    """

    class Kind(models.TextChoices):
        BRANCH = "branch", _("відділення")
        LOCKER = "locker", _("поштомат")
        STORE = "store", _("магазин")

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="points", verbose_name=_("перевізник"))
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="points", verbose_name=_("населений пункт"))
    code = models.CharField(_("код"), max_length=60)
    kind = models.CharField(_("вид"), max_length=10, choices=Kind.choices)
    name_uk = models.CharField(_("назва"), max_length=120)
    name_en = models.CharField(_("англійською"), max_length=120, blank=True)
    address_uk = models.CharField(_("адреса"), max_length=200)
    max_weight_kg = models.DecimalField(_("вага до, кг"), max_digits=6, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(_("працює"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)
    city_ref = models.CharField(max_length=40, blank=True, default="", editable=False)
    settlement_ref = models.CharField(max_length=40, blank=True, default="", editable=False)
    in_directory = models.BooleanField(default=False, editable=False)
    closed_at = models.DateTimeField(_("перевізник закрив"), null=True, blank=True, editable=False)

    objects = PickupPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("пункт видачі")
        verbose_name_plural = _("пункти видачі")
        ordering: ClassVar = ["carrier", "settlement", "kind", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carrier", "code"], name="pickup_point_code_of_carrier"),
            # Lets an order say "this point of this carrier in this settlement" in one foreign key.
            models.UniqueConstraint(fields=["id", "carrier", "settlement"], name="pickup_point_place"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.address_uk}"

    @property
    def name(self) -> str:
        return in_language(self, "name")


class Way(models.TextChoices):
    """Ways of delivery, as orders call them."""

    NOVA_POSHTA = "nova-poshta", _("Нова пошта: відділення або поштомат")
    NOVA_POSHTA_DOOR = "nova-poshta-door", _("Нова пошта: кур’єр на адресу")
    UKRPOSHTA = "ukrposhta", _("Укрпошта: відділення")
    MEEST = "meest", _("Meest: відділення")
    COURIER = "courier", _("наш кур’єр на адресу")
    PICKUP = "self-pickup", _("самовивіз")


class CarrierLimit(models.Model):
    """What a way of delivery takes. The row of a kind of points stands beside that of the way, and both hold."""

    way = models.CharField(_("спосіб доставки"), max_length=20, choices=Way.choices)
    point_kind = models.CharField(_("лише пункти виду"), max_length=10, choices=PickupPoint.Kind.choices, blank=True)
    max_weight_kg = models.DecimalField(
        _("вага до, кг"), max_digits=8, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    max_value = MoneyField(_("вартість до, ₴"), null=True, blank=True, validators=[MinValueValidator(0)])
    takes_cash = models.BooleanField(_("приймає оплату за товар"), default=True)
    takes_liquids = models.BooleanField(_("приймає рідини"), default=True)
    takes_glass = models.BooleanField(_("приймає скло"), default=True)
    takes_batteries = models.BooleanField(_("приймає акумулятори"), default=True)

    class Meta:
        verbose_name = _("обмеження доставки")
        verbose_name_plural = _("обмеження доставки")
        ordering: ClassVar = ["way", "point_kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["way", "point_kind"], name="carrier_limit_once"),
            models.CheckConstraint(
                condition=Q(max_weight_kg__isnull=True) | Q(max_weight_kg__gt=0), name="carrier_limit_weight"
            ),
            models.CheckConstraint(
                condition=Q(max_value__isnull=True) | Q(max_value__gt=0), name="carrier_limit_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.get_point_kind_display()}".strip()


class DeliveryTariff(models.Model):
    """What a parcel of up to ``max_weight_kg`` costs, in hryvnias. Our own courier goes only where he has a price."""

    class Zone(models.TextChoices):
        TOWN = "town", _("у місті відправлення")
        COUNTRY = "country", _("по Україні")

    way = models.CharField(_("спосіб доставки"), max_length=20, choices=Way.choices)
    zone = models.CharField(_("куди"), max_length=10, choices=Zone.choices)
    max_weight_kg = models.DecimalField(
        _("вага до, кг"), max_digits=8, decimal_places=3, validators=[MinValueValidator(0)]
    )
    price = MoneyField(_("ціна"), validators=[MinValueValidator(0)])
    free_from = MoneyField(
        _("безкоштовно від суми"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Лише для нашого кур’єра: за перевезення чужим платить отримувач."),
    )
    days_from = models.PositiveSmallIntegerField(_("днів від"))
    days_to = models.PositiveSmallIntegerField(_("днів до"))
    by_hand = models.BooleanField(
        _("ціну змінюють вручну"),
        default=False,
        help_text=_("Без позначки ціну щоночі беремо в перевізника, якщо він її повідомляє."),
    )

    class Meta:
        verbose_name = _("тариф доставки")
        verbose_name_plural = _("тарифи доставки")
        ordering: ClassVar = ["way", "zone", "max_weight_kg"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["way", "zone", "max_weight_kg"], name="delivery_tariff_once"),
            models.CheckConstraint(condition=Q(max_weight_kg__gt=0, price__gte=0), name="delivery_tariff_sums"),
            models.CheckConstraint(
                condition=Q(free_from__isnull=True) | Q(way="courier", free_from__gte=0),
                name="delivery_tariff_free_courier",
            ),
            models.CheckConstraint(condition=Q(days_from__lte=F("days_to")), name="delivery_tariff_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}, {self.get_zone_display()}, {self.max_weight_kg.normalize():f}"
