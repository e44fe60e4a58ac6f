"""Who the demonstration shop buys from: four suppliers and its own warehouse in Kyiv."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from shop.catalog.models import CustomerGroup
from shop.offers.models import Currency, ExchangeRate, Markup, PriceList, Supplier, Warehouse

_RATES = {Currency.USD: Decimal(44), Currency.EUR: Decimal(52), Currency.PLN: Decimal(12)}
_RATES_ON = date(2026, 1, 1)
# Percent from a purchase price in hryvnias on; the same for all, so that prices of one part are comparable.
_MARKUPS = ((Decimal(0), Decimal(50)), (Decimal(600), Decimal(25)))


@dataclass(frozen=True)
class _Place:
    code: str
    public_name_uk: str
    public_name_en: str
    lead_days: int
    share: float


@dataclass(frozen=True)
class _Company:
    """``coverage`` is the share of parts in its list, ``discount`` how far it is below the others."""

    code: str
    name: str
    currency: Currency
    coverage: float
    discount: float
    places: tuple[_Place, ...]


_COMPANIES = (
    _Company("unipart", "Уніпарт Дистрибуція", Currency.UAH, 0.66, 1.0, (
        _Place("unipart-kyiv", "Склад партнера, Київ", "Partner warehouse, Kyiv", 1, 0.7),
        _Place("unipart-lviv", "Склад партнера, Львів", "Partner warehouse, Lviv", 2, 0.4),
        _Place("unipart-odesa", "Склад партнера, Одеса", "Partner warehouse, Odesa", 2, 0.25),
        _Place("unipart-dnipro", "Склад партнера, Дніпро", "Partner warehouse, Dnipro", 2, 0.25),
    )),
    _Company("avtoimport", "Автоімпорт Схід", Currency.USD, 0.45, 0.95, (
        _Place("avtoimport-kharkiv", "Склад партнера, Харків", "Partner warehouse, Kharkiv", 3, 0.8),
        _Place("avtoimport-kyiv", "Склад партнера 2, Київ", "Partner warehouse 2, Kyiv", 1, 0.4),
    )),
    _Company("eurologistik", "EuroLogistik GmbH", Currency.EUR, 0.38, 0.97, (
        _Place("eurologistik-de", "Склад у Німеччині", "Warehouse in Germany", 6, 1.0),
    )),
    _Company("polmoto", "Polmoto Sp. z o.o.", Currency.PLN, 0.4, 0.9, (
        _Place("polmoto-rzeszow", "Склад у Польщі, Жешув", "Warehouse in Poland, Rzeszów", 4, 0.8),
        _Place("polmoto-warszawa", "Склад у Польщі, Варшава", "Warehouse in Poland, Warsaw", 5, 0.4),
    )),
)  # fmt: skip
_OWN = _Place("kyiv", "Наш склад, Київ", "Our warehouse, Kyiv", 0, 1.0)
_OWN_COVERAGE = 0.3


@dataclass(frozen=True)
class Shelf:
    """A warehouse as the generator of offers needs it."""

    warehouse_id: int
    lead_days: int
    share: float


@dataclass(frozen=True)
class Source:
    """One price list and its warehouses. ``rate`` is in hryvnias, ``markups`` pairs of hryvnias and percent."""

    price_list_id: int
    is_ours: bool
    currency: str
    rate: int
    markups: tuple[tuple[int, int], ...]
    coverage: float
    discount: float
    shelves: tuple[Shelf, ...]


def set_up() -> list[Source]:
    """Create what is missing; the shop's own warehouse comes last."""
    for currency, rate in _RATES.items():
        ExchangeRate.objects.get_or_create(currency=currency, valid_on=_RATES_ON, defaults={"rate": rate})
    for name, factor, margin in (("СТО", "0.9400", "12"), ("Опт", "0.8800", "8")):
        CustomerGroup.objects.get_or_create(
            name_uk=name, defaults={"factor": Decimal(factor), "min_margin_percent": Decimal(margin)}
        )
    sources = [_set_up_company(company) for company in _COMPANIES]
    return [*sources, _source(None, Currency.UAH, _OWN_COVERAGE, 1.0, (_OWN,))]


def _set_up_company(company: _Company) -> Source:
    supplier, _created = Supplier.objects.get_or_create(
        code=company.code, defaults={"name": company.name, "currency": company.currency}
    )
    return _source(supplier, company.currency, company.coverage, company.discount, company.places)


def _source(
    supplier: Supplier | None, currency: Currency, coverage: float, discount: float, places: tuple[_Place, ...]
) -> Source:
    for price_from, percent in _MARKUPS:
        Markup.objects.get_or_create(supplier=supplier, price_from=price_from, defaults={"percent": percent})
    price_list, _created = PriceList.objects.get_or_create(supplier=supplier, name="main")
    markups = Markup.objects.filter(supplier=supplier).order_by("-price_from")
    return Source(
        price_list_id=price_list.pk,
        is_ours=supplier is None,
        currency=currency.value,
        rate=int(_RATES.get(currency, Decimal(1))),
        markups=tuple((int(markup.price_from), int(markup.percent)) for markup in markups),
        coverage=coverage,
        discount=discount,
        shelves=tuple(_set_up_warehouse(supplier, place) for place in places),
    )


def _set_up_warehouse(supplier: Supplier | None, place: _Place) -> Shelf:
    warehouse, _created = Warehouse.objects.get_or_create(
        code=place.code,
        defaults={
            "supplier": supplier,
            "public_name_uk": place.public_name_uk,
            "public_name_en": place.public_name_en,
            "lead_days": place.lead_days,
            "cut_off": time(17, 0) if supplier is None else time(15, 0),
        },
    )
    return Shelf(warehouse.pk, warehouse.lead_days, place.share)
