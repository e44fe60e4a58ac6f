"""Rows of a price list → lines of the table ``staged``: good goods, rejected rows with a reason, and what is no goods.

A good row is written by the shortest way there is, from what was understood of the same cells before; every other row
goes the long way of ``_lines``. Both read a cell by the same functions of ``cells``, and a test holds them together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import NamedTuple

from shop.catalog.numbers import article_key, brand_key
from shop.offers.models import Currency
from shop.offers.pricelists import cells
from shop.offers.pricelists.currency_words import currency_of
from shop.offers.pricelists.layout import Layout
from shop.offers.pricelists.sections import Sections

STAGED_COLUMNS = (
    "state", "row", "line", "reason", "field", "value", "brand_id", "article_number", "article_key", "name", "price",
    "currency", "pieces", "is_at_least", "is_in_stock", "lead_min", "lead_max", "place", "numbers", "crosses",
)  # fmt: skip
# Lines in one piece of COPY text, and different cells of a column that are remembered.
_CHUNK = 4000
_MOST_REMEMBERED = 20_000
_MOST_VALUE = 200
_NULL = "\\N"
_SEPARATOR = "\x1f"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
# Everything of ASCII that is no part of an article's key; other letters go the way of ``article_key``.
_NO_KEY = {number: None for number in range(128) if not chr(number).isalnum()}


@dataclass(frozen=True)
class StagedLine:
    """One line of ``staged``. state: o good, r rejected, i ignored; a row has one line for each of its warehouses."""

    state: str
    row: int
    line: int = 0
    reason: str = ""
    field: str = ""
    value: str = ""
    brand_id: int | None = None
    article_number: str = ""
    article_key: str = ""
    name: str = ""
    price: str = ""
    currency: str = ""
    pieces: int | None = None
    is_at_least: bool = False
    is_in_stock: bool = False
    lead_min: int | None = None
    lead_max: int | None = None
    place: int = 0
    numbers: tuple[str, ...] = ()
    crosses: tuple[str, ...] = ()


class _Goods(NamedTuple):
    """The cells of one row that matter, trimmed."""

    brand: str
    article: str
    name: str
    price: str
    currency: str
    stock: tuple[str, ...]
    delivery: str
    numbers: tuple[str, ...]
    crosses: tuple[str, ...]


class RowReader:
    """Reads the rows of one file. ``brands``: brand key → id; ``currency``: of prices that have none of their own."""

    def __init__(self, layout: Layout, brands: Mapping[str, int], *, currency: str) -> None:
        self.rows_read = 0
        self._layout = layout
        self._brands = brands
        self._currency = layout.currency or currency
        self._decimal = layout.decimal
        first = {field: places[0] for field, places in layout.columns.items() if places}
        self._places = tuple(first.get(field, -1) for field in ("brand", "article", "price", "name", "delivery"))
        self._brand, self._article, self._price, self._name, self._delivery = self._places
        self._currency_place = first.get("currency", -1)
        self._stock = layout.columns.get("stock", ())
        self._oe, self._cross = layout.columns.get("oe", ()), layout.columns.get("cross", ())
        unit_head = layout.headers[self._delivery] if 0 <= self._delivery < len(layout.headers) else ""
        self._unit = cells.delivery_unit(unit_head)
        self._sections = Sections(layout, brands)

    def copy_text(self, rows: Iterable[list[str]]) -> Iterator[str]:
        """COPY text in the order of ``STAGED_COLUMNS``, in pieces of some thousand lines."""
        lines = self._texts(self._body(rows))
        while piece := list(islice(lines, _CHUNK)):
            yield "".join(piece)

    def lines(self, rows: Iterable[list[str]]) -> Iterator[StagedLine]:
        """The same as objects."""
        for row in self._body(rows):
            self.rows_read += 1
            yield from self._lines(row, self._layout.header_row + self.rows_read)

    def _body(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        return islice(iter(rows), self._layout.header_row, None)

    def _texts(self, rows: Iterator[list[str]]) -> Iterator[str]:
        """The short way for rows that are good, the long one for all others.

        A row with a known brand, an article, a name and a price is no section, total or head: it needs no other look.
        """
        sections, stock_at = self._sections, self._stock
        at_brand, at_article, at_price, at_name, at_delivery = self._places
        has_brand, has_name, has_delivery = at_brand >= 0, at_name >= 0, at_delivery >= 0
        one_stock = stock_at[0] if len(stock_at) == 1 else -1
        has_numbers = bool(self._oe or self._cross)
        needed = max(self._places + self._stock)
        # One line for each warehouse and a currency in its own column are rare enough for the long way.
        has_short_way = self._currency_place < 0 and not self._layout.are_places_apart
        brands: dict[str, str] = {}
        stocks: dict[str | tuple[str, ...], str] = {}
        deliveries: dict[str, str] = {}
        priced, damage = self._price_text, cells.article_damage
        name, stock, lead, numbers = "", self._stock_text(()), f"{_NULL}\t{_NULL}", f"{_NULL}\t{_NULL}"
        for number, row in enumerate(rows, start=self._layout.header_row + 1):
            self.rows_read += 1
            if has_short_way and len(row) > needed:
                spelling = row[at_brand] if has_brand else sections.brand
                brand = brands.get(spelling)
                if brand is None:
                    brand = _remember(brands, spelling, str(self._brands.get(brand_key(spelling), "")))
                article = row[at_article].strip()
                if is_clean := article.isalnum():
                    key = article.upper()
                elif article.isascii():
                    key = article.upper().translate(_NO_KEY)
                else:
                    key = article_key(article)
                if has_name:
                    name = row[at_name].strip()
                is_whole = brand and key and (name or not has_name) and (has_brand or not article.isalpha())
                if is_whole and (price := priced(row[at_price])) and (is_clean or not damage(article)):
                    if one_stock >= 0:
                        stock = stocks.get(row[one_stock]) or self._stock_text(
                            (row[one_stock],), stocks, row[one_stock]
                        )
                    elif stock_at:
                        said = tuple([row[place] for place in stock_at])
                        stock = stocks.get(said) or self._stock_text(said, stocks, said)
                    if has_delivery:
                        lead = deliveries.get(row[at_delivery]) or self._lead_text(row[at_delivery], deliveries)
                    if has_numbers:
                        numbers = self._number_texts(row)
                    if not is_clean and (not article.isprintable() or "\\" in article):
                        article = _escaped(article)
                    if not name.isprintable() or "\\" in name or "  " in name:
                        name = _escaped(" ".join(name.split()))
                    sections.goods()
                    yield (
                        f"o\t{number}\t0\t\\N\t\\N\t\\N\t{brand}\t{article}\t{key}\t{name}\t{price}\t{stock}"
                        f"\t{lead}\t0\t{numbers}\n"
                    )
                    continue
            for line in self._lines(row, number):
                yield _text(line)

    def _price_text(self, cell: str) -> str:
        if amount := cells.plain_price(cell):
            return f"{amount}\t{self._currency}"
        price = cells.parse_price(cell, self._decimal)
        return "" if price.reason else f"{price.amount}\t{price.currency or self._currency}"

    def _stock_text(
        self,
        texts: Sequence[str],
        known: dict[str | tuple[str, ...], str] | None = None,
        said: str | tuple[str, ...] = "",
    ) -> str:
        text = "\t".join(map(_value, _sum([cells.parse_stock(text) for text in texts])))
        return text if known is None else _remember(known, said, text)

    def _lead_text(self, cell: str, known: dict[str, str]) -> str:
        lead = cells.parse_delivery(cell, self._unit) or (None, None)
        return _remember(known, cell, "\t".join(map(_value, lead)))

    def _number_texts(self, row: list[str]) -> str:
        return "\t".join(
            _escaped(_SEPARATOR.join(numbers)) if (numbers := _split(_at(row, places))) else _NULL
            for places in (self._oe, self._cross)
        )

    def _lines(self, row: list[str], number: int) -> list[StagedLine]:
        """Everything there is to know of a row; at least one line."""
        if reason := self._sections.ignored(row):
            return [StagedLine("i", number, reason=reason)]
        goods = self._goods(row)
        brand_id = self._brands.get(brand_key(goods.brand))
        price = cells.Price("", reason="price_missing")
        field, value = "", ""
        if not goods.brand:
            reason, field, value = "missing_brand", "brand", goods.brand
        elif brand_id is None:
            reason, field, value = "unknown_brand", "brand", goods.brand
        elif not (key := article_key(goods.article)) or not goods.article:
            reason, field, value = "missing_article", "article", goods.article
        elif reason := cells.article_damage(goods.article):
            field, value = "article", goods.article
        elif self._name >= 0 and not goods.name:
            reason, field, value = "missing_name", "name", goods.name
        elif (price := self._priced(goods)).reason:
            reason, field, value = price.reason, "price", self._money(goods.price)
            if price.reason == "currency_unknown" and goods.currency:
                field, value = "currency", goods.currency
        else:
            return list(self._good_lines(number, goods, brand_id, key, price))
        return [
            StagedLine(
                "r", number, reason=reason, field=field, value=value[:_MOST_VALUE], brand_id=brand_id,
                article_number=goods.article[:_MOST_VALUE], name=goods.name[:_MOST_VALUE],
            )
        ]  # fmt: skip

    def _good_lines(
        self, number: int, goods: _Goods, brand_id: int, key: str, price: cells.Price
    ) -> Iterator[StagedLine]:
        lead = cells.parse_delivery(goods.delivery, self._unit) or (None, None)
        stocks = [cells.parse_stock(text) for text in goods.stock]
        if not self._layout.are_places_apart:
            stocks = [_sum(stocks)]
        for place, stock in enumerate(stocks):
            yield StagedLine(
                "o", number, place, "", "", "", brand_id, goods.article, key, " ".join(goods.name.split()),
                price.amount, price.currency, *stock, lead[0], lead[1], place,
                () if place else goods.numbers, () if place else goods.crosses,
            )  # fmt: skip

    def _goods(self, row: list[str]) -> _Goods:
        return _Goods(
            brand=_cell(row, self._brand) or self._sections.brand,
            article=_cell(row, self._article),
            name=_cell(row, self._name),
            price=_cell(row, self._price),
            currency=_cell(row, self._currency_place),
            stock=tuple(_cell(row, place) for place in self._stock),
            delivery=_cell(row, self._delivery),
            numbers=_split(_at(row, self._oe)),
            crosses=_split(_at(row, self._cross)),
        )

    def _money(self, cell: str) -> str:
        """A cell of a workbook is a number without its form; people know it as money."""
        try:
            return f"{Decimal(cell):.2f}" if self._layout.format.is_workbook and cell else cell
        except InvalidOperation:
            return cell

    def _priced(self, goods: _Goods) -> cells.Price:
        price = cells.parse_price(goods.price, self._decimal)
        if price.reason or price.currency:
            return price
        currency = self._currency
        if goods.currency:
            currency = currency_of(goods.currency)
            if currency not in Currency:
                return cells.Price("", reason="currency_unknown")
        return price._replace(currency=currency)


def _remember[K](known: dict[K, str], said: K, text: str) -> str:
    """Cells repeat themselves; a column where they do not must not fill the memory."""
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[said] = text
    return text


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if 0 <= place < len(row) else ""


def _at(row: list[str], places: tuple[int, ...]) -> list[str]:
    return [row[place] for place in places if place < len(row) and row[place]]


def _split(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for text in texts for number in cells.split_numbers(text)))


def _sum(stocks: list[cells.Stock]) -> cells.Stock:
    """Of several warehouses together: what is counted, and at least that where one does not count."""
    counted = sum(stock.pieces or 0 for stock in stocks)
    is_uncounted = any(stock.pieces is None for stock in stocks)
    is_at_least = any(stock.is_at_least for stock in stocks) or (is_uncounted and counted > 0)
    return cells.Stock(
        None if is_uncounted and not counted else counted, is_at_least, any(s.is_in_stock for s in stocks)
    )


def _text(line: StagedLine) -> str:
    is_good = line.state == "o"
    return "\t".join(
        [
            line.state, str(line.row), str(line.line), _value(line.reason), _value(line.field),
            _NULL if is_good else _escaped(line.value), _value(line.brand_id), _value(line.article_number),
            _value(line.article_key), _escaped(line.name) if is_good else _value(line.name), _value(line.price),
            _value(line.currency), *(map(_value, _stock_of(line)) if is_good else [_NULL] * 3), _value(line.lead_min),
            _value(line.lead_max), str(line.place), _value(_SEPARATOR.join(line.numbers)),
            _value(_SEPARATOR.join(line.crosses)),
        ]
    ) + "\n"  # fmt: skip


def _stock_of(line: StagedLine) -> cells.Stock:
    return cells.Stock(line.pieces, line.is_at_least, line.is_in_stock)


def _value(value: object) -> str:
    """NULL for nothing; a sum of 0 and a plain False are something."""
    if value is None or value == "":
        return _NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return _escaped(str(value))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)
