"""kill -9 in the middle of placing: pressed again, each basket is one order, with its pieces, lines and messages once.

``python -m bench.order_kill`` does the same to the whole shop over HTTP.
"""

import os
import random
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from orders.holds import wrongly_reserved
from orders.models import Hold, Order, OrderEvent
from shop.messaging.models import Message
from shop.offers.models import StockItem
from tests.factories import BasketFactory, BasketLineFactory, LegalDocumentFactory, PickupPointFactory, own_offer

ORDERS = 40
KILLS = 6
_CODE = """
import django, sys
django.setup()
from decimal import Decimal
from orders.checkout import CheckoutData, lines_hash
from orders.models import Basket, DeliveryKind, PaymentKind
from orders.placement import place_order
from shop.delivery.models import PickupPoint
from shop.messaging import outbox

outbox._publish = lambda *args: None
point = PickupPoint.objects.select_related("carrier", "settlement").get()
print("ready", flush=True)
for name in sys.argv[1].split(","):
    basket_id, key, shown = name.split(":")
    basket = Basket.objects.get(pk=basket_id)
    checkout = CheckoutData(
        key=__import__("uuid").UUID(key), shown_lines=shown, surname="Шевченко", given_name="Олена", patronymic="",
        phone="+380671234567", email="olena@example.com", delivery_kind=DeliveryKind.NOVA_POSHTA, pickup_point=point,
        payment_kind=PaymentKind.ON_DELIVERY,
    )
    place_order(basket, checkout, shown_total=Decimal("300.00"))
print("done", flush=True)
"""


def buyer(forms):
    """A process of its own on the database of this test, ready to press all the buttons."""
    url = urlsplit(os.environ["DATABASE_URL"])
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}")),
        "DJANGO_SETTINGS_MODULE": "shop.settings.test",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _CODE, ",".join(forms)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"ready\n", process.stderr.read().decode()[-2000:]
    return process


@pytest.mark.django_db(transaction=True)
def test_orders_killed_at_random_moments_are_neither_lost_nor_doubled():
    from orders.checkout import lines_hash

    LegalDocumentFactory()
    PickupPointFactory()
    offer = own_offer(pieces=ORDERS * 2)
    forms = []
    for _order in range(ORDERS):
        basket = BasketFactory()
        BasketLineFactory(basket=basket, offer=offer, quantity=2)
        forms.append(f"{basket.pk}:{basket.placement_key}:{lines_hash(basket.read_lines())}")
    dice = random.Random(os.getpid())
    for _kill in range(KILLS):
        process = buyer(forms)
        time.sleep(dice.uniform(0, 0.5))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert wrongly_reserved() == []
        placed = Order.objects.count()
        assert Hold.objects.open().count() == OrderEvent.objects.filter(kind="placed").count() == placed
        assert Message.objects.count() == placed * 2
    process = buyer(forms)
    assert process.stdout.readline() == b"done\n", process.stderr.read().decode()[-2000:]
    process.wait()
    assert Order.objects.count() == ORDERS
    assert {str(key) for key in Order.objects.values_list("placement_key", flat=True)} == {
        form.split(":")[1] for form in forms
    }
    assert Message.objects.count() == ORDERS * 2
    assert StockItem.objects.get().reserved == ORDERS * 2
