"""What the page of a version tells: where it stands in plain words, how far the work is, what it would change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop.catalog.numbers import brand_key
from shop.offers.models import PriceListVersion, UnknownBrand
from shop.offers.pricelists.reasons import brake_words, reason_words

_Status = PriceListVersion.Status
STATUS_LABELS = {
    _Status.RECEIVED: "info",
    _Status.READING: "info",
    _Status.WAITING: "warning",
    _Status.RELEASED: "info",
    _Status.ACTIVE: "success",
    _Status.REFUSED: "danger",
    _Status.SUPERSEDED: "default",
    _Status.DISCARDED: "default",
}
_MIB = 1024 * 1024
_ROWS_NAMED = 5
_BRANDS_NAMED = 20
# Longer in the queue than this, and a person wonders.
_LONG = timedelta(minutes=2)


@dataclass(frozen=True)
class Step:
    """One stretch of the way. ``percent`` None: under way, nobody can say how far."""

    title: str
    words: str = ""
    percent: int | None = None
    is_done: bool = False
    is_under_way: bool = False


@dataclass(frozen=True)
class Way:
    """How far a version is; the page asks for it until it rests."""

    state: str
    steps: Sequence[Step] = ()
    is_moving: bool = False


@dataclass(frozen=True)
class Reason:
    code: str
    words: str
    count: int
    rows: Sequence[Any] = ()

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


@dataclass(frozen=True)
class Move:
    """A bar of the distribution of price changes; ``share`` is its length, 0 to 100."""

    words: str
    count: int
    share: int
    is_up: bool


@dataclass(frozen=True)
class UnknownName:
    """``url`` leads to the question whose spelling it is; empty when that was answered."""

    name: str
    rows: int
    url: str


@dataclass(frozen=True)
class Report:
    """The trial in the order a person looks at it."""

    counts: Sequence[tuple[str, int, str]]
    rejected: Sequence[Reason]
    ignored: Sequence[Reason]
    median: str
    moves: Sequence[Move]
    jumps: Sequence[dict[str, Any]]
    unknown_brands: Sequence[UnknownName]
    unknown_brands_url: str
    new_parts: int
    unplaced_parts: int
    unplaced_parts_url: str
    speed: str


@dataclass(frozen=True)
class VersionSheet:
    version: PriceListVersion
    way: Way
    variant: str
    brakes: Sequence[str] = ()
    report: Report | None = None
    acts: Sequence[str] = field(default_factory=list)


def sheet_of(version: PriceListVersion) -> VersionSheet:
    """Everything the page of a version shows. Four queries at most."""
    return VersionSheet(
        version=version,
        way=way_of(version),
        variant=STATUS_LABELS[_Status(version.status)],
        brakes=[brake_words(brake) for brake in version.brakes] if version.status == _Status.WAITING else [],
        report=_report(version) if version.trial else None,
    )


def way_of(version: PriceListVersion) -> Way:
    moving = version.status in PriceListVersion.UNFINISHED or (
        version.status == _Status.ACTIVE and not version.is_on_shelf
    )
    return Way(_state(version), _steps(version) if moving else (), moving)


def _state(version: PriceListVersion) -> str:
    switched = _moment(version.switched_at) if version.switched_at else ""
    match version.status:
        case _Status.RECEIVED:
            if timezone.now() - version.received_at > _LONG:
                return _(
                    "Файл чекає, поки завершиться інше завантаження. Він нікуди не дінеться: сторінку можна закрити."
                )
            return _("Файл отримано. За кілька секунд почнеться читання; сторінку можна закрити.")
        case _Status.READING:
            return _("Файл читається. Сторінку можна закрити: робота триватиме й без неї.")
        case _Status.WAITING:
            return _("Файл прочитано, але його ціни ще не діють: потрібне ваше рішення.")
        case _Status.RELEASED:
            return _("Версія вмикається. Сторінку можна закрити: робота триватиме й без неї.")
        case _Status.ACTIVE if not version.is_on_shelf:
            return _("Ціни вже діють; оновлюються списки магазину.")
        case _Status.ACTIVE:
            return _("Діє з %(moment)s.") % {"moment": switched}
        case _Status.SUPERSEDED:
            return _("Була увімкнена %(moment)s; тепер діє інша версія.") % {"moment": switched}
        case _Status.REFUSED:
            return _("Файл не прочитано. %(reason)s") % {"reason": version.refusal}
    return _("Відкинуто: ціни цього файлу не діють.")


def _steps(version: PriceListVersion) -> list[Step]:
    is_return = version.switched_at is not None and version.status == _Status.RELEASED
    is_read = version.bytes_total > 0 and version.bytes_read >= version.bytes_total
    is_active = version.status == _Status.ACTIVE
    steps = []
    if not is_return:
        words = _("%(read)s з %(total)s МБ, рядків: %(rows)s") % {
            "read": _megabytes(version.bytes_read),
            "total": _megabytes(version.bytes_total),
            "rows": number_format(version.rows_read, use_l10n=True, force_grouping=True),
        }
        percent = min(100 * version.bytes_read // version.bytes_total, 100) if version.bytes_total else 0
        is_waiting = version.status == _Status.RECEIVED
        steps.append(Step(_("Читання файлу"), words, percent, is_read or is_active, not is_waiting and not is_read))
        is_compared = is_active or version.rows_merged > 0
        steps.append(Step(_("Порівняння з чинними цінами"), "", None, is_compared, is_read and not is_compared))
    if is_return or is_active or version.status == _Status.RELEASED or not version.is_held:
        changes = sum(version.trial.get(name, 0) for name in ("new", "changed", "vanished"))
        merged = number_format(version.rows_merged, force_grouping=True)
        if is_return or not changes:
            words, share = _("змінено пропозицій: %(count)s") % {"count": merged}, None
        else:
            total = number_format(changes, force_grouping=True)
            words = _("змінено пропозицій: %(count)s з %(total)s") % {"count": merged, "total": total}
            share = min(100 * version.rows_merged // changes, 100)
        under_way = not is_active and (is_return or version.rows_merged > 0)
        steps.append(Step(_("Увімкнення"), words, share, is_active, under_way))
        steps.append(Step(_("Оновлення списків магазину"), "", None, version.is_on_shelf and is_active, is_active))
    return steps


def _report(version: PriceListVersion) -> Report:
    trial = version.trial
    moves = trial.get("price_moves", {})
    return Report(
        counts=[
            (_("нових"), trial["new"], "new"),
            (_("змінених"), trial["changed"], "changed"),
            (_("зниклих"), trial["vanished"], "vanished"),
            (_("без змін"), trial["unchanged"], "unchanged"),
            (_("відхилено рядків"), trial["rows_rejected"], "rejected"),
        ],
        rejected=_reasons(trial.get("rejected_by_reason", {}), _named_rows(version) if trial["rows_rejected"] else {}),
        ignored=_reasons(trial.get("ignored_by_reason", {}), {}),
        median=_percent(moves.get("median_percent", "0")),
        moves=_moves(moves.get("buckets", [])),
        jumps=[jump | {"words": _percent(jump["percent"])} for jump in trial.get("largest_jumps", [])],
        unknown_brands=_unknown_brands(version) if _has(trial, "unknown_brand") else [],
        unknown_brands_url=reverse("admin:offers_unknownbrand_changelist"),
        new_parts=trial.get("new_parts", 0),
        unplaced_parts=trial.get("unplaced_parts", 0),
        unplaced_parts_url=f"{reverse('admin:offers_unplacedpart_changelist')}?{_of_list(version)}",
        speed=_("Прочитано й порівняно за %(seconds)s с: %(rows)s рядків на секунду.")
        % {
            "seconds": number_format(trial.get("seconds", 0)),
            "rows": number_format(trial.get("rows_per_second", 0), force_grouping=True),
        },
    )


def _has(trial: dict[str, Any], reason: str) -> bool:
    return bool(trial.get("rejected_by_reason", {}).get(reason))


def _reasons(counts: dict[str, int], rows: dict[str, list[Any]]) -> list[Reason]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [Reason(code, reason_words(code), count, rows.get(code, [])) for code, count in ordered]


def _named_rows(version: PriceListVersion) -> dict[str, list[Any]]:
    """The first rows of each reason. One query."""
    place = Window(RowNumber(), partition_by=F("reason"), order_by=F("row"))
    named: dict[str, list[Any]] = {}
    for row in version.rejected_rows.annotate(place=place).filter(place__lte=_ROWS_NAMED).order_by("row"):
        named.setdefault(row.reason, []).append(row)
    return named


def _unknown_brands(version: PriceListVersion) -> list[UnknownName]:
    """The names that most rows wait for. Two queries."""
    rows = version.rejected_rows.filter(reason="unknown_brand").order_by().values("value")
    counted = list(rows.annotate(rows=Count("pk")).order_by("-rows", "value")[:_BRANDS_NAMED])
    keys = {row["value"]: brand_key(row["value"])[:60] for row in counted}
    asked = dict(UnknownBrand.objects.filter(key__in=keys.values()).values_list("key", "pk"))
    return [
        UnknownName(
            row["value"],
            row["rows"],
            reverse("admin:offers_unknownbrand_change", args=[asked[key]])
            if (key := keys[row["value"]]) in asked
            else "",
        )
        for row in counted
    ]


def _of_list(version: PriceListVersion) -> str:
    return urlencode({"version__price_list__id__exact": version.price_list_id})


def _moves(buckets: Sequence[dict[str, Any]]) -> list[Move]:
    most = max((bucket["count"] for bucket in buckets), default=0)
    return [
        Move(
            words=_bucket_words(bucket["from"], bucket["to"]),
            count=bucket["count"],
            share=max(100 * bucket["count"] // most, 1) if bucket["count"] else 0,
            is_up=bucket["from"] is not None and bucket["from"] >= 0,
        )
        for bucket in buckets
    ]


def _bucket_words(low: int | None, high: int | None) -> str:
    """``дешевше на 5–10 %``: edges are percents of the former price; the outermost are open."""
    edges = [abs(edge) for edge in (low, high) if edge is not None]
    is_up = low is not None and low >= 0
    told = {"low": min(edges), "high": max(edges)}
    if low is None or high is None:
        return (_("дорожче понад %(low)s %%") if is_up else _("дешевше понад %(low)s %%")) % told
    return (_("дорожче на %(low)s–%(high)s %%") if is_up else _("дешевше на %(low)s–%(high)s %%")) % told


def _percent(text: str) -> str:
    value = float(text)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number_format(abs(value), 2).rstrip('0').rstrip(',.')} %"


def _megabytes(count: int) -> str:
    return number_format(round(count / _MIB, 2 if count < 10 * _MIB else 1))


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "d.m.Y H:i")
