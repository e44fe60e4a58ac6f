"""Which column is what: by the words of its head, and by what stands under it.

Both give points; a head that names a column outweighs the cells, which decide between candidates and where no head
helps. Only a choice that stands on one of the two is made; the rest is asked of a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from shop.catalog.numbers import brand_key
from shop.lib.tables import Table, TableRefused
from shop.offers.pricelists import cells
from shop.offers.pricelists.column_facts import ColumnFacts, facts_of
from shop.offers.pricelists.currency_words import head_currency, title_currency
from shop.offers.pricelists.header_words import (
    FIELDS,
    INTERNAL,
    MAKERS,
    RETAIL,
    WHOLESALE,
    WITH_VAT,
    WITHOUT_VAT,
    head_fields,
)
from shop.offers.pricelists.layout import MOST_HEAD_ROWS, Layout, combined

_SAMPLE_ROWS = 2000
_SURE = 5.0
# Heads nobody knows speak against a row, but a file may have any number of columns that are none of ours.
_MOST_UNKNOWN = 6
# Columns of which a file may have several.
_SEVERAL = ("stock", "oe", "cross")
# Points of cells alone from which a column without a telling head is taken for a field.
_ENOUGH = {"brand": 5.0, "article": 4.0, "price": 4.0, "name": 4.0, "barcode": 7.0, "stock": 4.5}
_NAMES = {"brand": _("бренд"), "article": _("артикул"), "price": _("ціна")}


def recognise(table: Table, *, brands: Mapping[str, int], currency: str) -> Layout:
    """How to read this file. Raises TableRefused ``columns`` when brand, article or price cannot be told."""
    layout, is_branded = _guessed(table, brands=brands, currency=currency)
    missing = layout.missing() + ([] if is_branded else ["brand"])
    if missing:
        names = ", ".join(str(_NAMES[name]) for name in ("brand", "article", "price") if name in missing)
        raise TableRefused("columns", _("Не впізнано колонки: %(names)s. Вкажіть їх у перегляді файлу."), names=names)
    return layout


def guess(table: Table, *, brands: Mapping[str, int], currency: str) -> Layout:
    """As ``recognise``, with gaps where it cannot tell: what a person begins from."""
    return _guessed(table, brands=brands, currency=currency)[0]


def _guessed(table: Table, *, brands: Mapping[str, int], currency: str) -> tuple[Layout, bool]:
    rows = [[cell.strip() for cell in row] for row in islice(table.rows(), _SAMPLE_ROWS)]
    header_row, heads = _find_heads(rows, brands)
    width = max((len(row) for row in rows), default=0)
    heads += [""] * (width - len(heads))
    goods = [row for row in rows[header_row:] if sum(map(bool, row)) >= min(3, max(width - 1, 1))]
    facts = [facts_of([row[place] if place < len(row) else "" for row in goods], brands) for place in range(width)]
    columns = _chosen(heads, facts, currency)
    titles = [cell for row in rows[: max(header_row - 1, 0)] for cell in row if cell]
    if not header_row:
        titles = []
    price = columns.get("price", ())
    price_head = heads[price[0]] if price else ""
    brand = "" if "brand" in columns else _brand_of_all(rows, header_row, titles, table.format.sheet, brands)
    is_branded = "brand" in columns or bool(brand) or _has_brand_rows(rows[header_row:], brands)
    layout = Layout(
        format=table.format,
        header_row=header_row,
        headers=heads,
        columns=columns,
        decimal=_decimal(table, [row[price[0]] for row in goods if price[0] < len(row)] if price else []),
        currency=head_currency(price_head) or title_currency(titles),
        has_vat=_vat([price_head], titles),
        brand=brand,
    )
    return layout, is_branded


# --- heads ---


def _find_heads(rows: Sequence[Sequence[str]], brands: Mapping[str, int]) -> tuple[int, list[str]]:
    """Number of the last row of heads (0 = none) and the heads, those of two rows joined."""
    best, found, heads = 0.0, 0, list[str]()
    for number, row in enumerate(rows[:MOST_HEAD_ROWS], start=1):
        if not any(row):
            continue
        alone = _head_points(row)
        if alone > best:
            best, found, heads = alone, number, list(row)
        above = rows[number - 2] if number > 1 else []
        if _continues(above, row, brands):
            told = combined(above, row)
            both = _head_points(told)
            if both > best or (found == number - 1 and both > best - 1):
                best, found, heads = both, number, told
    if best < 2:
        return 0, []
    return found, heads


def _head_points(row: Sequence[str]) -> float:
    """How many different things a row names; a head must name an article or a price, and something beside."""
    fields: dict[str, float] = {}
    unknown = 0
    for cell in row:
        if not cell:
            continue
        named = head_fields(cell)
        if not named:
            unknown += 1
        for field, points in named.items():
            fields[field] = max(fields.get(field, 0.0), points)
    sure = [field for field, points in fields.items() if points >= _SURE and field != "other"]
    weak = [field for field, points in fields.items() if 0 < points < _SURE and field != "other"]
    if not {"article", "price"} & {*sure, *weak} or len(sure) + len(weak) < 2 or not sure:
        return 0.0
    return (
        len(sure)
        + len(weak) / 2
        + 0.25 * ("other" in fields)
        - 0.3 * min(unknown, _MOST_UNKNOWN)
        + min(sum(fields.values()), 90) / 1000
    )


def _continues(above: Sequence[str], row: Sequence[str], brands: Mapping[str, int]) -> bool:
    """Whether a row is the lower half of a head: under gaps of the upper one, and nothing of the goods in it."""
    told = [cell for cell in row if cell]
    if sum(map(bool, above)) < 2 or not told or any(brand_key(cell) in brands for cell in told):
        return False
    if any(cell.replace(" ", "").replace(",", "").replace(".", "").isdigit() for cell in told):
        return False
    if _is_units(row):
        return True
    under_gaps = any(cell and not (above[place] if place < len(above) else "") for place, cell in enumerate(row))
    return len(told) >= 2 and under_gaps


def _is_units(row: Sequence[str]) -> bool:
    """``грн`` and ``шт`` under the heads."""
    told = [cell.casefold().strip(" .,()") for cell in row if cell]
    return bool(told) and all(
        head_currency(cell) or cell in ("шт", "дні", "днів", "pcs", "days", "од") for cell in told
    )


# --- columns ---


@dataclass(frozen=True, order=True)
class _Claim:
    points: float
    place: int
    field: str
    is_named: bool


def _chosen(heads: Sequence[str], facts: Sequence[ColumnFacts], currency: str) -> dict[str, tuple[int, ...]]:
    """The best claim first; a column is one thing, and a thing one column but for stock and numbers."""
    taken: dict[int, str] = {}
    chosen: dict[str, list[int]] = {}
    claims = sorted(_claims(heads, facts, currency), key=lambda claim: (-claim.points, claim.place))
    for claim in claims:
        if claim.place in taken or (claim.field in chosen and claim.field not in _SEVERAL):
            continue
        if claim.field in chosen and not claim.is_named:
            continue
        taken[claim.place] = claim.field
        chosen.setdefault(claim.field, []).append(claim.place)
    if "article" not in chosen and len(chosen.get("oe", ())) == 1 and facts[chosen["oe"][0]].is_one_number:
        # Dealers of original parts call the only number they have by its kind.
        chosen["article"] = chosen.pop("oe")
    if "stock" in chosen:
        chosen["stock"] = _stock_columns(chosen["stock"], heads)
    return {field: tuple(sorted(chosen[field])) for field in FIELDS if field in chosen}


def _claims(heads: Sequence[str], facts: Sequence[ColumnFacts], currency: str) -> Iterable[_Claim]:
    for place, (head, fact) in enumerate(zip(heads, facts, strict=True)):
        named = head_fields(head)
        other = named.get("other", 0.0)
        for field in FIELDS:
            said, seen = named.get(field, 0.0), fact.points(field)
            if said and other > said:
                continue
            if said:
                points = said + seen + _preference(field, head, currency)
                if fact.is_empty or (seen > -6 and points > 0):
                    yield _Claim(20 + points if said >= _SURE else 10 + points, place, field, True)
            elif not other and seen >= _ENOUGH.get(field, 99.0) and max(named.values(), default=0.0) < _SURE:
                yield _Claim(seen, place, field, False)


def _preference(field: str, head: str, currency: str) -> float:
    """Between columns of one kind: the wholesale price before the retail one, the maker's number before others."""
    if field == "price":
        told = head_currency(head)
        return (
            4 * bool(WHOLESALE.search(head))
            - 8 * bool(RETAIL.search(head))
            + (1.5 if told == currency else -1.5 if told else 0)
            + bool(WITH_VAT.search(head))
        )
    if field == "article":
        return 3 * bool(MAKERS.search(head)) - 4 * bool(INTERNAL.search(head))
    return 0.0


def _stock_columns(places: list[int], heads: Sequence[str]) -> list[int]:
    """Without a column of the sum beside those of the warehouses: what it counts would count twice."""
    if len(places) < 2:
        return places
    sums = [place for place in places if cells.is_sum_head(heads[place])]
    apart = [place for place in places if place not in sums]
    return apart if len(apart) >= 2 else sums[:1] or places


# --- the brand where no column holds it ---


def _brand_of_all(
    rows: Sequence[Sequence[str]], header_row: int, titles: Sequence[str], sheet: str, brands: Mapping[str, int]
) -> str:
    """A brand the lines above the table or the sheet name; none when rows between the goods name brands."""
    if _has_brand_rows(rows[header_row:], brands):
        return ""
    named = {}
    for text in [*titles, sheet]:
        words = text.replace("«", " ").replace("»", " ").replace('"', " ").split()
        for start in range(len(words)):
            for end in range(start + 1, min(start + 4, len(words)) + 1):
                spelling = " ".join(words[start:end]).strip(".,:;()")
                key = brand_key(spelling)
                if len(key) >= 3 and key in brands:
                    named[brands[key]] = spelling
    return next(iter(named.values())) if len(named) == 1 else ""


def _has_brand_rows(rows: Iterable[Sequence[str]], brands: Mapping[str, int]) -> bool:
    for row in rows:
        told = [cell for cell in row if cell]
        if len(told) == 1 and brand_key(told[0]) in brands:
            return True
    return False


# --- marks ---


def _decimal(table: Table, prices: Sequence[str]) -> str:
    if table.format.is_workbook:
        return "."
    return cells.decimal_mark(
        [price for price in prices if price], fallback="." if table.format.delimiter == "," else ","
    )


def _vat(heads: Sequence[str], titles: Sequence[str]) -> bool | None:
    for texts in (heads, titles):
        for text in texts:
            if WITHOUT_VAT.search(text):
                return False
            if WITH_VAT.search(text):
                return True
    return None
