"""Price lists as the writer of one more accounting program might make them: random goods in a random dialect."""

import csv
import io
import random
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import xlsxwriter

import shop.catalog
from shop.catalog.numbers import article_key, brand_key

with (Path(shop.catalog.__file__).parent / "data" / "brands.csv").open(encoding="utf-8") as _file:
    _ROWS = list(csv.DictReader(_file))
SPELLINGS = {
    number: [row["name"], *(alias for alias in row["aliases"].split(";") if alias)]
    for number, row in enumerate(_ROWS, start=1)
}
BRANDS = {brand_key(spelling): number for number, spellings in SPELLINGS.items() for spelling in spellings}
_PATTERNS = {
    number: [row["article_pattern"], *(each.split("=")[1] for each in row["category_patterns"].split(";") if each)]
    for number, row in enumerate(_ROWS, start=1)
}

HEADS = {
    "uk": {
        "brand": ["Бренд", "Виробник", "ТМ", "Торгова марка"],
        "article": ["Артикул", "Каталожний номер", "Номер запчастини", "Код виробника"],
        "name": ["Назва", "Найменування", "Опис товару", "Номенклатура"],
        "price": ["Ціна", "Ціна опт", "Вартість", "Гуртова ціна"],
        "stock": ["Залишок", "Наявність", "К-сть", "Кількість на складі"],
        "delivery": ["Термін доставки, дні", "Термін постачання", "Строк доставки (днів)"],
        "oe": ["OE номер", "Оригінальний номер", "Номери OE"],
        "currency": ["Валюта"],
        "other": ["№ з/п", "Од. вим.", "Група", "Вага, кг"],
        "retail": ["Роздрібна ціна", "РРЦ", "Ціна роздріб"],
        "barcode": ["Штрихкод", "Штрих-код", "EAN"],
    },
    "ru": {
        "brand": ["Бренд", "Производитель", "Изготовитель", "Фирма"],
        "article": ["Артикул", "Каталожный номер", "Номер детали", "Код производителя"],
        "name": ["Наименование", "Название", "Описание", "Наименование товара"],
        "price": ["Цена", "Цена оптовая", "Стоимость", "Цена закупки"],
        "stock": ["Остаток", "Наличие", "Кол-во", "Количество"],
        "delivery": ["Срок поставки, дней", "Срок доставки", "Доставка, дн."],
        "oe": ["ОЕ номер", "Оригинальный номер", "Номера OEM"],
        "currency": ["Валюта"],
        "other": ["№ п/п", "Ед. изм.", "Группа", "Вес"],
        "retail": ["Цена розничная", "РРЦ", "Розница"],
        "barcode": ["Штрихкод", "Штрих-код", "EAN"],
    },
    "en": {
        "brand": ["Brand", "Manufacturer", "Brand name"],
        "article": ["Article", "Part number", "Part No.", "MPN"],
        "name": ["Name", "Description", "Product name"],
        "price": ["Price", "Net price", "Unit price", "Wholesale price"],
        "stock": ["Stock", "Qty", "Quantity", "Availability"],
        "delivery": ["Delivery days", "Lead time, days", "Lead time"],
        "oe": ["OE number", "OEM", "Original number"],
        "currency": ["Currency"],
        "other": ["No.", "Unit", "Group", "Weight"],
        "retail": ["Retail price", "RRP", "Recommended retail price"],
        "barcode": ["Barcode", "EAN", "EAN code"],
    },
}
_NAMES = (
    "Фільтр масляний", "Гальмівні колодки передні", "Диск гальмівний, 280 мм", "Свічка розжарювання", "Oil filter",
    'Щітка склоочисника 24"', "Комплект ГРМ; ремінь і ролики", "Фильтр салона угольный", "Колодки тормозные | зад",
    "Brake pad set, front axle", "Підшипник ступиці «посилений»", "Radiator, engine cooling", "Амортизатор задній",
)  # fmt: skip
_CARS = (
    "",
    " VW Golf VII 1.4 TSI 2013–2017",
    " Škoda Octavia A5",
    " Ланос 1.5",
    " Renault Logan 2004-",
    " BMW 3 (E46)",
)
# Cell → pieces, at least, in stock.
_STOCKS = {
    "0": (0, False, False), "1": (1, False, True), "4": (4, False, True), "120": (120, False, True),
    ">10": (10, True, True), "> 5": (5, True, True), "10+": (10, True, True), "понад 20": (20, True, True),
    "+": (None, False, True), "є": (None, False, True), "в наявності": (None, False, True), "-": (0, False, False),
    "немає": (0, False, False), "нет": (0, False, False), "під замовлення": (0, False, False), "7 шт": (7, False, True),
    "": (0, False, False),
}  # fmt: skip
_LEADS = {
    "": (None, None), "0": (0, 0), "1": (1, 1), "1-2": (1, 2), "3 дні": (3, 3), "5–7": (5, 7), "2 тижні": (14, 14),
    "завтра": (1, 1), "10 дн.": (10, 10),
}  # fmt: skip
_SIGNS = {"UAH": ("грн", "грн.", "₴", "UAH"), "USD": ("$", "USD"), "EUR": ("€", "EUR"), "PLN": ("zł", "PLN")}
_IN_WORDS = {
    "UAH": "Ціни вказані в гривнях з ПДВ",
    "USD": "Ціни в доларах",
    "EUR": "Preise in EUR",
    "PLN": "Ceny w PLN",
}
_GROUPS = ("Фільтри масляні", "Гальмівна система", "Підвіска та кермо", "Свічки запалювання")


@dataclass(frozen=True)
class Dialect:
    """How a file is written. ``told``: where its currency is said — nowhere (UAH), title, head, cell or column."""

    kind: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ";"
    is_quoted: bool = False
    line_end: str = "\r\n"
    decimal: str = ","
    thousands: str = ""
    language: str = "uk"
    titles: int = 0
    has_groups: bool = False
    has_blank_rows: bool = False
    has_total: bool = False
    brand_rows: bool = False
    told: str = "nowhere"
    currency: str = "UAH"
    fields: tuple[str, ...] = ("brand", "article", "name", "price", "stock")


@dataclass(frozen=True)
class Goods:
    brand_id: int
    brand: str
    article: str
    name: str
    price: Decimal
    currency: str
    stock: str
    lead: str
    numbers: tuple[str, ...]

    def expected(self, dialect):
        """What must come of it."""
        has = dialect.fields.__contains__
        return (
            self.brand_id, self.article, " ".join(self.name.split()) if has("name") else "", f"{self.price:.2f}",
            self.currency, *(_STOCKS[self.stock] if has("stock") else (0, False, False)),
            *(_LEADS[self.lead] if has("delivery") else (None, None)), self.numbers if has("oe") else (),
        )  # fmt: skip


def random_goods(chance: random.Random, dialect: Dialect, count: int) -> list[Goods]:
    made, seen = [], set()
    brands = chance.sample(sorted(SPELLINGS), chance.randint(2, 6))
    while len(made) < count:
        brand = chance.choice(brands)
        article = "".join(
            chance.choice("123456789") if sign == "#" else sign for sign in chance.choice(_PATTERNS[brand])
        )
        if (brand, article_key(article)) in seen:
            continue
        seen.add((brand, article_key(article)))
        currency = chance.choice(list(_SIGNS)) if dialect.told in ("cell", "column") else dialect.currency
        made.append(
            Goods(
                brand, chance.choice(SPELLINGS[brand]), article, chance.choice(_NAMES) + chance.choice(_CARS),
                Decimal(chance.choice((chance.randint(50, 9_999), chance.randint(10_000, 9_999_999)))) / 100, currency,
                chance.choice(list(_STOCKS)), chance.choice(list(_LEADS)),
                tuple(f"{chance.randint(1, 9)}K0 {chance.randint(100, 999)} {n}A" for n in range(chance.randint(0, 3))),
            )
        )  # fmt: skip
    return sorted(made, key=lambda goods: goods.brand_id) if dialect.brand_rows else made


def rows_of(chance: random.Random, dialect: Dialect, goods: list[Goods]) -> list[list[str]]:
    """The cells of the file, row by row."""
    heads = {field: chance.choice(HEADS[dialect.language][field]) for field in dialect.fields}
    if dialect.told == "head":
        heads["price"] += chance.choice((", {}", " ({})", " {}")).format(chance.choice(_SIGNS[dialect.currency]))
    width = len(dialect.fields)

    def alone(text):
        return [text, *[""] * (width - 1)]

    titles = ["Прайс-лист від 12.03.2026", "ТОВ «Автосвіт плюс», тел. (044) 123-45-67", "", "Діє до кінця місяця"]
    rows = [alone(title) for title in titles[: dialect.titles]]
    if dialect.told == "title":
        rows.append(alone(_IN_WORDS[dialect.currency]))
    rows.append([heads[field] for field in dialect.fields])
    section = ""
    for number, each in enumerate(goods, start=1):
        if dialect.brand_rows and brand_key(each.brand) != brand_key(section):
            section = each.brand
            rows.append(alone(section))
        if dialect.has_groups and number % 7 == 1:
            rows.append(alone(chance.choice(_GROUPS)))
        if dialect.has_blank_rows and number % 9 == 5:
            rows.append(alone(""))
        cells = {
            "brand": each.brand, "article": each.article, "name": each.name, "price": money(chance, dialect, each),
            "stock": each.stock, "delivery": each.lead, "oe": "; ".join(each.numbers), "currency": each.currency,
            "retail": money(chance, dialect, replace(each, price=each.price * 2)), "barcode": _ean(chance),
            "other": {"№": str(number), "N": str(number)}.get(heads.get("other", " ")[0], "шт"),
        }  # fmt: skip
        rows.append([cells[field] for field in dialect.fields])
    if dialect.has_total:
        price = dialect.fields.index("price")
        total = [""] * width
        total[0 if price else 1], total[price] = "Разом", "123456,78"
        rows.append(total)
    return rows


def money(chance: random.Random, dialect: Dialect, goods: Goods) -> str:
    text = f"{goods.price:,.2f}".replace(",", "T").replace(".", dialect.decimal).replace("T", dialect.thousands)
    if dialect.told != "cell":
        return text
    sign = chance.choice(_SIGNS[goods.currency])
    return f"{sign}{text}" if sign in "$€" and chance.random() < 0.5 else f"{text} {sign}"


def _ean(chance: random.Random) -> str:
    digits = f"{chance.randint(10**11, 10**12 - 1)}"
    return digits + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)


def write(path: Path, dialect: Dialect, rows: list[list[str]]) -> Path:
    kind = dialect.kind.removeprefix("zip-")
    content = _workbook(dialect, rows) if kind == "xlsx" else _text(dialect, rows)
    if kind == dialect.kind:
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("прайс", content)
    return path


def _text(dialect: Dialect, rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(
        text, delimiter=dialect.delimiter, lineterminator=dialect.line_end,
        quoting=csv.QUOTE_ALL if dialect.is_quoted else csv.QUOTE_MINIMAL,
    ).writerows(rows)  # fmt: skip
    try:
        return text.getvalue().encode(dialect.encoding)
    except UnicodeEncodeError:  # brands and cars with letters this code page does not have
        return text.getvalue().encode("utf-8-sig")


def _workbook(dialect: Dialect, rows: list[list[str]]) -> bytes:
    """Numbers as numbers where they are numbers, as a person would have typed them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Прайс")
        places = {dialect.fields.index(field) for field in ("price", "stock") if field in dialect.fields}
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                plain = cell.replace(dialect.thousands or "\0", "").replace(dialect.decimal, ".")
                if column in places and plain.replace(".", "", 1).isdigit():
                    sheet.write_number(number, column, float(plain))
                elif cell:
                    sheet.write_string(number, column, cell)
    return target.getvalue()
