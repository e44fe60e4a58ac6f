"""Titles as a good shop writes them: what it is, where it goes, and the two or three measures people compare."""

from shop.local.demo.kinds import Kind, Property
from shop.local.demo.specs import Spec

_UNITS_UK = {
    "mm": "мм", "pcs": "шт.", "V": "В", "A": "А", "Ah": "А·год", "W": "Вт", "kW": "кВт", "K": "К", "l": "л",
    "ml": "мл", "g": "г", "kg": "кг", "N": "Н", "bar": "бар", "t": "т", "m": "м", "inch": "″", "MHz": "МГц",
    "N·m": "Н·м",
}  # fmt: skip
_UNITS_EN = {"inch": "″"}
_PLACES_UK = {
    "f": "спереду", "r": "ззаду", "l": "ліворуч", "rt": "праворуч", "fl": "спереду ліворуч",
    "fr": "спереду праворуч", "rl": "ззаду ліворуч", "rr": "ззаду праворуч",
}  # fmt: skip
_PLACES_EN = {
    "f": "front", "r": "rear", "l": "left", "rt": "right", "fl": "front left", "fr": "front right",
    "rl": "rear left", "rr": "rear right",
}  # fmt: skip
_BARE_UNITS = {"%", "inch"}


def titles(kind: Kind, place: str, spec: Spec) -> tuple[str, str]:
    """Ukrainian and English: ``Диск гальмівний передній, вентильований, 288 × 25 мм``."""
    uk, en = [kind.name_uk], [kind.name_en]
    if place and len(kind.places) > 1:
        uk.append(_PLACES_UK[place])
        en.append(_PLACES_EN[place])
    for group in kind.title:
        if kind.slug.endswith("-tyres"):
            size = f"{spec['width']}/{spec['profile']} R{spec['rim_diameter']}"
            uk.append(size)
            en.append(size)
            continue
        shown = [(one, spec[code]) for code in group if (one := kind.property(code))]
        shown = [(one, value) for one, value in shown if not isinstance(value, bool)]
        if not shown:
            continue
        unit = shown[-1][0].unit
        uk.append(_with_unit(" × ".join(_said(one, value, "uk") for one, value in shown), unit, "uk"))
        en.append(_with_unit(" × ".join(_said(one, value, "en") for one, value in shown), unit, "en"))
    return ", ".join(uk), ", ".join(en)


def _said(one: Property, value: str | float, language: str) -> str:
    if isinstance(value, str):
        choice = one.choice(value)
        text = choice.name_en if choice and language == "en" and choice.name_en else value
        return text.replace(".", ",") if language == "uk" and text.replace(".", "").isdigit() else text
    text = f"{value:g}"
    return text.replace(".", ",") if language == "uk" else text


def _with_unit(text: str, unit: str, language: str) -> str:
    if not unit:
        return text
    name = (_UNITS_UK if language == "uk" else _UNITS_EN).get(unit, unit)
    return f"{text}{name}" if unit in _BARE_UNITS else f"{text} {name}"
