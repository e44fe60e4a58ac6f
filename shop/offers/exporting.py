"""The shop's own price list for a group of customers: every part that can be bought now, at its best price for them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import IO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from shop.catalog.models import CustomerGroup
from shop.lib.table_writing import Cell, csv_pieces, write_xlsx
from shop.offers.models import Offer
from shop.offers.pricing import group_price, prepare_price_rules

# Everybody without a group.
RETAIL = CustomerGroup(factor=Decimal(1), min_margin_percent=Decimal(0))

# One row a part: the cheapest offer with pieces, of equal ones the soonest.
_BEST = """
SELECT brand.name, part.article_number, part.name_uk, best.price, best.free_pieces, best.is_at_least, best.lead_days
FROM (
    SELECT DISTINCT ON (offer.part_id) offer.part_id, {price} AS price, sold.free_pieces, offer.is_at_least,
           offer.lead_days
    FROM ({sold}) sold (id, free_pieces)
    JOIN offers_offer offer ON offer.id = sold.id
    JOIN catalog_part part ON part.id = offer.part_id AND part.is_active
    JOIN price_rule rule ON rule.price_list_id = offer.price_list_id AND rule.brand_id = part.brand_id
                        AND rule.category_id = part.category_id
    CROSS JOIN (VALUES (%s::numeric, %s::numeric)) buyers (factor, min_margin_percent)
    ORDER BY offer.part_id, price, offer.lead_days, offer.id
) best
JOIN catalog_part part ON part.id = best.part_id
JOIN catalog_brand brand ON brand.id = part.brand_id
ORDER BY brand.name_sort, part.article_key, part.id
"""
_ROWS_A_FETCH = 2000
_NAME_COLUMN = 2


def csv_price_list(group: CustomerGroup) -> Iterator[bytes]:
    """Pieces of a CSV file; the database keeps the rest of the rows, in a transaction that lasts as
    long as the reading."""
    return csv_pieces(_header(), _rows(group))


def xlsx_price_list(group: CustomerGroup, file: IO[bytes]) -> None:
    write_xlsx(file, _header(), _rows(group), title=_("Прайс-лист"), wide=_NAME_COLUMN)


def file_name(group: CustomerGroup, kind: str) -> str:
    """``прайс-сто-2026-11-23.csv``"""
    words = slugify(f"{_('прайс')} {group.name_uk or _('роздріб')}", allow_unicode=True)
    return f"{words}-{timezone.localdate():%Y-%m-%d}.{kind}"


def _header() -> list[str]:
    return [
        _("Бренд"),
        _("Артикул"),
        _("Назва"),
        _("Ціна"),
        _("Валюта"),
        _("Податки"),
        _("Наявність, шт."),
        _("Термін відправлення, робочих днів"),
    ]


def _rows(group: CustomerGroup) -> Iterator[list[Cell]]:
    taxes = _("у ціні")
    # The annotation is one of in_stock().
    sellable = Offer.objects.current().in_stock().order_by().values("pk", "free_pieces")  # type: ignore[misc]
    sold, params = sellable.query.sql_with_params()
    price = group_price("offer.price", "offer.purchase_price", "offer.currency", group="buyers")
    with transaction.atomic():
        with connection.cursor() as cursor:
            prepare_price_rules(cursor, on=timezone.localdate())
        with connection.chunked_cursor() as cursor:
            cursor.execute(_BEST.format(price=price, sold=sold), [*params, group.factor, group.min_margin_percent])
            while rows := cursor.fetchmany(_ROWS_A_FETCH):
                for brand, article, name, best, pieces, is_at_least, lead_days in rows:
                    free = f">{pieces}" if is_at_least else pieces
                    yield [brand, article, name, best, "UAH", taxes, free, lead_days]
