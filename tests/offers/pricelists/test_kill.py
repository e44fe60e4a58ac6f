"""kill -9 at any moment: the next worker brings the list to the same end as one that was never disturbed."""

import os
import random
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections

from shop.catalog.models import BrandAlias, Part
from shop.offers.models import Markup, Offer, PartShelf, PastPrice, PriceListVersion
from shop.offers.pricelists.receiving import receive
from shop.offers.pricelists.running import run_version
from tests.factories import BrandFactory, CategoryFactory, PriceListFactory, WarehouseFactory

ROWS = 12_000
KILLS = 10
_CODE = """
import django, sys
django.setup()
from shop.offers.models import PriceListVersion
from shop.offers.pricelists.running import run_version
print("ready", flush=True)
run_version(int(sys.argv[1]))
print("done", flush=True)
"""


def rows(step):
    """Every third price moves a little each time, and another hundredth of the rows is missing."""
    for number in range(ROWS):
        if number % 100 != step:
            yield f"Bosch;N{number};Фільтр масляний;{100 + number % 50 + (step if number % 3 == 0 else 0)};{number % 7}"


def receive_next(price_list, step):
    content = "\n".join(["Бренд;Артикул;Назва;Ціна;Залишок", *rows(step)]).encode()
    return receive(price_list, ContentFile(content), name=f"{step}.csv", origin="folder")


def worker(version):
    """A process of its own on the database of this test, ready to run the version."""
    settings = connection.settings_dict
    url = urlsplit(os.environ["DATABASE_URL"])
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{settings['NAME']}")),
        "DJANGO_SETTINGS_MODULE": "shop.settings.test",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _CODE, str(version.pk)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n", process.stderr.read().decode()[-2000:]
    return process


def state():
    """Everything an import decides, without ids and moments."""
    offers = Offer.objects.order_by("part").values_list("part", "purchase_price", "price", "pieces", "lead_days")
    shelf = PartShelf.objects.order_by("part").values_list("part", "price", "lead_days")
    past = PastPrice.objects.order_by("part", "price", "purchase_price").values_list("part", "price")
    versions = PriceListVersion.objects.order_by("number").values_list("number", "status", "is_on_shelf")
    return [list(rows) for rows in (offers, shelf, past, versions)]


@pytest.mark.django_db(transaction=True)
def test_a_list_killed_at_ten_random_moments_ends_like_one_that_was_not():
    warehouse = WarehouseFactory()
    price_list = PriceListFactory(supplier=warehouse.supplier)
    Markup.objects.create(percent=50)
    brand, category = BrandFactory(name="Bosch"), CategoryFactory()
    BrandAlias.objects.get_or_create(key="bosch", defaults={"brand": brand, "name": "Bosch"})
    Part.objects.bulk_create(
        Part(brand=brand, category=category, article_number=f"N{number}", article_key=f"N{number}",
             search_key=f"N{number}", name_uk="Фільтр масляний")
        for number in range(ROWS)
    )  # fmt: skip
    run_version(receive_next(price_list, 0).pk)

    # How long it takes undisturbed, in such a process; then back to the beginning.
    measured = receive_next(price_list, 1)
    process = worker(measured)
    began = time.monotonic()
    assert process.stdout.readline() == b"done\n", process.stderr.read().decode()[-2000:]
    took = time.monotonic() - began
    process.wait()

    dice = random.Random(os.getpid())
    version, killed = receive_next(price_list, 2), 0
    moments = sorted(dice.uniform(0, took * 1.1) for _ in range(KILLS))
    for moment in moments:
        process = worker(version)
        time.sleep(moment)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        killed += 1
        PriceListVersion.objects.filter(pk=version.pk).update(attempts=0)  # ten kills are a person's doing
        version.refresh_from_db()
        # In between, all of the old list or all of the new one is in force.
        in_force = dict(Offer.objects.values_list("part__article_number", "purchase_price"))
        assert ("N1" in in_force, "N2" in in_force) in {(False, True), (True, False)}
    assert killed == KILLS
    run_version(version.pk)
    version.refresh_from_db()
    assert (version.status, version.is_on_shelf) == (PriceListVersion.Status.ACTIVE, True)
    disturbed = state()

    # The same three files on a list that nobody disturbed.
    for model in (PastPrice, Offer, PriceListVersion, PartShelf):
        model.objects.all().delete()
    price_list.reading = {}
    price_list.save()
    for step in range(3):
        run_version(receive_next(price_list, step).pk)
    assert state() == disturbed
    connections.close_all()
