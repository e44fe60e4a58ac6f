"""Run inside the shop (``python -m bench.prepare_orders ORDERS RUSHING PIECES``): baskets and forms ready to be sent.

Forty mixes of two parts, one of our own stock and one of a supplier's, are dealt out to the buyers. Each mix is ordered
once here to write its SQL down for the reference. Prints one line of JSON.
"""

import json
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from orders.models import Basket
    from shop.delivery.models import PickupPoint

MIXES = 40
_CSRF = "a" * 32
# Tables that a placed order adds rows to, and those of its basket.
_TABLES = [
    "orders_basket",
    "orders_basketline",
    "orders_order",
    "orders_orderline",
    "orders_hold",
    "orders_orderevent",
    "messaging_message",
    "orders_order_messages",
    "privacy_consent",
]


def main(orders: int, rushing: int, pieces: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.urls import reverse

    from bench.recording import move_sequences, record

    move_sequences(_TABLES)
    mixes, rush_offer, rush_item = choose(pieces)
    recordings = [record(partial(order_here, buyer(mix)), _TABLES) for mix in mixes]
    with transaction.atomic():
        shop = [buyer(mixes[number % MIXES]) for number in range(orders)]
        for_reference = [buyer(mixes[number % MIXES]) for number in range(orders)]
        rush = [buyer([rush_offer]) for _ in range(rushing)]
    print(
        json.dumps(
            {
                "path": reverse("orders:checkout"),
                "cookie": settings.SESSION_COOKIE_NAME,
                "csrf": f"{settings.CSRF_COOKIE_NAME}={_CSRF}",
                "shop": shop,
                "reference": [
                    _tokens(buyer) | {"recording": str(number % MIXES)} for number, buyer in enumerate(for_reference)
                ],
                "rush": rush,
                "rush_item": rush_item,
                "recordings": recordings,
            }
        )
    )


def choose(pieces: int) -> tuple[list[list[object]], object, int]:
    """Mixes of offers, the offer that many want, and the stock item of its few pieces."""
    from shop.offers.models import Offer, StockItem

    own = list(Offer.objects.current().in_stock().filter(warehouse__supplier=None, part__is_active=True)[: MIXES + 1])
    theirs = Offer.objects.current().in_stock().filter(warehouse__supplier__isnull=False, part__is_active=True)
    theirs = list(theirs.exclude(part__in=[offer.part_id for offer in own]).order_by("-part_id")[:MIXES])
    *plenty, wanted = own
    StockItem.objects.filter(part__in=[offer.part_id for offer in plenty]).update(on_hand=10**6)
    item = StockItem.objects.get(part_id=wanted.part_id, warehouse_id=wanted.warehouse_id)
    StockItem.objects.filter(pk=item.pk).update(on_hand=pieces, reserved=0)
    return [list(mix) for mix in zip(plenty, theirs, strict=True)], wanted, item.pk


def buyer(offers: Sequence[object]) -> dict[str, object]:
    """A visitor with a basket, as if she had come to the checkout by herself."""
    from django.conf import settings

    from orders.models import Basket
    from orders.models.basket import SESSION_KEY

    basket = Basket.objects.create()
    for offer in offers:
        basket.add(offer, quantity=1, car=None)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update({SESSION_KEY: basket.pk, "basket_count": len(offers)})
    session.save()
    return {"session": session.session_key, "basket": basket.pk, "form": _form(basket)}


@cache
def _branch() -> "PickupPoint":
    from shop.delivery.models import Carrier, PickupPoint

    return PickupPoint.objects.open().of(Carrier.NOVA_POSHTA).select_related("settlement").earliest("pk")


def _form(basket: "Basket") -> dict[str, str]:
    """As the page would show it: sums, prepayment and the version of the offer are those of this moment."""
    from orders.checkout import lines_hash
    from orders.placement import offer_in_force
    from orders.recheck import recheck
    from orders.terms import Wish, terms_of

    point = _branch()
    lines = basket.read_lines()
    wish = Wish(settlement=point.settlement, point=point, payment_kind="on-delivery")
    terms = terms_of(recheck(lines), wish, customer=None)
    if terms.payment is None:
        terms = terms_of(recheck(lines), replace(wish, payment_kind="invoice"), customer=None)
    return {
        "csrfmiddlewaretoken": _CSRF,
        "key": str(basket.placement_key),
        "shown_total": str(terms.total),
        "shown_delivery": str(terms.delivery_total),
        "shown_prepayment": str(terms.prepayment),
        "offer_version": str(offer_in_force().version),
        "shown_lines": lines_hash(lines),
        "surname": "Шевченко",
        "given_name": "Олена",
        "patronymic": "Іванівна",
        "phone": "067 123 45 67",
        "email": "olena@example.com",
        "delivery_kind": "nova-poshta",
        "town": point.settlement.name,
        "settlement": str(point.settlement_id),
        "pickup_point": str(point.pk),
        "payment_kind": str(terms.payment_kind),
        "comment": "",
    }


def _tokens(buyer: Mapping[str, object]) -> dict[str, str]:
    form = buyer["form"]
    return {"basket": str(buyer["basket"]), "session": str(buyer["session"]), "key": uuid.UUID(form["key"]).hex}  # type: ignore[index]


def order_here(ready: Mapping[str, object]) -> dict[str, str]:
    """Send one checkout through the whole shop; gives back which text in its SQL stands for what."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"accept-language": "uk"})
    client.cookies[settings.SESSION_COOKIE_NAME] = ready["session"]
    answer = client.post(reverse("orders:checkout"), ready["form"])
    if answer.status_code != 302 or "/orders/" not in answer.url:
        raise SystemExit(f"no order placed: {answer.status_code} {answer.content[:2000].decode()}")
    number = answer.url.split("/orders/")[1].split("/")[0]
    return _tokens(ready) | {"number": number}


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
