"""kill -9 while a file is applied: the next worker brings it to the same end, and nothing is there twice."""

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

from shop.catalog.loading.receiving import apply, receive
from shop.catalog.loading.running import run_file
from shop.catalog.models import BrandAlias, CatalogFile, CatalogFileClaims, CatalogFileRow, Fitment, Part
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    CategoryFactory,
    GenerationFactory,
    MakeFactory,
    ModelFactory,
    ModificationFactory,
)

ROWS = 8_000
KILLS = 4
_CODE = """
import django, sys
django.setup()
from shop.catalog.loading.running import run_file
print("ready", flush=True)
run_file(int(sys.argv[1]))
"""


def worker(file):
    settings = connection.settings_dict
    url = urlsplit(os.environ["DATABASE_URL"])
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{settings['NAME']}")),
        "DJANGO_SETTINGS_MODULE": "shop.settings.test",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _CODE, str(file.pk)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n", process.stderr.read().decode()[-2000:]
    return process


@pytest.mark.django_db(transaction=True)
def test_a_file_killed_at_random_moments_is_applied_once():
    brand, category = BrandFactory(name="TRW"), CategoryFactory()
    BrandAlias.objects.create(brand=brand, name="TRW", key="trw")
    golf = ModelFactory(make=MakeFactory(name="VW"), name="Golf")
    ModificationFactory(generation=GenerationFactory(model=golf, name="V (1K1)"))
    Part.objects.bulk_create(
        Part(brand=brand, category=category, article_number=f"N{n}", article_key=f"N{n}", search_key=f"N{n}")
        for n in range(ROWS)
    )
    lines = [f"TRW;N{n};VW Golf V;{'' if n % 2 else 'передня'}" for n in range(ROWS)]
    content = "\n".join(["Бренд;Артикул;Авто;Вісь", *lines, "TRW;нема;VW Golf V;"]).encode()
    file = receive(CatalogSourceFactory(), ContentFile(content, "fit.csv"), kind=CatalogFile.Kind.FITMENT)
    run_file(file.pk)
    apply(file)
    connections.close_all()
    chance = random.Random(4)
    for _ in range(KILLS):
        process = worker(file)
        time.sleep(chance.uniform(0.02, 0.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
    CatalogFile.objects.filter(pk=file.pk).update(attempts=0)
    time.sleep(0.3)
    run_file(file.pk)
    file.refresh_from_db()
    assert file.status == CatalogFile.Status.APPLIED
    assert Fitment.objects.count() == ROWS
    assert sum(len(claims.ids) for claims in CatalogFileClaims.objects.all()) == ROWS
    assert CatalogFileRow.objects.get().reason == "unknown_part"
