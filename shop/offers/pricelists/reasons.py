"""Words for the codes of reading and of brakes: why a row is no offer, why a version waits."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

REASONS = {
    "missing_brand": gettext_lazy("немає бренда"),
    "unknown_brand": gettext_lazy("невідомий бренд"),
    "missing_article": gettext_lazy("немає артикула"),
    "missing_name": gettext_lazy("немає назви"),
    "article_date": gettext_lazy("Excel перетворив артикул на дату"),
    "article_scientific": gettext_lazy("Excel перетворив артикул на число з «E+»"),
    "article_formula": gettext_lazy("замість артикула формула"),
    "article_zeros_lost": gettext_lazy("Excel прибрав нулі на початку артикула"),
    "article_too_long": gettext_lazy("артикул задовгий"),
    "price_missing": gettext_lazy("немає ціни"),
    "price_zero": gettext_lazy("ціна нульова"),
    "price_negative": gettext_lazy("ціна від’ємна"),
    "price_not_number": gettext_lazy("ціна не є числом"),
    "price_formula": gettext_lazy("замість ціни формула"),
    "price_too_large": gettext_lazy("ціна неможливо велика"),
    "currency_unknown": gettext_lazy("невідома валюта"),
    "duplicate": gettext_lazy("повтор попереднього рядка"),
    "duplicate_conflicting_price": gettext_lazy("та сама деталь з іншою ціною"),
    # Rows that are no goods, which is no fault.
    "blank": gettext_lazy("порожній рядок"),
    "section_header": gettext_lazy("заголовок розділу"),
    "total_row": gettext_lazy("підсумок"),
}


def reason_words(code: str) -> str:
    """A code nobody has words for yet is better than nothing."""
    return str(REASONS.get(code, code))


def brake_words(brake: Mapping[str, Any]) -> str:
    """One sentence with the value and the limit it went beyond."""
    told = {"value": _number(brake.get("value", "")), "limit": _number(brake.get("limit", ""))}
    match brake["code"]:
        case "empty":
            return _("У файлі не знайдено жодного придатного рядка.")
        case "columns":
            return _("Колонки розташовано інакше, ніж у попередньому файлі: перевірте, чи їх упізнано правильно.")
        case "currency":
            count = int(brake["value"])
            return ngettext(
                "Змінилася валюта %(count)s пропозиції.", "Змінилася валюта %(count)s пропозицій.", count
            ) % {"count": count}
        case "vanished":
            return _("Зникає %(value)s %% чинних пропозицій, а дозволено не більше ніж %(limit)s %%.") % told
        case "median":
            return _("Медіана цін зсунулася на %(value)s %%, а дозволено не більше ніж на %(limit)s %%.") % told
        case "jumps":
            return (
                _(
                    "У %(value)s %% пропозицій ціна змінилася більш ніж на половину,"
                    " а дозволено не більше ніж у %(limit)s %%."
                )
                % told
            )
        case "rejected":
            return _("Відхилено %(value)s %% рядків, а дозволено не більше ніж %(limit)s %%.") % told
        case "unpriced":
            count = int(brake["value"])
            return ngettext(
                "Для %(count)s рядка неможливо порахувати ціну: бракує націнки або курсу валюти.",
                "Для %(count)s рядків неможливо порахувати ціну: бракує націнки або курсу валюти.",
                count,
            ) % {"count": count}
    return str(brake["code"])


def _number(value: str) -> str:
    """Shares come as texts with a point."""
    return number_format(Decimal(value).normalize() + 0) if value else ""
