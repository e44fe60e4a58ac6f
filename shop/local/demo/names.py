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
# Short for what is counted, in Ukrainian and English; other things are pieces.
_COUNTED = {"teeth": ("зуб.", "teeth"), "bolt_holes": ("отв.", "holes"), "pieces": ("предм.", "pcs")}


def titles(kind: Kind, place: str, spec: Spec) -> tuple[str, str]:
    """Ukrainian and English: ``Диск гальмівний передній, вентильований, 288 × 25 мм``."""
    uk, en = [kind.name_uk], [kind.name_en]
    if place and len(kind.places) > 1:
        uk.append(_PLACES_UK[place])
        en.append(_PLACES_EN[place])
    for group in kind.title:
        if size := _trade_size(kind, spec):
            uk.append(size)
            en.append(size)
            break
        shown = [(one, spec[code]) for code in group if (one := kind.property_of(code))]
        shown = [(one, value) for one, value in shown if not isinstance(value, bool)]
        if not shown:
            continue
        uk.append(_with_unit(" × ".join(_said(one, value, "uk") for one, value in shown), shown[-1][0], "uk"))
        en.append(_with_unit(" × ".join(_said(one, value, "en") for one, value in shown), shown[-1][0], "en"))
    return ", ".join(uk), ", ".join(en)


def _trade_size(kind: Kind, spec: Spec) -> str:
    """Sizes that people in the trade write in one word."""
    if kind.slug.endswith("-tyres"):
        return f"{spec['width']}/{spec['profile']} R{spec['rim_diameter']}"
    if kind.slug == "v-ribbed-belts":
        return f"{spec['ribs']}PK{spec['length']:g}"
    return ""


def _said(one: Property, value: str | float, language: str) -> str:
    if isinstance(value, str):
        choice = one.choice(value)
        text = choice.name_en if choice and language == "en" and choice.name_en else value
        return text.replace(".", ",") if language == "uk" and text.replace(".", "").isdigit() else text
    text = f"{value:g}"
    return text.replace(".", ",") if language == "uk" else text


def _with_unit(text: str, one: Property, language: str) -> str:
    if not one.unit or not text[0].isdigit():
        return text
    if counted := _COUNTED.get(one.code):
        return f"{text} {counted[language == 'en']}"
    name = (_UNITS_UK if language == "uk" else _UNITS_EN).get(one.unit, one.unit)
    return f"{text}{name}" if one.unit in _BARE_UNITS else f"{text} {name}"
