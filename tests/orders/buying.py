"""Orders that were really placed, and money that really came."""

from decimal import Decimal

from orders.models import DeliveryKind, PaymentKind
from orders.payments.receiving import record_money
from orders.placement import place_order
from tests.factories import BasketFactory, BasketLineFactory, CustomerFactory, LegalDocumentFactory
from tests.orders.conftest import checkout_of, store

PRICE = Decimal("150.00")


def placed(*offers, quantity=2, payment_kind=PaymentKind.ON_DELIVERY, is_pickup=False, **changes):
    """An order of ``quantity`` pieces of each offer."""
    LegalDocumentFactory()
    basket = BasketFactory()
    for offer in offers:
        BasketLineFactory(basket=basket, offer=offer, quantity=quantity)
    if is_pickup:
        changes |= {"delivery_kind": DeliveryKind.PICKUP, "pickup_point": store()}
    total = sum((offer.price * quantity for offer in offers), Decimal(0))
    return place_order(basket, checkout_of(basket, payment_kind=payment_kind, **changes), shown_total=total)


def pay(order, amount, *, kind=PaymentKind.INVOICE):
    """A manager saw the transfer."""
    return record_money(order, Decimal(amount), kind=kind, author=manager(), note="виписка")


def manager():
    return CustomerFactory(staff=True)


def told(order, event):
    """The channels on which the order's messages of an event went out."""
    return sorted(order.messages.filter(key__contains=event).values_list("channel", flat=True))
