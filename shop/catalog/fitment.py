"""Does a part fit a car, under which conditions, and who says so.

``FitmentCondition.rules`` is a JSON object whose keys are those of ``CONDITIONS``; all of them must hold. A fitment
without a condition fits as it is. Values are plain: text, a number, or a month as ``YYYY-MM``.

| key | value | means |
| --- | --- | --- |
| ``axle`` | ``front``, ``rear`` | for this axle only |
| ``side`` | ``left``, ``right`` | for this side only |
| ``brake_system`` | ``"TRW"`` | cars with brakes of this maker |
| ``disc_mm`` | ``288`` | cars with brake discs of this diameter, mm |
| ``built_from``, ``built_to`` | ``"2015-05"`` | cars built from, up to and including this month |
| ``engine_code`` | ``"CLHA"`` | cars with this engine |
| ``with``, ``without`` | a key of ``EQUIPMENT`` | cars that have, have not this equipment |
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.catalog.frame import frame
from shop.catalog.listed import ListedPart
from shop.catalog.models import CatalogSource, Fitment, Part
from vehicles.models import Modification

# msgids; ``%(value)s`` is the value as people read it.
CONDITIONS: Final = {
    "axle": gettext_noop("вісь: %(value)s"),
    "side": gettext_noop("сторона: %(value)s"),
    "brake_system": gettext_noop("гальмівна система %(value)s"),
    "disc_mm": gettext_noop("діаметр гальмівного диска %(value)s мм"),
    "built_from": gettext_noop("авто, випущені з %(value)s"),
    "built_to": gettext_noop("авто, випущені до %(value)s включно"),
    "engine_code": gettext_noop("двигун %(value)s"),
    "with": gettext_noop("лише якщо є: %(value)s"),
    "without": gettext_noop("лише якщо немає: %(value)s"),
}
EQUIPMENT: Final = {
    "sport-suspension": gettext_noop("спортивна підвіска"),
    "air-conditioning": gettext_noop("кондиціонер"),
    "start-stop": gettext_noop("система старт-стоп"),
    "electric-parking-brake": gettext_noop("електричне стоянкове гальмо"),
    "wear-sensor": gettext_noop("датчик зносу колодок"),
    "xenon-headlights": gettext_noop("ксенонові фари"),
    "parking-sensors": gettext_noop("датчики паркування"),
    "automatic-gearbox": gettext_noop("автоматична коробка передач"),
}
_PLACES: Final = {
    "front": gettext_noop("передня"),
    "rear": gettext_noop("задня"),
    "left": gettext_noop("ліва"),
    "right": gettext_noop("права"),
}


class Fit(StrEnum):
    """The five answers. "Not listed" is no "does not fit": sources are never complete."""

    FITS = "fits"
    CHECK = "check"
    NOT_LISTED = "not-listed"
    UNIVERSAL = "universal"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FitAnswer:
    """``ways`` holds, for "check", the sets of conditions of which one has to hold; for "unknown" without a car
    ``is_car_chosen`` is false, else no source says anything about this part at all."""

    fit: Fit
    ways: tuple[tuple[str, ...], ...] = ()
    positions: tuple[str, ...] = ()
    source: CatalogSource | None = None
    is_car_chosen: bool = True

    @property
    def word(self) -> str:
        return {
            Fit.FITS: _("Підходить"),
            Fit.CHECK: _("Перевірте"),
            Fit.NOT_LISTED: _("Вашого авто немає в переліку"),
            Fit.UNIVERSAL: _("Універсальне"),
            Fit.UNKNOWN: _("Немає даних про авто"),
        }[self.fit]

    @property
    def detail(self) -> str:
        """The conditions of each way to fit, else the places on the car."""
        ways = (", ".join(way) for way in self.ways)
        return _("; або ").join(ways) or ", ".join(self.positions)


def fit_of(part: Part, car: Modification | None) -> FitAnswer:
    """The answer for one part; ``part`` is read with its category."""
    return fits_for([part], car)[part.pk]


def fits_for(parts: Iterable[Part | ListedPart], car: Modification | None) -> dict[int, FitAnswer]:
    """Answers for many parts by id, in at most two queries; ``parts`` are read with their categories."""
    answers: dict[int, FitAnswer] = {}
    asked: list[int] = []
    for part in parts:
        if part.category.is_universal:
            answers[part.pk] = FitAnswer(Fit.UNIVERSAL, is_car_chosen=car is not None)
        elif car is None:
            answers[part.pk] = FitAnswer(Fit.UNKNOWN, is_car_chosen=False)
        else:
            asked.append(part.pk)
    if not asked or car is None:
        return answers
    rows: dict[int, list[_Row]] = defaultdict(list)
    fitments = Fitment.objects.filter(modification=car, part__in=asked).order_by("position", "id")
    for part_id, position, source_id, rules in fitments.values_list(
        "part_id", "position", "source_id", "condition__rules"
    ):
        rows[part_id].append(_Row(position, source_id, _still_open(rules or {}, car)))
    silent = [pk for pk in asked if pk not in rows]
    listed = set(_with_any_fitment(silent)) if silent else set()
    for pk in asked:
        if pk in rows:
            answers[pk] = _answer(rows[pk])
        else:
            answers[pk] = FitAnswer(Fit.NOT_LISTED if pk in listed else Fit.UNKNOWN)
    return answers


@dataclass(frozen=True)
class _Row:
    position: int
    source_id: int
    rules: Mapping[str, Any]


def _answer(rows: list[_Row]) -> FitAnswer:
    """One row without open conditions is enough to say "fits"."""
    plain = [row for row in rows if not row.rules]
    told = plain or rows
    return FitAnswer(
        fit=Fit.FITS if plain else Fit.CHECK,
        ways=() if plain else tuple(dict.fromkeys(tuple(condition_texts(row.rules)) for row in rows)),
        positions=tuple(
            dict.fromkeys(
                str(Fitment.Position(row.position).label) for row in told if row.position != Fitment.Position.ANY
            )
        ),
        source=frame().sources.get(told[0].source_id),
    )


def _still_open(rules: Mapping[str, Any], car: Modification) -> dict[str, Any]:
    """The conditions that the car itself does not answer; where its own data leaves a doubt, a person looks."""
    answered = {
        "engine_code": [rules.get("engine_code")] == car.engine_codes,
        "built_from": f"{car.produced_from:%Y-%m}" >= str(rules.get("built_from")),
        "built_to": car.produced_to is not None and f"{car.produced_to:%Y-%m}" <= str(rules.get("built_to")),
    }
    return {key: value for key, value in rules.items() if not answered.get(key)}


def _with_any_fitment(part_ids: list[int]) -> Iterable[int]:
    return (
        Part.objects.filter(pk__in=part_ids)
        .filter(Exists(Fitment.objects.filter(part=OuterRef("pk"))))
        .order_by()
        .values_list("pk", flat=True)
    )


def condition_texts(rules: Mapping[str, str | int]) -> list[str]:
    """What must hold, in the page’s language and the order of ``CONDITIONS``; unknown keys are shown as they are."""
    known = [_(text) % {"value": _value_text(key, rules[key])} for key, text in CONDITIONS.items() if key in rules]
    return known + [f"{key}: {value}" for key, value in rules.items() if key not in CONDITIONS]


def _value_text(key: str, value: str | int) -> str:
    text = str(value)
    if key in ("axle", "side"):
        return _(_PLACES[text]) if text in _PLACES else text
    if key in ("with", "without"):
        return _(EQUIPMENT[text]) if text in EQUIPMENT else text
    if key in ("built_from", "built_to"):
        year, _dash, month = text.partition("-")
        return f"{month}.{year}"
    return text
