"""``export_pricelist GROUP``: the price list for a group of customers as CSV or XLSX."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from shop.catalog.models import CustomerGroup
from shop.offers.exporting import RETAIL, csv_price_list, xlsx_price_list

_RETAIL = "retail"


class Command(BaseCommand):
    help = "Write the price list for a group of customers: every part for sale at its best price for them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("group", help=f"name or id of a customer group, or {_RETAIL}")
        parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        parser.add_argument("--output", type=Path, help="a file; without it the list goes to standard output")

    def handle(self, *, group: str, format: str, output: Path | None, **_: Any) -> None:
        chosen = _find_group(group)
        if output is None:
            _write(chosen, format, sys.stdout.buffer)
            return
        # Whoever reads the file never sees half of it.
        unfinished = output.with_name(f".{output.name}.part")
        with unfinished.open("wb") as file:
            _write(chosen, format, file)
        unfinished.replace(output)


def _find_group(text: str) -> CustomerGroup:
    if text.casefold() == _RETAIL:
        return RETAIL
    groups = list(CustomerGroup.objects.all())
    found = [each for each in groups if text.casefold() == each.name_uk.casefold() or text == str(each.pk)]
    if not found:
        known = ", ".join([_RETAIL, *(each.name_uk for each in groups)])
        raise CommandError(f"Групи «{text}» немає. Є: {known}.")
    return found[0]


def _write(group: CustomerGroup, format: str, file: IO[bytes]) -> None:
    if format == "xlsx":
        xlsx_price_list(group, file)
        return
    for piece in csv_price_list(group):
        file.write(piece)
