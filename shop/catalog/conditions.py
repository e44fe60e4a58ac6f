"""Under which conditions a part fits a car, in the data and in words.

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
| ``body`` | a key of ``vehicles.models.Body`` | cars with this body, where a generation has several |
| ``note`` | text | in the words of the source, at most ``LONGEST_NOTE`` letters |
| ``with``, ``without`` | a key of ``EQUIPMENT`` | cars that have, have not this equipment |
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vehicles.models import Body, Modification

# msgids; ``%(value)s`` is the value as people read it.
CONDITIONS: Final = {
    "axle": gettext_noop("вісь: %(value)s"),
    "side": gettext_noop("сторона: %(value)s"),
    "brake_system": gettext_noop("гальмівна система %(value)s"),
    "disc_mm": gettext_noop("діаметр гальмівного диска %(value)s мм"),
    "built_from": gettext_noop("авто, випущені з %(value)s"),
    "built_to": gettext_noop("авто, випущені до %(value)s включно"),
    "engine_code": gettext_noop("двигун %(value)s"),
    "body": gettext_noop("кузов: %(value)s"),
    "with": gettext_noop("лише якщо є: %(value)s"),
    "without": gettext_noop("лише якщо немає: %(value)s"),
    "note": "%(value)s",
}
LONGEST_NOTE: Final = 200
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


def open_conditions(rules: Mapping[str, Any], car: Modification) -> dict[str, Any]:
    """The conditions that the car itself does not answer; where its own data leaves a doubt, a person looks."""
    answered = {
        "engine_code": [rules.get("engine_code")] == car.engine_codes,
        "built_from": f"{car.produced_from:%Y-%m}" >= str(rules.get("built_from")),
        "built_to": car.produced_to is not None and f"{car.produced_to:%Y-%m}" <= str(rules.get("built_to")),
    }
    return {key: value for key, value in rules.items() if not answered.get(key)}


def condition_texts(rules: Mapping[str, str | int]) -> list[str]:
    """What must hold, in the page’s language and the order of ``CONDITIONS``; unknown keys are shown as they are."""
    known = [_(text) % {"value": _value_text(key, rules[key])} for key, text in CONDITIONS.items() if key in rules]
    return known + [f"{key}: {value}" for key, value in rules.items() if key not in CONDITIONS]


def _value_text(key: str, value: str | int) -> str:
    text = str(value)
    if key in ("axle", "side"):
        return _(_PLACES[text]) if text in _PLACES else text
    if key == "body":
        return str(Body(text).label) if text in Body else text
    if key in ("with", "without"):
        return _(EQUIPMENT[text]) if text in EQUIPMENT else text
    if key in ("built_from", "built_to"):
        year, _dash, month = text.partition("-")
        return f"{month}.{year}"
    return text
