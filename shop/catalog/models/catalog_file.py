"""Files with fitments or numbers that are taken into the catalogue, and what they leave behind."""

from pathlib import PurePath
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.source import CatalogSource


def stored_name(file: "CatalogFile", file_name: str) -> str:
    """A name of ours: what a stranger called the file never becomes a path."""
    suffix = PurePath(file_name).suffix.lower()
    return f"{uuid4().hex}{suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ''}"


def private_files() -> Any:
    """Files that no address leads to."""
    return storages["private"]


class CatalogFile(models.Model):
    """A file of a source on its way: received → read → tried → (a person says "apply") → applied → maybe undone.

    ``applied_at`` says that its claims are in force, whatever it is going through now: an applied file may be read
    again after somebody explained more cars, and adds what is new.
    """

    class Kind(models.TextChoices):
        FITMENT = "fitment", _("придатність до авто")
        NUMBERS = "numbers", _("номери")

    class Status(models.TextChoices):
        RECEIVED = "received", _("отримано")
        READING = "reading", _("читається")
        TRIED = "tried", _("перевірено, чекає на людину")
        APPLYING = "applying", _("застосовується")
        APPLIED = "applied", _("застосовано")
        UNDOING = "undoing", _("скасовується")
        UNDONE = "undone", _("скасовано")
        REFUSED = "refused", _("не прочитано")
        DISCARDED = "discarded", _("відкинуто")

    # A worker holds the advisory lock of these, or died and somebody takes over.
    UNFINISHED: ClassVar = (Status.RECEIVED, Status.READING, Status.APPLYING, Status.UNDOING)
    # DO_NOTHING: a chain that ends in DB_CASCADE may not have Python's on_delete in it. The constraints are real.
    source = models.ForeignKey(CatalogSource, models.DO_NOTHING, related_name="+", verbose_name=_("джерело"))
    kind = models.CharField(_("що у файлі"), max_length=8, choices=Kind.choices)
    name = models.CharField(
        _("назва переліку"),
        max_length=60,
        default="main",
        help_text=_("Новий файл того самого джерела з тією самою назвою — наступна версія переліку."),
    )
    replaces = models.BooleanField(
        _("прибрати зникле"),
        default=False,
        help_text=_("Прибрати те, що твердив попередній файл цього переліку, а цей уже ні. Без позначки лише додаємо."),
    )
    status = models.CharField(_("стан"), max_length=9, choices=Status.choices, default=Status.RECEIVED)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    file = models.FileField(_("файл"), storage=private_files, upload_to=stored_name, max_length=100)
    file_name = models.CharField(_("назва файлу"), max_length=200, blank=True)
    file_hash = models.CharField(max_length=64, editable=False)
    # Progress as it really is: written by the worker in a connection of its own.
    bytes_total = models.BigIntegerField(_("байтів"), default=0)
    bytes_read = models.BigIntegerField(_("прочитано байтів"), default=0)
    rows_read = models.PositiveIntegerField(_("прочитано рядків"), default=0)
    report = models.JSONField(_("звіт"), default=dict, blank=True)
    refusal = models.CharField(_("чому не прочитано"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("отримано"), auto_now_add=True)
    tried_at = models.DateTimeField(_("перевірено"), null=True, blank=True)
    applied_at = models.DateTimeField(_("застосовано"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    needs_person_since = models.DateTimeField(null=True, blank=True, editable=False)
    needs_person_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("файл каталогу")
        verbose_name_plural = _("файли каталогу")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="catalog_file_needs_person",
            ),
            models.Index(
                fields=["status"],
                condition=Q(status__in=["received", "reading", "applying", "undoing"]),
                name="catalog_file_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} · {self.file_name or self.name}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in self.UNFINISHED

    @property
    def is_in_force(self) -> bool:
        return self.applied_at is not None


class CatalogFileRow(models.Model):
    """A row of a file, or a part of it, that became no claim, and why. ``row`` is its number in the file, from 1."""

    file = models.ForeignKey(CatalogFile, models.DB_CASCADE, related_name="rejected_rows")
    row = models.PositiveIntegerField(_("рядок"))
    reason = models.CharField(_("причина"), max_length=40)
    value = models.CharField(_("значення"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("відхилений рядок")
        verbose_name_plural = _("відхилені рядки")
        ordering: ClassVar = ["row", "pk"]


class CatalogFileClaims(models.Model):
    """Ids of the rows of one bulk table that stand because of a file: ten thousand a row, so the tables stay narrow.

    A row that several files claim is in the ledger of each and goes with the last of them; one that was there before
    any file is in none and is never taken away.
    """

    class Table(models.IntegerChoices):
        FITMENT = 1
        OE_NUMBER = 2
        CROSS_REFERENCE = 3
        BARCODE = 4

    file = models.ForeignKey(CatalogFile, models.DB_CASCADE, related_name="claims")
    table = models.PositiveSmallIntegerField(choices=Table.choices)
    ids = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("твердження файлу")
        verbose_name_plural = _("твердження файлів")


class CatalogFileRemoval(models.Model):
    """Rows that a file took away because the former one of its list claimed them: whole, so that it can be undone."""

    file = models.ForeignKey(CatalogFile, models.DB_CASCADE, related_name="removals")
    table = models.PositiveSmallIntegerField(choices=CatalogFileClaims.Table.choices)
    rows = models.JSONField()

    class Meta:
        verbose_name = _("прибране файлом")
        verbose_name_plural = _("прибране файлами")


class CarText(models.Model):
    """Words for a car that nobody but a person can read for sure, and, once answered, the rule that reads them.

    ``modifications`` of a settled text are what the same words mean in every next file; ``candidates`` are ours.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("чекає відповіді")
        SETTLED = "settled", _("відомо, що це")
        REFUSED = "refused", _("не наше авто")

    class Reason(models.TextChoices):
        UNKNOWN_MAKE = "unknown_make", _("марки немає в довіднику")
        UNKNOWN_MODEL = "unknown_model", _("моделі немає в довіднику")
        UNKNOWN_GENERATION = "unknown_generation", _("покоління немає в довіднику")
        UNKNOWN_ENGINE = "unknown_engine", _("такого двигуна немає в довіднику")
        SEVERAL_MODELS = "several_models", _("підходить кілька моделей")
        SEVERAL_GENERATIONS = "several_generations", _("підходить кілька поколінь")
        SEVERAL_ENGINES = "several_engines", _("підходить кілька двигунів")
        UNKNOWN_WORDS = "unknown_words", _("є слова, яких ми не розуміємо")

    key = models.CharField(max_length=64, unique=True, editable=False)
    text = models.CharField(_("слова файлу"), max_length=500)
    # The cells by field, as ``loading.described`` names them: years among them stay a condition of every answer.
    cells = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    status = models.CharField(_("стан"), max_length=8, choices=Status.choices, default=Status.OPEN)
    reason = models.CharField(_("чому не впізнали"), max_length=20, choices=Reason.choices)
    candidates = ArrayField(models.BigIntegerField(), default=list, blank=True)
    modifications = ArrayField(models.BigIntegerField(), default=list, blank=True)
    rows = models.PositiveIntegerField(_("рядків"), default=0)
    file = models.ForeignKey(
        CatalogFile, models.DB_SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("де бачили")
    )
    seen_at = models.DateTimeField(_("востаннє бачили"), db_default=Now())
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    decided_at = models.DateTimeField(_("коли"), null=True, blank=True)

    class Meta:
        verbose_name = _("невпізнане авто")
        verbose_name_plural = _("невпізнані авто")
        ordering: ClassVar = ["-rows", "pk"]
        indexes: ClassVar = [models.Index(fields=["status", "-rows"], name="car_text_queue")]

    def __str__(self) -> str:
        return self.text
