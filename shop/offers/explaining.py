"""How the price of each offer of a part comes about, step by step in words.

The figures are read from the database by the very expressions that price the offers; only the words are made here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from shop.catalog.models import Category, CustomerGroup, Part
from shop.lib.money import format_money
from shop.offers.models import Currency, Markup, Offer
from shop.offers.pricing import (
    cost,
    group_price,
    marked_up,
    markup_id,
    prepare_price_rules,
    retail_price,
    rounding_step,
)
from shop.offers.rates import RateInForce, rates_in_force

_PRICE = ("offer.purchase_price", "offer.currency")
_STEP, _MINUS = rounding_step(*_PRICE)
_FIGURES = f"""
SELECT offer.id, {cost(*_PRICE)}, {markup_id(*_PRICE)}, {marked_up(*_PRICE)}, {_STEP}, {_MINUS},
       {retail_price(*_PRICE)},
       ARRAY(SELECT {group_price("offer.price", *_PRICE, group="grp")} FROM catalog_customergroup grp ORDER BY grp.id)
FROM offers_offer offer
JOIN catalog_part part ON part.id = offer.part_id
JOIN price_rule rule ON rule.price_list_id = offer.price_list_id AND rule.brand_id = part.brand_id
                    AND rule.category_id = part.category_id
WHERE offer.part_id = %s
ORDER BY offer.price, offer.id
"""  # noqa: S608  # put together of constants
# Rules that gave way are named up to this number.
_NAMED = 5


@dataclass(frozen=True)
class Step:
    """One line of the way; ``amount`` is where the price stands after it, in hryvnias, unrounded."""

    title: str
    words: str
    amount: Decimal | None = None

    @property
    def amount_text(self) -> str:
        return "" if self.amount is None else _hryvnias(self.amount)


@dataclass(frozen=True)
class PriceOfGroup:
    group: CustomerGroup
    price: Decimal
    words: str


@dataclass(frozen=True)
class Explanation:
    """``price`` is what the rules give today; None when a rate or a markup is missing: the offer keeps its price."""

    offer: Offer
    steps: Sequence[Step]
    price: Decimal | None
    groups: Sequence[PriceOfGroup]

    @property
    def is_up_to_date(self) -> bool:
        return self.price in (None, self.offer.price)

    @property
    def remark(self) -> str:
        """What else a person should know; empty when the price of the rules is the price of the shop."""
        if self.price is None:
            return _("За правилами ціни немає; діє попередня: %(price)s.") % {"price": format_money(self.offer.price)}
        if self.is_up_to_date:
            return ""
        words = _("У магазині зараз %(price)s: ціну виправили вручну або правила змінилися після перерахунку.")
        return words % {"price": format_money(self.offer.price)}


@dataclass(frozen=True)
class _Figures:
    offer: Offer
    cost: Decimal | None
    markup: int | None
    marked_up: Decimal | None
    step: Decimal | None
    minus: Decimal | None
    price: Decimal | None
    groups: list[Decimal]


def explain(part: Part, *, on: date | None = None) -> list[Explanation]:
    """The way of each offer's price, the cheapest first; who has no right to purchase prices must not see it."""
    on = on or timezone.localdate()
    figures = _figures(part, on)
    rates = rates_in_force(on)
    markups = _markups_of(part)
    groups = list(CustomerGroup.objects.order_by("pk"))
    return [
        Explanation(
            offer=each.offer,
            steps=list(_steps(each, rates.get(each.offer.currency), markups)),
            price=each.price,
            groups=[
                PriceOfGroup(group, price, _group_words(each, group, price))
                for group, price in zip(groups, each.groups, strict=True)
            ],
        )
        for each in figures
    ]


def _figures(part: Part, on: date) -> list[_Figures]:
    offers = {
        each.pk: each for each in Offer.objects.for_part(part).select_related("price_list__supplier", "warehouse")
    }
    lists = {each.price_list_id for each in offers.values()}
    with transaction.atomic(), connection.cursor() as cursor:
        prepare_price_rules(cursor, on=on, price_list_ids=lists, part_ids=[part.pk])
        cursor.execute(_FIGURES, [part.pk])
        rows = cursor.fetchall()
    return [_Figures(offers[row[0]], *row[1:]) for row in rows if row[0] in offers]


def _markups_of(part: Part) -> dict[int, Markup]:
    """All that may count for the part, whoever offers it."""
    lineage = [part.category, *Category.objects.get_ancestors(part.category)]
    markups = Markup.objects.filter(
        Q(brand=None) | Q(brand=part.brand_id), Q(category=None) | Q(category__in=lineage)
    ).select_related("supplier", "brand", "category")
    return {each.pk: each for each in markups}


def _steps(figures: _Figures, rate: RateInForce | None, markups: dict[int, Markup]) -> Iterator[Step]:
    offer = figures.offer
    yield Step(_("Закупівля"), _purchase_words(offer))
    if offer.currency != Currency.UAH:
        yield _rate_step(offer, rate)
    if figures.cost is None:
        return
    yield Step(_("ПДВ"), _vat_words(offer), figures.cost)
    markup = markups.get(figures.markup or 0)
    if markup is None or figures.marked_up is None:
        yield Step(_("Націнка"), _("Жодне правило не підходить: ціну не пораховано."))
        return
    yield Step(_("Націнка"), _markup_words(figures, markup, markups), figures.cost * (1 + markup.percent / 100))
    supplier = offer.price_list.supplier
    if supplier and supplier.min_margin_percent:
        yield Step(_("Найменша націнка"), _least_words(figures, markup, supplier.min_margin_percent), figures.marked_up)
    if figures.price is not None:
        yield Step(_("Округлення"), _rounding_words(figures), figures.price)


def _purchase_words(offer: Offer) -> str:
    return _("%(price)s %(currency)s — прайс-лист «%(list)s», склад «%(warehouse)s».") % {
        "price": number_format(offer.purchase_price, 2, force_grouping=True),
        "currency": offer.currency,
        "list": offer.price_list,
        "warehouse": offer.warehouse,
    }


def _rate_step(offer: Offer, rate: RateInForce | None) -> Step:
    if rate is None:
        words = _("Курсу %(currency)s на цей день немає: ціну не пораховано.") % {"currency": offer.currency}
        return Step(_("Курс"), words)
    words = _("1 %(currency)s = %(rate)s ₴ — %(source)s, на %(day)s.") % {
        "currency": rate.currency,
        "rate": _plain(rate.rate),
        "source": rate.source_name,
        "day": date_format(rate.valid_on, "d.m.Y"),
    }
    if rate.is_locked:
        words += " " + _("Зафіксований людиною: новіші курси його не змінюють.")
    return Step(_("Курс"), words, offer.purchase_price * rate.rate)


def _vat_words(offer: Offer) -> str:
    if offer.price_list.prices_include_vat:
        return _("Ціни прайс-листа вже з ПДВ: нічого не додаємо.")
    return _("Ціни прайс-листа без ПДВ: додаємо %(percent)s.") % {"percent": _percent(offer.price_list.vat_percent)}


def _markup_words(figures: _Figures, winner: Markup, markups: dict[int, Markup]) -> str:
    words = _("%(percent)s: правило «%(scope)s».") % {
        "percent": _percent(winner.percent),
        "scope": scope_words(winner),
    }
    supplier_id = figures.offer.price_list.supplier_id
    gave_way = [
        each
        for each in markups.values()
        if each != winner and each.supplier_id in (None, supplier_id) and each.price_from <= (figures.cost or 0)
    ]
    if not gave_way:
        return words + " " + _("Інші правила цієї деталі не стосуються.")
    named = "; ".join(f"«{scope_words(each)}» {_percent(each.percent)}" for each in gave_way[:_NAMED])
    if len(gave_way) > _NAMED:
        named += "; …"
    return words + " " + _("Воно найвужче; поступилися: %(rules)s.") % {"rules": named}


def scope_words(markup: Markup) -> str:
    """``бренд Bosch, категорія Гальмівні колодки, від 500 ₴``; ``усі товари``."""
    words = []
    if markup.brand:
        words.append(_("бренд %(name)s") % {"name": markup.brand.name})
    if markup.category:
        words.append(_("категорія %(name)s") % {"name": markup.category.name})
    if markup.supplier:
        words.append(_("постачальник %(name)s") % {"name": markup.supplier.name})
    if not words:
        words.append(_("усі товари"))
    if markup.price_from:
        words.append(_("від %(price)s") % {"price": format_money(markup.price_from)})
    return ", ".join(words)


def _least_words(figures: _Figures, markup: Markup, least_percent: Decimal) -> str:
    percent = {"percent": _percent(least_percent)}
    if markup.percent < least_percent:
        return _("У постачальника найменша націнка %(percent)s: ціну піднято до неї.") % percent
    return _("У постачальника найменша націнка %(percent)s: ціна не нижча.") % percent


def _rounding_words(figures: _Figures) -> str:
    if figures.step is None:
        return _("До копійки.")
    step = {"step": format_money(figures.step), "minus": format_money(figures.minus or Decimal(0))}
    if figures.minus:
        return _("Угору до кратного %(step)s мінус %(minus)s.") % step
    return _("Угору до кратного %(step)s.") % step


def _group_words(figures: _Figures, group: CustomerGroup, price: Decimal) -> str:
    if figures.cost is None:
        return _("Собівартість невідома, тож знижки немає.")
    if price > figures.offer.price * group.factor + Decimal("0.005"):
        least = max(group.min_margin_percent, _least_of(figures.offer))
        if price == figures.offer.price:
            return _("Знижки немає: вона порушила б найменшу націнку %(percent)s.") % {"percent": _percent(least)}
        words = _("Знижку зменшено, щоб лишилася найменша націнка %(percent)s.")
        return words % {"percent": _percent(least)}
    if group.factor == 1:
        return _("Без знижки.")
    return _("Роздрібна ціна мінус %(percent)s.") % {"percent": _percent((1 - group.factor) * 100)}


def _least_of(offer: Offer) -> Decimal:
    supplier = offer.price_list.supplier
    return supplier.min_margin_percent if supplier else Decimal(0)


def _plain(value: Decimal) -> str:
    """Without zeros at its end."""
    text = f"{value:f}"
    return str(number_format(text.rstrip("0").rstrip(".") if "." in text else text, force_grouping=True))


def _percent(value: Decimal) -> str:
    return f"{_plain(value)}\u00a0%"


def _hryvnias(value: Decimal) -> str:
    """Up to four decimals: where a figure is rounded must be seen."""
    exact = round(value, 4)
    return format_money(exact) if exact == round(exact, 2) else f"{_plain(exact)}\u00a0₴"
