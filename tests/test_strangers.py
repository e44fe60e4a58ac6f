"""Every address that names something, asked for by somebody whose it is not: it looks as if it were not there.

The addresses come from the URL conf itself. One that is new belongs into ``TRIES``, with what a stranger would try, or
into ``PUBLIC``, with the reason why it is everybody's; until then this file fails.
"""

import time
import uuid
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from accounts.models import StockWatch
from orders.continuing import LIFE, linked_basket
from orders.models import Basket, BasketLine, Order, OrderNote, Payment, PaymentKind
from orders.notes import write_note
from orders.payments.starting import return_address, start_payment
from orders.sharing import share
from orders.stock_watching import Wish, watch
from shop.lib.crypto import link_secret
from shop.messaging.models import Channel, Message
from tests.factories import BasketFactory, BasketLineFactory, CustomerFactory, ModificationFactory, own_offer
from tests.orders.buying import placed
from vehicles.garage import CustomerGarage
from vehicles.models import GarageVehicle

pytestmark = pytest.mark.django_db

# Name of the route: why everybody may see it.
PUBLIC = {
    "sitemap_section": "lists the pages of the catalogue for search engines",
    "hook": "names a payment provider; what comes there counts only with its signature",
    "mail_hook": "names a mail provider; what comes there counts only with its password",
    "alphasms_hook": "names a message of ours; what comes there counts only with its secret",
    "local:message": "the mailbox of a developer's own machine: the route is there with LOCAL_PAGES alone",
    "local:letter": "the same letter in its frame",
    "storefront:make": "catalogue: cars",
    "storefront:model": "catalogue: cars",
    "storefront:generation": "catalogue: cars",
    "storefront:modification": "catalogue: cars",
    "storefront:category": "catalogue: parts",
    "storefront:brand": "catalogue: brands",
    "storefront:part": "catalogue: one part",
    "storefront:job": "catalogue: what a repair needs",
    "orders:stock_watch_removal": "answers everybody alike; a wrong link ends nothing (test_m3 of stock watching)",
    "storefront:legal": "the texts that every customer relies on",
    "storefront:legal_version": "their former versions",
}
# Routes that a second press has to survive: they lead back without a word, and change nothing of a stranger's.
SILENT = {"storefront:garage_car_removal": "/garage/"}

WRONG = "A" * 24


@dataclass(frozen=True)
class Theirs:
    """What somebody else has in the shop, and a second order whose secret does not open the first."""

    order: Order
    other_order: Order
    payment: Payment
    line: BasketLine
    linked: Basket
    car: GarageVehicle
    note: OrderNote
    watch: StockWatch


def _routes(resolver, prefix="", names=()):
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            name = ":".join([*names, each.name or route])
            yield name, each.pattern
        else:
            yield from _routes(each, route, (*names, each.namespace) if each.namespace else names)


def _naming_routes():
    """Name of each route that names something, to the names of its parts; the admin is asked about below."""
    return {
        name: tuple(pattern.converters) or tuple(range(pattern.regex.groups))
        for name, pattern in _routes(get_resolver())
        if pattern.regex.groups and not name.startswith("admin:")
    }


NAMING = _naming_routes()
# Whatever stands under an order's number and secret, with the further parts that such addresses have.
OF_ORDER = {
    name: parts for name, parts in NAMING.items() if name.startswith("orders:") and {"number", "secret"} <= set(parts)
}
FURTHER = {"kind": "invoice"}


def _of_order(parts):
    further = {part: FURTHER[part] for part in parts if part in FURTHER}

    def tries(theirs):
        yield {"number": theirs.order.number, "secret": WRONG, **further}
        yield {"number": theirs.order.number, "secret": theirs.other_order.secret, **further}
        yield {"number": theirs.order.number, "secret": "ключ", **further}
        yield {"number": "1234567890", "secret": theirs.order.secret, **further}
        yield {"number": theirs.order.number, "secret": link_secret("other", theirs.order.link_subject), **further}

    return tries


def _paid(theirs):
    right = return_address(theirs.payment).rstrip("/").rpartition("/")[2]
    yield {"reference": theirs.payment.reference, "secret": WRONG}
    yield {"reference": theirs.payment.reference, "secret": theirs.order.secret}
    yield {"reference": f"{theirs.other_order.number}-1", "secret": right}


def _line(theirs):
    yield {"pk": theirs.line.pk}


def _shared(theirs):
    yield {"token": WRONG}
    yield {"token": str(theirs.line.basket_id)}


def _continued(theirs):
    ends_at = int(time.time() + LIFE.total_seconds() / 2)
    assert linked_basket(theirs.linked.pk, ends_at, WRONG) is None
    yield {"pk": theirs.linked.pk, "ends_at": ends_at, "secret": WRONG}
    yield {"pk": theirs.line.basket_id, "ends_at": ends_at, "secret": WRONG}


def _car(theirs):
    yield {"key": theirs.car.pk}


def _watch(theirs):
    yield {"pk": theirs.watch.pk}


TRIES = {name: _of_order(parts) for name, parts in OF_ORDER.items() if set(parts) <= {"number", "secret", *FURTHER}} | {
    "orders:payment_return": _paid,
    "orders:basket_line": _line,
    "orders:basket_line_removal": _line,
    "orders:basket_shared": _shared,
    "orders:basket_continued": _continued,
    "orders:own_watch_removal": _watch,
    "storefront:garage_car": _car,
    "storefront:garage_car_removal": _car,
}


@pytest.fixture
def theirs():
    owner = CustomerFactory()
    orders = [placed(own_offer(price=Decimal("150.00")), payment_kind=PaymentKind.LIQPAY) for _each in range(2)]
    order, other_order = orders
    Order.objects.filter(pk=order.pk).update(customer=owner)
    start_payment(order, kind=PaymentKind.LIQPAY)
    line = BasketLineFactory(basket=BasketFactory(customer=owner), ours=True)
    share(line.basket)
    linked = BasketFactory()
    BasketLineFactory(basket=linked, ours=True)
    key = CustomerGarage(owner.pk).keep(ModificationFactory().pk, vin="TMBJG7NE5G0123456")
    return Theirs(
        order=order,
        other_order=other_order,
        payment=order.payments.last(),
        line=line,
        linked=linked,
        car=GarageVehicle.objects.get(pk=key),
        note=write_note(order, "Моє", key=uuid.uuid4()),
        watch=watch(
            Wish(line.part, Channel.EMAIL, owner.email, "uk", "orders:stock_watch"),
            customer=owner,
        ),
    )


@pytest.fixture(params=["anonymous", "customer"])
def stranger(request):
    client = Client()
    if request.param == "customer":
        other = CustomerFactory()
        CustomerGarage(other.pk).keep(ModificationFactory().pk)
        BasketLineFactory(basket=BasketFactory(customer=other), ours=True)
        client.force_login(other)
    return client


def _state():
    """All that a stranger could have touched."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Order, Payment, OrderNote, Basket, BasketLine, GarageVehicle, Message, StockWatch)
    ]


def test_every_route_that_names_something_is_somebodys_or_public():
    unknown = sorted(set(NAMING) - set(TRIES) - set(PUBLIC))
    assert unknown == [], "say in TRIES what a stranger would try, or in PUBLIC why it is everybody's"
    assert sorted((set(TRIES) | set(PUBLIC)) - set(NAMING)) == []
    assert not set(TRIES) & set(PUBLIC)


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("name", sorted(TRIES))
def test_what_is_somebody_elses_is_not_there(stranger, theirs, name, language):
    before = _state()
    for kwargs in TRIES[name](theirs):
        with translation.override(language):
            address = reverse(name, kwargs=kwargs)
        data = {"text": "Чуже", "key": str(uuid.uuid4()), "quantity": "3", "kind": "invoice", "name": "Моє"}
        answers = {"GET": stranger.get(address), "POST": stranger.post(address, data)}
        if name in SILENT:
            assert (answers["POST"].status_code, answers["POST"].url.removeprefix("/en")) == (302, SILENT[name])
            continue
        statuses = {method: answer.status_code for method, answer in answers.items()}
        # What an address does not do at all it does for nobody: 405 tells nothing of what it names.
        assert set(statuses.values()) <= {404, 405}, (address, statuses)
        assert 404 in statuses.values(), (address, statuses)
        for answer in answers.values():
            assert theirs.order.email not in answer.content.decode()
    assert _state() == before


def test_the_rightful_one_is_let_in(theirs):
    """Else the test above would be content with a shop that is shut."""
    owner = Client()
    owner.force_login(theirs.line.basket.customer)
    for name in OF_ORDER:
        if set(NAMING[name]) == {"number", "secret"}:
            address = reverse(name, args=[theirs.order.number, theirs.order.secret])
            assert owner.get(address).status_code in {200, 302, 405}, name
    assert owner.get(return_address(theirs.payment).removeprefix(settings.PUBLIC_URL)).status_code in {200, 302}
    assert owner.post(reverse("orders:basket_line", args=[theirs.line.pk]), {"quantity": "3"}).status_code == 302
    assert owner.post(reverse("storefront:garage_car", args=[theirs.car.pk]), {"name": "Моє"}).status_code == 302


def test_the_desk_shows_a_stranger_its_sign_in_and_nothing_else(stranger, theirs):
    asked = 0
    for name, pattern in _routes(get_resolver()):
        # Without a name: the admin's old addresses, which lead to the new ones.
        if not name.startswith("admin:") or name.endswith(("/", "$")) or not pattern.converters:
            continue
        kwargs = dict.fromkeys(pattern.converters, theirs.order.pk)
        kwargs |= {part: "orders" for part in pattern.converters if part == "app_label"}
        address = reverse(name, kwargs=kwargs)
        for answer in (stranger.get(address), stranger.post(address)):
            assert answer.status_code in {302, 403, 404}, (address, answer.status_code)
            if answer.status_code == 302:
                assert answer.url.startswith("/admin/"), address
            assert theirs.order.number not in answer.content.decode(), address
        asked += 1
    assert asked > 100
