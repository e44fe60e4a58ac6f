"""A supplier's named price list and the versions of it that were taken in."""

from datetime import timedelta
from pathlib import PurePath
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Brand
from shop.offers.models.supplier import Supplier


class PriceList(models.Model):
    """A named list of a supplier, ours when it has none: how its files are read, and when they must wait for a person.

    Offers belong to the list, not to a version of it: a new version changes only what differs.
    """

    # DO_NOTHING: a chain that ends in DB_CASCADE may not have Python's on_delete in it. The constraint is real.
    supplier = models.ForeignKey(
        Supplier, models.DO_NOTHING, null=True, blank=True, related_name="price_lists", verbose_name=_("постачальник")
    )
    name = models.CharField(_("прайс"), max_length=60, default="main")
    reading = models.JSONField(
        _("як читати"), default=dict, blank=True, help_text=_("Запам'ятоване розташування колонок останнього файлу.")
    )
    prices_include_vat = models.BooleanField(_("ціни з ПДВ"), default=True)
    vat_percent = models.DecimalField(_("ПДВ, %"), max_digits=4, decimal_places=2, default=20)
    creates_parts = models.BooleanField(
        _("додавати нові деталі"),
        default=True,
        help_text=_("Невідомий артикул відомого бренда стає деталлю каталогу, коли з назви зрозуміла категорія."),
    )
    # Brakes: beyond these the version waits for a person.
    most_vanished_percent = models.PositiveSmallIntegerField(
        _("гальмо: зникло рядків, %"), default=20, validators=[MaxValueValidator(100)]
    )
    most_price_move_percent = models.PositiveSmallIntegerField(
        _("гальмо: зсув медіани цін, %"), default=15, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    most_rejected_percent = models.PositiveSmallIntegerField(
        _("гальмо: відхилено рядків, %"), default=30, validators=[MaxValueValidator(100)]
    )
    max_age_days = models.PositiveSmallIntegerField(
        _("чинний, днів"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Старіші пропозиції не продаються, поки не надійде новий файл. Порожнє — без строку."),
    )
    fresh_until = models.DateTimeField(_("чинний до"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("прайс-лист")
        verbose_name_plural = _("прайс-листи")
        ordering: ClassVar = ["supplier__name", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "name"], name="price_list_name_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(vat_percent__gte=0, vat_percent__lt=100), name="price_list_vat_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier or _('Наш склад')} · {self.name}"

    @property
    def max_age(self) -> timedelta | None:
        return timedelta(days=self.max_age_days) if self.max_age_days else None


def _stored_name(version: "PriceListVersion", file_name: str) -> str:
    """A name of ours: what a stranger called the file never becomes a path."""
    suffix = PurePath(file_name).suffix.lower()
    return f"{uuid4().hex}{suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ''}"


def private_files() -> Any:
    """Files that no address leads to."""
    return storages["private"]


class PriceListVersionQuerySet(models.QuerySet["PriceListVersion"]):
    def to_be_run(self) -> "list[int]":
        """Ids of versions with work left, the oldest of each supplier."""
        waiting = self.filter(
            Q(status__in=PriceListVersion.UNFINISHED) | Q(status=PriceListVersion.Status.ACTIVE, is_on_shelf=False)
        )
        oldest: dict[int | None, int] = {}
        for pk, supplier in waiting.order_by("pk").values_list("pk", "price_list__supplier"):
            oldest.setdefault(supplier, pk)
        return list(oldest.values())


class PriceListVersion(models.Model):
    """One file of a named list on its way: received → read → tried → (waits for a person) → in force → replaced.

    The rows of versions that were in force are kept in ``VersionOffers``; the last ten can be put in force again.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("отримано")
        READING = "reading", _("читається")
        WAITING = "waiting", _("чекає на людину")
        RELEASED = "released", _("вмикається")
        ACTIVE = "active", _("діє")
        SUPERSEDED = "superseded", _("замінений")
        REFUSED = "refused", _("не прочитано")
        DISCARDED = "discarded", _("відкинуто")

    class Origin(models.TextChoices):
        UPLOAD = "upload", _("завантажив працівник")
        FOLDER = "folder", _("з папки")
        URL = "url", _("за адресою")
        MAIL = "mail", _("з пошти")
        COMMAND = "command", _("з командного рядка")

    # A worker holds the advisory lock of these, or died and somebody takes over.
    UNFINISHED: ClassVar = (Status.RECEIVED, Status.READING, Status.RELEASED)

    price_list = models.ForeignKey(PriceList, models.DB_CASCADE, related_name="versions", verbose_name=_("прайс-лист"))
    number = models.PositiveIntegerField(_("версія"))
    status = models.CharField(_("стан"), max_length=10, choices=Status.choices, default=Status.RECEIVED)
    origin = models.CharField(_("звідки"), max_length=7, choices=Origin.choices, default=Origin.UPLOAD)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    file = models.FileField(_("файл"), storage=private_files, upload_to=_stored_name, max_length=100, blank=True)
    file_name = models.CharField(_("назва файлу"), max_length=200, blank=True)
    file_hash = models.CharField(max_length=64, blank=True, editable=False)
    is_held = models.BooleanField(
        _("спершу показати"), default=False, help_text=_("Не вмикати без людини, навіть коли гальма мовчать.")
    )
    reading = models.JSONField(_("як прочитано"), default=dict, blank=True)
    # Progress as it really is: written by the import in a connection of its own.
    bytes_total = models.BigIntegerField(_("байтів"), default=0)
    bytes_read = models.BigIntegerField(_("прочитано байтів"), default=0)
    rows_read = models.PositiveIntegerField(_("прочитано рядків"), default=0)
    rows_merged = models.PositiveIntegerField(_("зведено рядків"), default=0)
    trial = models.JSONField(_("пробний прохід"), default=dict, blank=True)
    brakes = models.JSONField(_("гальма"), default=list, blank=True)
    refusal = models.CharField(_("чому не прочитано"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("отримано"), auto_now_add=True)
    tried_at = models.DateTimeField(_("перевірено"), null=True, blank=True)
    switched_at = models.DateTimeField(_("увімкнено"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    is_on_shelf = models.BooleanField(default=False, editable=False, help_text="The shelf shows its prices.")
    needs_person_since = models.DateTimeField(null=True, blank=True, editable=False)
    needs_person_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = PriceListVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("версія прайс-листа")
        verbose_name_plural = _("версії прайс-листів")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["price_list", "number"], name="price_list_version_once"),
            models.UniqueConstraint(
                fields=["price_list"], condition=Q(status="active"), name="price_list_one_active_version"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="version_needs_person",
            ),
            models.Index(
                fields=["status"],
                condition=Q(status__in=["received", "reading", "released"]) | Q(status="active", is_on_shelf=False),
                name="version_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} · {self.number}"


class RejectedRow(models.Model):
    """A row of a file that did not become an offer, and why. ``row`` is its number in the file, from 1."""

    version = models.ForeignKey(PriceListVersion, models.DB_CASCADE, related_name="rejected_rows")
    row = models.PositiveIntegerField(_("рядок"))
    reason = models.CharField(_("причина"), max_length=40)
    field = models.CharField(_("колонка"), max_length=20, blank=True)
    value = models.CharField(_("значення"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("відхилений рядок")
        verbose_name_plural = _("відхилені рядки")
        ordering: ClassVar = ["row"]


class VersionOffers(models.Model):
    """Up to ten thousand offers of a version, a column an array: narrow, compressed, gone with one small DELETE."""

    version = models.ForeignKey(PriceListVersion, models.DB_CASCADE, related_name="chunks")
    chunk = models.PositiveIntegerField()
    part_ids = ArrayField(models.BigIntegerField())
    warehouse_ids = ArrayField(models.BigIntegerField())
    purchase_prices = ArrayField(models.DecimalField(max_digits=12, decimal_places=2))
    currencies = ArrayField(models.CharField(max_length=3))
    pieces = ArrayField(models.IntegerField(null=True))
    at_least = ArrayField(models.BooleanField())
    lead_days = ArrayField(models.SmallIntegerField())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "chunk"], name="version_offers_chunk_once")]


class UnknownBrand(models.Model):
    """A brand name in price lists that nobody knows: a person says whose spelling it is, or makes the brand."""

    name = models.CharField(_("написання"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)
    rows = models.PositiveIntegerField(_("рядків"), default=0)
    version = models.ForeignKey(
        PriceListVersion, models.DB_SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("де бачили")
    )
    is_ignored = models.BooleanField(_("не торгуємо"), default=False)
    seen_at = models.DateTimeField(_("востаннє бачили"), db_default=Now())

    class Meta:
        verbose_name = _("невідомий бренд")
        verbose_name_plural = _("невідомі бренди")
        ordering: ClassVar = ["is_ignored", "-rows"]

    def __str__(self) -> str:
        return self.name


class UnplacedPart(models.Model):
    """An article of a known brand that the catalogue lacks, whose category nobody could tell from its name."""

    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", verbose_name=_("бренд"))
    article_key = models.CharField(max_length=60, editable=False)
    article_number = models.CharField(_("артикул"), max_length=60)
    name = models.CharField(_("назва"), max_length=200)
    version = models.ForeignKey(
        PriceListVersion, models.DB_SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("де бачили")
    )
    seen_at = models.DateTimeField(_("бачили"), db_default=Now())

    class Meta:
        verbose_name = _("деталь без категорії")
        verbose_name_plural = _("деталі без категорії")
        ordering: ClassVar = ["brand", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "article_key"], name="unplaced_part_once"),
        ]

    def __str__(self) -> str:
        return self.article_number
