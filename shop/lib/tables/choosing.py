"""Which sheet of a workbook is the price list: heads of columns that price lists have, above rows that hold numbers."""

import re

# Words of heads in the languages suppliers write in; shop.offers reads price lists, this only picks a sheet.
_HEADS = re.compile(
    r"ціна|цена|price|preis|cena|опт\b|варт|стоим"
    r"|артик|article|artik|номер|number|\bno\b|код|code|indeks|numer|nummer"
    r"|бренд|brand|виробн|произв|marke|hersteller|producent|marka|фірма|фирма"
    r"|назв|найм|наим|name|опис|descr|bezeich|nazwa"
    r"|залиш|остат|наявн|налич|stock|qty|quant|bestand|stan|ilo|к-сть|кол",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*[$€₴]?\s*\d[\d\s.,]*")
PEEK_ROWS = 60


def likeness(name: str, rows: list[list[str]]) -> float:
    """How much a sheet looks like a price list, by its name and its first rows."""
    heads = max((len({m.lower() for cell in row if (m := _head(cell))}) for row in rows), default=0)
    goods = sum(1 for row in rows if sum(map(bool, row)) >= 3 and any(_NUMBER.fullmatch(cell) for cell in row if cell))
    named = bool(re.search(r"прайс|price|preis|cennik", name, re.IGNORECASE))
    return min(heads, 6) * 5 + min(goods, PEEK_ROWS) / 2 + 3 * named


def _head(cell: str) -> str:
    found = _HEADS.search(cell) if cell and len(cell) <= 60 else None
    return found.group() if found else ""
