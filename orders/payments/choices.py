"""Which ways of paying an order has, by the rules that staff keep as data (``PaymentRule``)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Customer
from orders.models import PaymentKind, PaymentRule
from orders.payments.registry import is_way_on
from shop.catalog.models import Category
from shop.lib.money import format_money, round_money
from shop.lib.names import in_language


@dataclass(frozen=True)
class Goods:
    """What is to be paid for: ``total`` in hryvnias, ``weight_kg`` None when nobody knows it."""

    total: Decimal
    weight_kg: Decimal | None = None
    category_ids: frozenset[int] = field(default_factory=frozenset)
    is_all_own_stock: bool = True


@dataclass(frozen=True)
class PaymentOption:
    """A way of paying as the checkout shows it: why it may not be chosen, or what of it is paid beforehand."""

    kind: PaymentKind
    label: str
    explanation: str
    prepayment: Decimal
    is_allowed: bool
    refusal: str = ""


def payment_options(goods: Goods, *, delivery_kind: str, customer: Customer | None) -> list[PaymentOption]:
    """Every way that is switched on and has a rule for this delivery, in the order they are shown; two queries."""
    rules = list(
        PaymentRule.objects.filter(is_active=True)
        .select_related(None)
        .prefetch_related(Prefetch("category", Category.objects.only("path")))
    )
    paths = _paths(goods, rules)
    options = []
    for kind in PaymentKind:
        applying = [
            rule
            for rule in rules
            if rule.kind == kind
            and rule.delivery_kind in ("", delivery_kind)
            and (rule.category is None or any(path.startswith(rule.category.path) for path in paths))
        ]
        if applying and is_way_on(kind):
            options.append(_option(kind, applying, goods, is_known=customer is not None))
    return options


def _paths(goods: Goods, rules: Sequence[PaymentRule]) -> list[str]:
    """Where the parts stand in the tree of categories; asked for only when some rule names a category."""
    if not goods.category_ids or all(rule.category_id is None for rule in rules):
        return []
    return list(Category.objects.filter(pk__in=goods.category_ids).values_list("path", flat=True))


def _option(kind: PaymentKind, rules: Sequence[PaymentRule], goods: Goods, *, is_known: bool) -> PaymentOption:
    refusals = [refusal for rule in rules if (refusal := _refusal(rule, goods, is_known=is_known))]
    explanations = dict.fromkeys(text for rule in rules if (text := in_language(rule, "explanation")))
    return PaymentOption(
        kind=kind,
        label=str(capfirst(kind.label)),
        explanation=" ".join(explanations),
        prepayment=Decimal(0) if refusals else max(_prepayment(rule, goods) for rule in rules),
        is_allowed=not refusals,
        refusal=refusals[0] if refusals else "",
    )


def _refusal(rule: PaymentRule, goods: Goods, *, is_known: bool) -> str:
    """The first condition of ``rule`` that does not hold, in words for the customer."""
    if rule.needs_account and not is_known:
        return _("Лише для зареєстрованих покупців.")
    if rule.needs_own_stock and not goods.is_all_own_stock:
        return _("Лише для деталей з нашого складу.")
    if rule.min_total is not None and goods.total < rule.min_total:
        return _("Для замовлень від %(sum)s.") % {"sum": format_money(rule.min_total)}
    if rule.max_total is not None and goods.total > rule.max_total:
        return _("Для замовлень до %(sum)s.") % {"sum": format_money(rule.max_total)}
    if rule.max_weight_kg is not None and goods.weight_kg is not None and goods.weight_kg > rule.max_weight_kg:
        return _("Для посилок до %(weight)s кг.") % {"weight": f"{rule.max_weight_kg.normalize():f}"}
    return ""


def _prepayment(rule: PaymentRule, goods: Goods) -> Decimal:
    """What the rule wants before dispatch, at most the whole sum."""
    percent = round_money(goods.total * rule.prepayment_percent / 100)
    wanted: Decimal = max(percent, rule.prepayment_amount)
    return min(wanted, goods.total)
