"""Terms of an order before it is placed: how it can be delivered and paid, what that costs, and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.text import capfirst

from accounts.models import Customer
from orders.checkout import CheckoutData
from orders.errors import TermsChanged, TermsRefused
from orders.handling import handling_of
from orders.models import DeliveryKind, PaymentKind
from orders.payments.choices import Goods, PaymentOption, payment_options
from orders.placement import Check
from orders.recheck import CheckedLine
from shop.delivery.models import PickupPoint, Settlement
from shop.delivery.quoting import DeliveryQuote, delivery_options, quote


@dataclass(frozen=True)
class Wish:
    """What was chosen so far; nothing of it is personal. ``settlement`` is not known at the beginning."""

    settlement: Settlement | None = None
    delivery_kind: str = DeliveryKind.NOVA_POSHTA
    point: PickupPoint | None = None
    payment_kind: str = ""


@dataclass(frozen=True)
class DeliveryOption:
    """A way of delivery as the checkout shows it; ``quote`` is None while nobody knows where to."""

    kind: DeliveryKind
    quote: DeliveryQuote | None
    is_chosen: bool
    first_day: date | None = None
    last_day: date | None = None

    @property
    def label(self) -> str:
        return str(capfirst(self.kind.label))

    @property
    def refusal(self) -> str:
        return self.quote.refusal if self.quote else ""


@dataclass(frozen=True)
class Terms:
    """Sums in hryvnias, taxes included; ``total`` is what is paid to us, the delivery that we are paid for with it."""

    deliveries: Sequence[DeliveryOption]
    payments: Sequence[PaymentOption]
    payment_kind: str
    goods_total: Decimal
    weight_kg: Decimal | None

    @property
    def delivery(self) -> DeliveryOption | None:
        return next((option for option in self.deliveries if option.is_chosen), None)

    @property
    def payment(self) -> PaymentOption | None:
        """The chosen way, if it may be chosen."""
        return next(
            (option for option in self.payments if option.kind == self.payment_kind and option.is_allowed), None
        )

    @property
    def delivery_total(self) -> Decimal:
        option = self.delivery
        return option.quote.ours if option and option.quote and not option.refusal else Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.goods_total + self.delivery_total

    @property
    def prepayment(self) -> Decimal:
        return self.payment.prepayment if self.payment else Decimal(0)

    @property
    def rest(self) -> Decimal:
        """What is paid when the parcel is taken, after the prepayment."""
        return self.total - self.prepayment


def terms_of(lines: Sequence[CheckedLine], wish: Wish, *, customer: Customer | None) -> Terms:
    """Every way of delivery to where the parcel goes, and of paying for it. Local tables only, nobody is called."""
    goods_total = sum((line.total for line in lines), Decimal(0))
    weight = weight_of(lines)
    ready = [line.ready_on for line in lines if line.ready_on]
    quotes = _quotes(lines, wish, goods_total, weight)
    deliveries = [
        _option(kind, quotes.get(kind), is_chosen=kind == wish.delivery_kind, ready_on=max(ready) if ready else None)
        for kind in DeliveryKind
    ]
    delivery = next((option for option in deliveries if option.is_chosen), None)
    ours = delivery.quote.ours if delivery and delivery.quote and not delivery.refusal else Decimal(0)
    payments = payment_options(goods_of(lines, goods_total + ours), delivery_kind=wish.delivery_kind, customer=customer)
    return Terms(
        deliveries=deliveries,
        payments=payments,
        payment_kind=wish.payment_kind or _first_allowed(payments),
        goods_total=goods_total,
        weight_kg=weight,
    )


def check_terms(customer: Customer | None) -> Check:
    """What ``place_order`` asks under the basket's lock: whether the terms are still those that were shown."""

    def check(checkout: CheckoutData, lines: Sequence[CheckedLine]) -> None:
        goods_total = sum((line.total for line in lines), Decimal(0))
        delivery = quote(
            checkout.delivery_kind,
            settlement=checkout.town,
            point=checkout.pickup_point,
            weight_kg=weight_of(lines),
            goods_total=goods_total,
            cash_on_delivery=goods_total if checkout.payment_kind == PaymentKind.ON_DELIVERY else Decimal(0),
            handling=_handling(lines),
        )
        if delivery.refusal:
            raise TermsRefused("delivery_kind", delivery.refusal)
        goods = goods_of(lines, goods_total + delivery.ours)
        ways = payment_options(goods, delivery_kind=checkout.delivery_kind, customer=customer)
        way = next((option for option in ways if option.kind == checkout.payment_kind), None)
        if way is None or not way.is_allowed:
            raise TermsRefused("payment_kind", way.refusal if way else "")
        if (delivery.ours, way.prepayment) != (checkout.delivery_total, checkout.prepayment):
            raise TermsChanged

    return check


def goods_of(lines: Sequence[CheckedLine], total: Decimal) -> Goods:
    """Lines of a basket as the rules of payment look at them."""
    return Goods(
        total=total,
        weight_kg=weight_of(lines),
        category_ids=frozenset(line.line.part.category_id for line in lines),
        is_all_own_stock=all(line.line.warehouse.is_ours for line in lines),
    )


def weight_of(lines: Sequence[CheckedLine]) -> Decimal | None:
    """Of all pieces, in kilograms; None while the weight of one part is not known."""
    total = Decimal(0)
    for line in lines:
        weight = line.line.part.weight_kg
        if weight is None:
            return None
        total += weight * line.line.quantity
    return total


def _handling(lines: Sequence[CheckedLine]) -> frozenset[str]:
    return handling_of(line.line.part for line in lines)


def _quotes(
    lines: Sequence[CheckedLine], wish: Wish, goods_total: Decimal, weight: Decimal | None
) -> dict[str, DeliveryQuote]:
    handling = _handling(lines)
    quotes: dict[str, DeliveryQuote] = {}
    if wish.settlement is not None:
        quotes |= dict(delivery_options(wish.settlement, weight_kg=weight, goods_total=goods_total, handling=handling))
    if wish.settlement is not None or wish.point is not None or wish.delivery_kind == DeliveryKind.PICKUP:
        settlement = wish.point.settlement if wish.point else wish.settlement
        if settlement is not None:
            cash = goods_total if wish.payment_kind == PaymentKind.ON_DELIVERY else Decimal(0)
            quotes[wish.delivery_kind] = quote(
                wish.delivery_kind,
                settlement=settlement,
                point=wish.point,
                weight_kg=weight,
                goods_total=goods_total,
                cash_on_delivery=cash,
                handling=handling,
            )
    return quotes


def _option(
    kind: DeliveryKind, asked: DeliveryQuote | None, *, is_chosen: bool, ready_on: date | None
) -> DeliveryOption:
    if asked is None or asked.refusal or ready_on is None or asked.days_to is None:
        return DeliveryOption(kind, asked, is_chosen)
    first = ready_on + timedelta(days=asked.days_from or 0)
    return DeliveryOption(kind, asked, is_chosen, first, ready_on + timedelta(days=asked.days_to))


def _first_allowed(payments: Sequence[PaymentOption]) -> str:
    return next((option.kind for option in payments if option.is_allowed), "")
