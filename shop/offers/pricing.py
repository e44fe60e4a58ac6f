"""Retail prices follow the markups and the rates of the day."""

from datetime import date

from django.db import connection

# Prices in hryvnias are rounded half up, as round_money does: numeric rounds halves away from zero.
# An offer without a rate or a markup for it keeps its price; staff see what is missing in their lists.
_REPRICE = """
UPDATE offers_offer offer SET price = fresh.price
FROM (
    SELECT offer.id, round(cost.uah * (1 + markup.percent / 100), 2) AS price
    FROM offers_offer offer
    JOIN offers_pricelist list ON list.id = offer.price_list_id
    CROSS JOIN LATERAL (
        SELECT offer.purchase_price * CASE WHEN offer.currency = 'UAH' THEN 1 ELSE (
            SELECT rate.rate FROM offers_exchangerate rate
            WHERE rate.currency = offer.currency AND rate.valid_on <= %s
            ORDER BY rate.valid_on DESC LIMIT 1
        ) END AS uah
    ) cost
    CROSS JOIN LATERAL (
        SELECT band.percent FROM offers_markup band
        WHERE band.supplier_id IS NOT DISTINCT FROM list.supplier_id AND band.price_from <= cost.uah
        ORDER BY band.price_from DESC LIMIT 1
    ) markup
    WHERE cost.uah IS NOT NULL
) fresh
WHERE fresh.id = offer.id AND offer.price <> fresh.price AND fresh.price > 0
"""


def reprice(on: date) -> int:
    """Bring the retail price of every current offer in line with the markups and the rates valid ``on`` this day.

    One statement that writes changed rows only; returns their number. The shelf has to be refreshed after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REPRICE, [on])
        changed: int = cursor.rowcount
        return changed
