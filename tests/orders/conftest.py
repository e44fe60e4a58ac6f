"""A basket with one own part, and a checkout that would place it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from orders import reference
from orders.checkout import CheckoutData, lines_hash
from orders.models import DeliveryKind, PaymentKind
from shop.delivery.models import Carrier, PickupPoint
from tests.delivery.conftest import nova_poshta_server  # noqa: F401 (a fixture)
from tests.factories import BasketFactory, BasketLineFactory, LegalDocumentFactory, PickupPointFactory, own_offer


def checkout_of(basket, **changes):
    """What the form would hand over for ``basket``."""
    data = CheckoutData(
        key=basket.placement_key,
        shown_lines=lines_hash(basket.read_lines()),
        surname="Шевченко",
        given_name="Олена",
        patronymic="Іванівна",
        phone="+380671234567",
        email="olena@example.com",
        delivery_kind=DeliveryKind.NOVA_POSHTA,
        pickup_point=changes.pop("pickup_point", None) or PickupPointFactory(),
        payment_kind=PaymentKind.ON_DELIVERY,
        car="Skoda Octavia",
        comment="Зателефонуйте",
    )
    return replace(data, **changes)


def store():
    """Our own counter."""
    return PickupPointFactory(carrier__code=Carrier.SELF_PICKUP, kind=PickupPoint.Kind.STORE)


@pytest.fixture
def offer_document(db):
    return LegalDocumentFactory()


@pytest.fixture
def basket(offer_document):
    """Two pieces at 150 ₴; five are on our shelf."""
    basket = BasketFactory()
    BasketLineFactory(basket=basket, offer=own_offer(price=Decimal("150.00")), quantity=2)
    return basket


@pytest.fixture
def checkout(basket):
    return checkout_of(basket)


@pytest.fixture
def own_basket(client, basket):
    """``basket`` in the visitor's session."""
    session = client.session
    session["basket"] = basket.pk
    session.save()
    return basket


@pytest.fixture
def branch(db):
    """A branch of Nova Poshta in Brovary."""
    return PickupPointFactory(settlement__name_uk="Бровари", settlement__name_en="Brovary")


@pytest.fixture
def payment_rules(db):
    """The rules that come with the shop."""
    reference.load()


@pytest.fixture
def fields(own_basket, branch, payment_rules):
    """What a browser sends from a well filled checkout."""
    return {
        "surname": "Шевченко",
        "given_name": "Олена",
        "patronymic": "",
        "phone": "067 123 45 67",
        "email": "olena@example.com",
        "car": "",
        "vin": "",
        "delivery_kind": "nova-poshta",
        "town": "Бровари",
        "settlement": str(branch.settlement_id),
        "pickup_point": str(branch.pk),
        "store": "",
        "payment_kind": "on-delivery",
        "comment": "",
        "street": "",
        "house": "",
        "flat": "",
        "modification": "",
        "key": str(own_basket.placement_key),
        "shown_total": "300.00",
        "shown_delivery": "0.00",
        "shown_prepayment": "0.00",
        "offer_version": "1",
        "shown_lines": lines_hash(own_basket.read_lines()),
    }
