"""Properties of parts in words: ``Зовнішній діаметр``, ``76 мм``."""

from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Final

from django.utils.formats import localize
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from shop.catalog.frame import frame
from shop.catalog.listed import ListedPart
from shop.catalog.models import Attribute, AttributeValue, Part
from shop.lib.statements import Statement

_UNITS: Final = {
    "mm": gettext_noop("мм"),
    "pcs": gettext_noop("шт."),
    "V": gettext_noop("В"),
    "A": gettext_noop("А"),
    "Ah": gettext_noop("А·год"),
    "W": gettext_noop("Вт"),
    "kW": gettext_noop("кВт"),
    "K": gettext_noop("К"),
    "l": gettext_noop("л"),
    "ml": gettext_noop("мл"),
    "g": gettext_noop("г"),
    "kg": gettext_noop("кг"),
    "N": gettext_noop("Н"),
    "bar": gettext_noop("бар"),
    "t": gettext_noop("т"),
    "m": gettext_noop("м"),
    "inch": gettext_noop("дюйм."),
    "MHz": gettext_noop("МГц"),
    "N·m": gettext_noop("Н·м"),
}

type NamedValue = tuple[str, str]


_values = Statement(
    lambda parts: (
        AttributeValue.objects.filter(part__any_of=parts)
        .order_by()
        .values_list("part_id", "attribute_id", "choice_id", "number")
    )
)


def attribute_texts(parts: Collection[Part | ListedPart], *, most: int | None = None) -> dict[int, list[NamedValue]]:
    """Properties of each part by id, in the order of its category, the first ``most`` or all; one query."""
    known, language = frame(), get_language()
    found: dict[int, dict[int, tuple[int | None, Decimal | None]]] = {part.pk: {} for part in parts}
    for part_id, attribute_id, choice_id, number in _values(parts=list(found)):
        found[part_id][attribute_id] = (choice_id, number)
    texts = {}
    for part in parts:
        theirs = found[part.pk]
        shown = (each for each in known.attributes.get(part.category_id, []) if each.pk in theirs)
        texts[part.pk] = [(each.name, _value_text(each, *theirs[each.pk], language)) for each in islice(shown, most)]
    return texts


def _value_text(attribute: Attribute, choice_id: int | None, number: Decimal | None, language: str | None) -> str:
    if number is None:
        choice = frame().choices.get(choice_id or 0)
        return choice.name if choice else ""
    if attribute.kind == Attribute.Kind.BOOL:
        return _("так") if number else _("ні")
    return _number_text(number, attribute.unit, language)


def number_text(number: Decimal, unit: str = "") -> str:
    return _number_text(number, unit, get_language())


@lru_cache(maxsize=20_000)
def _number_text(number: Decimal, unit: str, language: str | None) -> str:
    """``76 мм`` or ``18,9``. A list shows a hundred of them, and each asks for the formats of the language anew."""
    text = localize(number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize())
    return f"{text}\u00a0{unit_text(unit)}" if unit else text


def unit_text(unit: str) -> str:
    return _(_UNITS[unit]) if unit in _UNITS else unit
