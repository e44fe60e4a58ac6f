"""Run inside the shop (``python -m bench.inside_pricelist SUPPLIER FILE``): take a list in as a worker does.

Prints one line of JSON: seconds from the arrival of the file to the last row of the shelf, seconds until the lists of
large categories are ready besides, rows, peak memory.
"""

import json
import os
import sys
import time
from pathlib import Path
from unittest import mock

import django


def main(code: str, file: Path) -> None:
    django.setup()
    from django.core.files import File

    from shop.offers.announcing import announce_offers
    from shop.offers.models import PriceList, PriceListVersion, Supplier
    from shop.offers.pricelists import shelving
    from shop.offers.pricelists.receiving import receive
    from shop.offers.pricelists.running import peak_memory_mb, run_version

    price_list, _made = PriceList.objects.get_or_create(supplier=Supplier.objects.get(code=code), name="main")
    on_shelf: list[float] = []

    def announce() -> None:
        on_shelf.append(time.monotonic())
        announce_offers()

    # As the worker of imports is started: buyers come first.
    os.nice(10)
    began = time.monotonic()
    with file.open("rb") as opened:
        version = receive(price_list, File(opened, file.name), name=file.name, origin=PriceListVersion.Origin.COMMAND)
    with mock.patch.object(shelving, "announce_offers", announce):
        run_version(version.pk)
    ready = time.monotonic() - began
    version.refresh_from_db()
    if version.status != PriceListVersion.Status.ACTIVE or not version.is_on_shelf:
        raise SystemExit(f"{version.status}: {version.brakes} {version.refusal}")
    rows = version.trial["rows_after_header"]
    said = {"seconds": on_shelf[0] - began, "ready": ready, "rows": rows, "peak_mb": peak_memory_mb()}
    print(json.dumps(said | {"read": version.trial["seconds"]}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
