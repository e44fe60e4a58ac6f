"""Price lists of a few lines for tests of reading."""

import csv
import io

from shop.catalog.numbers import brand_key
from shop.lib.tables import open_table
from shop.offers.pricelists.columns import recognise
from shop.offers.pricelists.rows import RowReader

NAMES = ("Bosch", "MANN-FILTER", "Febi Bilstein", "АЗМОЛ", "SKF", "TRW")
BRANDS = {brand_key(name): number for number, name in enumerate(NAMES, start=1)}


def written(path, rows, delimiter=";"):
    """A CSV file of these rows (lists of cells)."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def recognised(path, rows, currency="UAH"):
    with open_table(written(path, rows)) as table:
        return recognise(table, brands=BRANDS, currency=currency)


def read(path, rows, layout=None, currency="UAH"):
    """What becomes of every row after the heads."""
    with open_table(written(path, rows)) as table:
        layout = layout or recognise(table, brands=BRANDS, currency=currency)
        return list(RowReader(layout, BRANDS, currency=currency).lines(table.rows()))


def goods(lines):
    """Brand number, article and price of the good ones."""
    return [(line.brand_id, line.article_number, line.price) for line in lines if line.state == "o"]


def refusals(lines):
    return [(line.row, line.reason, line.value) for line in lines if line.state == "r"]


def passed_over(lines):
    return [(line.row, line.reason) for line in lines if line.state == "i"]
