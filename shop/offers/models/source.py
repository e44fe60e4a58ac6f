"""Where the files of a price list come from by themselves, and which files were taken already."""

import re
from datetime import datetime, time, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.lib.crypto import EncryptedTextField
from shop.offers.models.price_list import PriceList

# Monday to Friday in Kyiv, when somebody is there to look at what came.
WORK_BEGINS, WORK_ENDS = time(8), time(19)
_SATURDAY = 5
# A source that failed is asked again soon, whatever its timetable says.
RETRY_AFTER = timedelta(minutes=15)
# So many failures in a row are a person's business.
PATIENCE = 3

_PATTERN = re.compile(r"[^/\\\0]+(?:/[^/\\\0]+)*")


def validate_pattern(value: str) -> None:
    """A path below one folder: no way up, nothing hidden, wildcards in the last part only."""
    *folders, _name = value.split("/")
    if (
        not _PATTERN.fullmatch(value)
        or any(part.startswith(".") for part in value.split("/"))
        or any(sign in folder for folder in folders for sign in "*?[")
    ):
        raise ValidationError(_("Вкажіть назву файлу, можна з зірочкою: «price*.xlsx» або «папка/price*.csv»."))


class PriceListSource(models.Model):
    """A folder, an address or a mailbox that is looked at by a timetable; what is new there becomes a version."""

    class Kind(models.TextChoices):
        FOLDER = "folder", _("папка")
        URL = "url", _("адреса в інтернеті")
        MAIL = "mail", _("пошта")

    class Problem(models.TextChoices):
        """What went wrong at the last look, in words for staff."""

        NOT_CONFIGURED = "not_configured", _("На сервері не налаштовано папку чи скриньку для прайсів.")
        NO_FOLDER = "no_folder", _("Папки немає або її не можна прочитати.")
        UNREACHABLE = "unreachable", _("Сервер не відповідає.")
        TIMEOUT = "timeout", _("Сервер відповідає надто повільно: файл не встиг завантажитися.")
        BROKEN_OFF = "broken_off", _("З’єднання обірвалося посеред файлу.")
        REFUSED_LOGIN = "refused_login", _("Логін чи пароль не підійшов.")
        NOT_FOUND = "not_found", _("Файлу за цією адресою немає.")
        SERVER_ERROR = "server_error", _("Сервер відповів помилкою.")
        PRIVATE_ADDRESS = (
            "private_address",
            _("Адреса веде не в інтернет, а у внутрішню мережу, або не захищена (https)."),
        )
        TOO_MANY_REDIRECTS = "too_many_redirects", _("Адреса переспрямовує надто багато разів.")
        TOO_LARGE = "too_large", _("Файл завеликий.")
        EMPTY = "empty", _("Файл порожній.")
        WEB_PAGE = "web_page", _("Замість файлу надійшла вебсторінка: перевірте адресу чи вхід.")
        UNPROVEN_SENDER = (
            "unproven_sender",
            _("Лист не пройшов перевірку відправника (SPF чи DKIM), тому його не взято."),
        )
        NO_ATTACHMENT = "no_attachment", _("У листі немає файлу з такою назвою.")
        NO_MAILBOX = "no_mailbox", _("У скриньці немає такої папки.")

    # DO_NOTHING and DB_CASCADE as everywhere around offers; the constraint is real.
    price_list = models.OneToOneField(PriceList, models.DB_CASCADE, related_name="source", verbose_name=_("прайс-лист"))
    kind = models.CharField(_("звідки"), max_length=6, choices=Kind.choices, default=Kind.FOLDER)
    file_pattern = models.CharField(
        _("назва файлу"),
        max_length=200,
        default="*",
        validators=[validate_pattern],
        help_text=_("Зірочка замінює будь-які літери: «price*.xlsx». Для папки можна з підпапкою: «acme/*.csv»."),
    )
    url = models.CharField(
        _("адреса"), max_length=500, blank=True, validators=[URLValidator(schemes=["https", "http"])]
    )
    login = models.CharField(_("логін"), max_length=100, blank=True)
    password = EncryptedTextField(_("пароль"), blank=True)
    sender = models.EmailField(
        _("адреса відправника"), blank=True, help_text=_("Листи лише з цієї адреси, збіг точний.")
    )
    every_minutes = models.PositiveSmallIntegerField(
        _("кожні, хв"),
        null=True,
        blank=True,
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
    )
    at_hour = models.PositiveSmallIntegerField(
        _("щодня о, год"), null=True, blank=True, validators=[MaxValueValidator(23)]
    )
    in_working_hours = models.BooleanField(
        _("лише в робочий час"), default=False, help_text=_("Понеділок – п’ятниця, 8:00–19:00.")
    )
    is_active = models.BooleanField(_("перевіряти"), default=True)

    due_at = models.DateTimeField(_("наступна перевірка"), default=timezone.now, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False, help_text="A worker is at it.")
    last_checked_at = models.DateTimeField(_("перевірено"), null=True, blank=True, editable=False)
    last_fetched_at = models.DateTimeField(_("взято файл"), null=True, blank=True, editable=False)
    last_problem = models.CharField(_("проблема"), max_length=20, choices=Problem.choices, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    memory = models.JSONField(default=dict, editable=False, help_text="What the next look needs: ETag, sizes of files.")
    needs_person_since = models.DateTimeField(null=True, blank=True, editable=False)
    needs_person_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("джерело прайс-листа")
        verbose_name_plural = _("джерела прайс-листів")
        ordering: ClassVar = ["price_list"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(every_minutes__isnull=False, at_hour__isnull=True)
                | Q(every_minutes__isnull=True, at_hour__isnull=False),
                name="source_one_timetable",
                violation_error_message=_("Вкажіть одне: кожні скільки хвилин або о котрій годині щодня."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(is_active=True), name="source_due"),
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="source_needs_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} № {self.pk}"

    def next_look(self, now: datetime) -> datetime:
        """When its timetable says to look again after ``now``."""
        if self.every_minutes is not None:
            then = now + timedelta(minutes=self.every_minutes)
        else:
            local = timezone.localtime(now)
            then = local.replace(hour=self.at_hour or 0, minute=0, second=0, microsecond=0)
            if then <= local:
                then += timedelta(days=1)
        return _next_working_time(then) if self.in_working_hours else then


def _next_working_time(moment: datetime) -> datetime:
    local = timezone.localtime(moment)
    if local.time() >= WORK_ENDS:
        local = (local + timedelta(days=1)).replace(hour=WORK_BEGINS.hour, minute=0, second=0, microsecond=0)
    elif local.time() < WORK_BEGINS:
        local = local.replace(hour=WORK_BEGINS.hour, minute=0, second=0, microsecond=0)
    while local.weekday() >= _SATURDAY:
        local = (local + timedelta(days=1)).replace(hour=WORK_BEGINS.hour, minute=0, second=0, microsecond=0)
    return local


class TakenFile(models.Model):
    """A file that was taken from a source, or passed over there: never looked at twice. ``mark`` is a hash."""

    source = models.ForeignKey(PriceListSource, models.DB_CASCADE, related_name="taken_files")
    mark = models.CharField(max_length=64)
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("взятий файл")
        verbose_name_plural = _("взяті файли")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "mark"], name="taken_file_once")]

    def __str__(self) -> str:
        return self.mark[:12]
