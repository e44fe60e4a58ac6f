"""Does a part fit a car, and who says so.

Suppliers list the cars of a part, some of them under conditions (``shop.catalog.conditions``). What our staff has
checked overrides them. What buyers kept or sent back is told beside the answer and does not change it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import CharField, DateTimeField, Exists, Field, IntegerField, JSONField, OuterRef, Value
from django.db.models.functions import Cast
from django.utils.dateformat import format as format_date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from shop.catalog.conditions import condition_texts, open_conditions
from shop.catalog.frame import frame
from shop.catalog.listed import ListedPart
from shop.catalog.models import CatalogSource, FitCheck, Fitment, FitSales, Part
from shop.lib.statements import Statement
from vehicles.models import Modification


class Fit(StrEnum):
    """The answers. "Not listed" is no "does not fit": sources are never complete; only our staff says that."""

    FITS = "fits"
    CHECK = "check"
    NOT_LISTED = "not-listed"
    DOES_NOT_FIT = "does-not-fit"
    UNIVERSAL = "universal"
    UNKNOWN = "unknown"

    @property
    def word(self) -> str:
        """As a badge says it."""
        return _(_WORDS[self])


@dataclass(frozen=True, slots=True)
class Checked:
    """Somebody of the staff looked; ``by`` is a given name, empty when the person has left."""

    by: str
    at: datetime
    note: str

    @property
    def text(self) -> str:
        """``Перевірено 12.11.2026, Олена``."""
        day = format_date(localtime(self.at), "d.m.Y")
        if self.by:
            return _("Перевірено %(day)s, %(name)s") % {"day": day, "name": self.by}
        return _("Перевірено %(day)s нашим менеджером") % {"day": day}


@dataclass(frozen=True, slots=True)
class Owners:
    """Orders that brought the part to owners of such a car, and how many of them came back."""

    sold: int
    returned: int

    @property
    def text(self) -> str:
        sold = ngettext("Для такого авто купили %(count)d раз", "Для такого авто купили %(count)d разів", self.sold) % {
            "count": self.sold
        }
        if not self.returned:
            return _("%(sold)s, не повернув ніхто") % {"sold": sold}
        return _("%(sold)s, повернули: %(count)d") % {"sold": sold, "count": self.returned}


_WORDS: Final = {
    Fit.FITS: gettext_noop("Підходить"),
    Fit.CHECK: gettext_noop("Перевірте"),
    Fit.NOT_LISTED: gettext_noop("Вашого авто немає в переліку"),
    Fit.DOES_NOT_FIT: gettext_noop("Не підходить"),
    Fit.UNIVERSAL: gettext_noop("Універсальне"),
    Fit.UNKNOWN: gettext_noop("Немає даних про авто"),
}


@dataclass(frozen=True)
class FitAnswer:
    """``ways`` holds, for "check", the sets of conditions of which one has to hold; for "unknown" without a car
    ``is_car_chosen`` is false, else no source says anything about this part at all."""

    fit: Fit
    ways: tuple[tuple[str, ...], ...] = ()
    positions: tuple[str, ...] = ()
    source: CatalogSource | None = None
    is_car_chosen: bool = True
    checked: Checked | None = None
    owners: Owners | None = None

    @property
    def word(self) -> str:
        return self.fit.word

    @property
    def detail(self) -> str:
        """The conditions of each way to fit, else the places on the car."""
        ways = (", ".join(way) for way in self.ways)
        return _("; або ").join(ways) or ", ".join(self.positions)

    @property
    def source_text(self) -> str:
        """Who says so, in a few words; empty when nobody does."""
        if self.checked:
            return self.checked.text
        return self.source.name if self.source else ""

    @property
    def needs_a_second_thought(self) -> bool:
        """Whoever adds such a part to the basket is asked first."""
        return self.fit in (Fit.NOT_LISTED, Fit.DOES_NOT_FIT)


def fit_of(part: Part, car: Modification | None) -> FitAnswer:
    """The answer for one part; ``part`` is read with its category."""
    return fits_for([part], car)[part.pk]


def fits_for(parts: Iterable[Part | ListedPart], car: Modification | None) -> dict[int, FitAnswer]:
    """Answers for many parts by id, in at most two queries; ``parts`` are read with their categories."""
    answers: dict[int, FitAnswer] = {}
    asked: dict[int, int] = {}
    for part in parts:
        if part.category.is_universal:
            answers[part.pk] = FitAnswer(Fit.UNIVERSAL, is_car_chosen=car is not None)
        elif car is None:
            answers[part.pk] = FitAnswer(Fit.UNKNOWN, is_car_chosen=False)
        else:
            asked[part.pk] = part.category_id
    if not asked or car is None:
        return answers
    said = _said_of(asked, car)
    silent = [pk for pk in asked if not said[pk].rows and said[pk].verdict is None]
    listed = set(_with_any_fitment(silent)) if silent else set()
    for pk in asked:
        answers[pk] = _answer(said[pk], is_listed=pk in listed)
    return answers


# What the rows of the one statement are.
_LISTED, _CHECKED, _SOLD = 1, 2, 3


def _nothing(field: "Field[Any, Any]") -> Cast:
    return Cast(Value(None), field)


# One statement instead of three: the three kinds of rows in one shape, NULL where a kind has nothing to say.
_said = Statement(
    lambda car, categories, parts: (
        # The category makes it one walk through the index of (modification, category, part).
        Fitment.objects.filter(modification=car, category__any_of=categories, part__any_of=parts)
        .order_by()
        .values_list(
            "part_id",
            Value(_LISTED, IntegerField()),
            Cast("position", IntegerField()),
            Cast("source_id", IntegerField()),
            "condition__rules",
            _nothing(CharField()),
            _nothing(CharField()),
            _nothing(DateTimeField()),
        )
        .union(
            FitCheck.objects.filter(modification=car, part__any_of=parts)
            .order_by()
            .values_list(
                "part_id",
                Value(_CHECKED, IntegerField()),
                Cast("fits", IntegerField()),
                _nothing(IntegerField()),
                _nothing(JSONField()),
                "note",
                "author__given_name",
                "checked_at",
            ),
            FitSales.objects.filter(modification=car, part__any_of=parts)
            .order_by()
            .values_list(
                "part_id",
                Value(_SOLD, IntegerField()),
                Cast("sold", IntegerField()),
                Cast("returned", IntegerField()),
                _nothing(JSONField()),
                _nothing(CharField()),
                _nothing(CharField()),
                _nothing(DateTimeField()),
            ),
            all=True,
        )
    )
)


@dataclass(frozen=True, slots=True)
class _Row:
    position: int
    source_id: int
    rules: dict[str, Any]


class _Said:
    """Everything that is said of one part and the car."""

    __slots__ = ("checked", "owners", "rows", "verdict")

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.verdict: bool | None = None
        self.checked: Checked | None = None
        self.owners: Owners | None = None


def _said_of(asked: dict[int, int], car: Modification) -> dict[int, _Said]:
    """``asked`` maps a part's id to its category's."""
    said: dict[int, _Said] = defaultdict(_Said)
    for part_id, kind, first, second, rules, note, by, at in _said(
        car=car.pk, categories=list(set(asked.values())), parts=list(asked)
    ):
        about = said[part_id]
        if kind == _LISTED:
            about.rows.append(_Row(first, second, open_conditions(rules, car) if rules else {}))
        elif kind == _CHECKED:
            about.verdict, about.checked = bool(first), Checked(by or "", at, note)
        else:
            about.owners = Owners(first, second)
    return said


def _answer(said: _Said, *, is_listed: bool) -> FitAnswer:
    """The staff's word first; then one row without open conditions is enough to say "fits"."""
    rows = sorted(said.rows, key=lambda row: (row.position, row.source_id))
    plain = [row for row in rows if not row.rules]
    told = rows if said.verdict else plain or rows
    positions = tuple(
        dict.fromkeys(str(Fitment.Position(row.position).label) for row in told if row.position != Fitment.Position.ANY)
    )
    if said.verdict is not None:
        fit = Fit.FITS if said.verdict else Fit.DOES_NOT_FIT
        return FitAnswer(fit, positions=positions if said.verdict else (), checked=said.checked, owners=said.owners)
    if not rows:
        return FitAnswer(Fit.NOT_LISTED if is_listed else Fit.UNKNOWN, owners=said.owners)
    return FitAnswer(
        fit=Fit.FITS if plain else Fit.CHECK,
        ways=() if plain else tuple(dict.fromkeys(tuple(condition_texts(row.rules)) for row in rows)),
        positions=positions,
        source=frame().sources.get(told[0].source_id),
        owners=said.owners,
    )


def _with_any_fitment(part_ids: list[int]) -> Iterable[int]:
    return (
        Part.objects.filter(pk__in=part_ids)
        .filter(Exists(Fitment.objects.filter(part=OuterRef("pk"))))
        .order_by()
        .values_list("pk", flat=True)
    )
