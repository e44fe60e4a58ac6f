"""Retail prices: purchase price × rate × VAT = cost, plus the markup whose rule is the narrowest, rounded.

The rules are resolved once for each list, brand and category into a small table; the price of an offer is then one
expression over one row of it, the same for a new list of a million rows and for the nightly run over all offers.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.backends.utils import CursorWrapper

from shop.offers.models import Currency
from shop.offers.rates import RATES_IN_FORCE

# What costs more is a slip of somebody's finger: such an offer gets no price, as one without a rate or a markup.
_HIGHEST_COST = Decimal(50_000_000)

# Precedence in ``scope.place``: brand with category, category (the deeper first), brand, the rest; each time the one
# that names the supplier before the one that does not. A rule counts from its price on, so the best rule at each
# price is a running minimum of (place, -price_from). Pairs of brand and category that meet the same rules share one
# computation. The last band, without a factor, is the highest cost.
_PREPARE = """
CREATE TEMP TABLE price_rule {lifetime} AS
WITH list AS (
    SELECT list.id, list.supplier_id,
           trim_scale(1 + coalesce(supplier.min_margin_percent, 0) / 100) AS least_factor,
           CASE WHEN list.prices_include_vat THEN 1 ELSE trim_scale(1 + list.vat_percent / 100) END AS vat_factor
    FROM offers_pricelist list LEFT JOIN offers_supplier supplier ON supplier.id = list.supplier_id
    WHERE %(lists)s::bigint[] IS NULL OR list.id = ANY(%(lists)s)
), pair AS (
    SELECT DISTINCT brand_id, category_id FROM catalog_part {only_parts}
), scope AS (
    SELECT kind.supplier_id, kind.brand_id, kind.category_id, category.path,
           row_number() OVER (ORDER BY kind.brand_id IS NULL OR kind.category_id IS NULL,
                                       coalesce(category.depth, 0) DESC, kind.brand_id IS NULL,
                                       kind.supplier_id IS NULL) AS place
    FROM (SELECT DISTINCT supplier_id, brand_id, category_id FROM offers_markup) kind
    LEFT JOIN catalog_category category ON category.id = kind.category_id
), met AS (
    SELECT pair.brand_id, pair.category_id, array_agg(scope.place ORDER BY scope.place) AS places
    FROM pair
    JOIN catalog_category leaf ON leaf.id = pair.category_id
    LEFT JOIN (
        SELECT category.id AS category_id, NULL::bigint AS brand_id, scope.place
        FROM scope JOIN catalog_category category ON starts_with(category.path, scope.path)
        WHERE scope.brand_id IS NULL
        UNION ALL
        SELECT category.id, scope.brand_id, scope.place
        FROM scope JOIN catalog_category category ON starts_with(category.path, coalesce(scope.path, ''))
        WHERE scope.brand_id IS NOT NULL
    ) scope ON scope.category_id = pair.category_id AND coalesce(scope.brand_id, pair.brand_id) = pair.brand_id
    GROUP BY pair.brand_id, pair.category_id
), best AS (
    SELECT each.places, list.id AS price_list_id, list.least_factor, markup.price_from,
           min(ARRAY[scope.place, -markup.price_from, markup.percent, markup.id])
               OVER (PARTITION BY each.places, list.id ORDER BY markup.price_from) AS rule
    FROM (SELECT DISTINCT places FROM met) each
    CROSS JOIN list
    JOIN scope ON (scope.place = ANY(each.places) OR (scope.brand_id IS NULL AND scope.category_id IS NULL))
              AND coalesce(scope.supplier_id = list.supplier_id, scope.supplier_id IS NULL)
    JOIN offers_markup markup
         ON (markup.supplier_id, markup.brand_id, markup.category_id)
            IS NOT DISTINCT FROM (scope.supplier_id, scope.brand_id, scope.category_id)
    WHERE markup.price_from < %(highest)s
), band AS (
    SELECT places, price_list_id,
           array_agg(price_from ORDER BY price_from) || %(highest)s::numeric AS costs,
           array_agg(trim_scale(greatest(1 + rule[3] / 100, least_factor)) ORDER BY price_from) AS factors,
           array_agg(rule[4]::bigint ORDER BY price_from) AS markup_ids
    FROM (SELECT DISTINCT places, price_list_id, least_factor, price_from, rule FROM best) step
    GROUP BY places, price_list_id
), rounding AS (
    SELECT array_agg(price_from ORDER BY price_from) AS prices, array_agg(step ORDER BY price_from) AS steps,
           array_agg(minus ORDER BY price_from) AS minuses
    FROM offers_pricerounding
), rate AS (
    SELECT {rate_columns} FROM ({rates_in_force}) rate
)
SELECT list.id AS price_list_id, met.brand_id, met.category_id, list.vat_factor AS uah, {rates},
       list.least_factor, band.costs, band.factors, band.markup_ids,
       rounding.prices AS rounded_from, rounding.steps, rounding.minuses
FROM met CROSS JOIN list CROSS JOIN rounding CROSS JOIN rate
LEFT JOIN band ON band.price_list_id = list.id AND band.places = met.places
"""


def prepare_price_rules(
    cursor: CursorWrapper,
    *,
    on: date,
    price_list_ids: Collection[int] | None = None,
    part_ids: Collection[int] | None = None,
) -> None:
    """Make the temporary table ``price_rule``: what applies on a day to each list, brand and category (of the parts).

    The end of the transaction drops the table; outside of one, the end of the connection. A second call makes it again.
    """
    foreign = [currency.lower() for currency in Currency.values if currency != Currency.UAH]
    statement = _PREPARE.format(
        lifetime="ON COMMIT DROP" if connection.in_atomic_block else "",
        only_parts="" if part_ids is None else "WHERE id = ANY(%(parts)s)",
        rates_in_force=RATES_IN_FORCE,
        rate_columns=", ".join(f"max(rate) FILTER (WHERE currency = '{code.upper()}') AS {code}" for code in foreign),
        rates=", ".join(f"trim_scale(rate.{code} * list.vat_factor) AS {code}" for code in foreign),
    )
    lists = None if price_list_ids is None else list(price_list_ids)
    parts = None if part_ids is None else list(part_ids)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.price_rule")
    cursor.execute(statement, {"lists": lists, "parts": parts, "on": on, "highest": _HIGHEST_COST})
    cursor.execute("ANALYZE price_rule")


def cost(purchase: str, currency: str) -> str:
    """SQL: what the goods cost us in hryvnias, VAT included, unrounded; NULL without a rate."""
    rates = " ".join(f"WHEN '{code}' THEN rule.{code.lower()}" for code in Currency.values)
    return f"({purchase} * CASE {currency} {rates} END)"


def markup_id(purchase: str, currency: str) -> str:
    """SQL: the markup whose rule is the narrowest at this cost; NULL when none counts."""
    return f"rule.markup_ids[width_bucket({cost(purchase, currency)}, rule.costs)]"


def marked_up(purchase: str, currency: str) -> str:
    """SQL: the cost with markup, at least with the supplier's least margin, unrounded; NULL without a markup."""
    spent = cost(purchase, currency)
    return f"({spent} * rule.factors[width_bucket({spent}, rule.costs)])"


def rounding_step(purchase: str, currency: str) -> tuple[str, str]:
    """SQL: the step and what is taken off it at this price; NULL when no rounding rule begins so low."""
    band = f"width_bucket({marked_up(purchase, currency)}, rule.rounded_from)"
    return f"rule.steps[{band}]", f"rule.minuses[{band}]"


def retail_price(purchase: str, currency: str) -> str:
    """SQL: the retail price over a row ``rule`` of ``price_rule``; NULL when no rate or no markup is known.

    ``purchase`` (numeric with two decimals) and ``currency`` are SQL expressions, evaluated several times. Without a
    rounding rule halves of a kopeck go up as in ``round_money``, and past the least margin all of it does.
    """
    exact = marked_up(purchase, currency)
    step, minus = rounding_step(purchase, currency)
    to_kopeck = (
        f"round({exact}, 2) + CASE WHEN round({exact}, 2) < {cost(purchase, currency)} * rule.least_factor"
        " THEN 0.01 ELSE 0 END"
    )
    # mod() is exact, a quotient would not be.
    to_step = f"{exact} + mod({step} - mod({exact} + {minus}, {step}), {step})"
    return (
        f"(CASE WHEN rule.rounded_from IS NULL THEN {to_kopeck} ELSE coalesce({to_step}, {to_kopeck}) END)"
        "::numeric(12, 2)"
    )


def group_price(price: str, purchase: str, currency: str, *, group: str) -> str:
    """SQL: what a customer of ``group`` (alias of ``catalog_customergroup``) pays where others pay ``price``.

    Retail by the group's factor, not below the cost with the group's and the supplier's least margin, never above
    retail. Without a rate the cost is unknown, and nobody gets less than retail.
    """
    least = f"({cost(purchase, currency)} * greatest(1 + {group}.min_margin_percent / 100, rule.least_factor))"
    exact = f"greatest({price} * {group}.factor, {least})"
    to_kopeck = f"round({exact}, 2) + CASE WHEN round({exact}, 2) < {least} THEN 0.01 ELSE 0 END"
    return f"(CASE WHEN {least} IS NULL THEN {price} ELSE least({price}, {to_kopeck}) END)::numeric(12, 2)"


# An offer without a rate or a markup for it keeps its price; staff see what is missing in their lists.
_REPRICE = """
WITH moved AS MATERIALIZED (
    SELECT offer.*, {retail} AS fresh_price
    FROM offers_offer offer
    JOIN catalog_part part ON part.id = offer.part_id
    JOIN price_rule rule ON rule.price_list_id = offer.price_list_id AND rule.brand_id = part.brand_id
                        AND rule.category_id = part.category_id
    WHERE offer.price <> {retail}
    FOR NO KEY UPDATE OF offer
), remembered AS (
    INSERT INTO offers_pastprice
           (price_list_id, part_id, warehouse_id, purchase_price, currency, price, since, until)
    SELECT price_list_id, part_id, warehouse_id, purchase_price, currency, price, since,
           greatest(since, statement_timestamp())
    FROM moved
)
UPDATE offers_offer offer SET price = moved.fresh_price, since = greatest(moved.since, statement_timestamp())
FROM moved WHERE moved.id = offer.id
"""


def reprice(on: date) -> int:
    """Bring the retail price of every offer in line with the markups and the rates in force ``on`` this day.

    Writes changed rows only, with the price that ended in the log; returns their number. Call it in a transaction.
    The shelf has to be refreshed after it.
    """
    with connection.cursor() as cursor:
        prepare_price_rules(cursor, on=on)
        # Offers with parts first, then their rules, by hash: the planner takes brand and category for independent and
        # would begin with every part under every list.
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL join_collapse_limit = 1")
        cursor.execute(_REPRICE.format(retail=retail_price("offer.purchase_price", "offer.currency")))
        changed: int = cursor.rowcount
        cursor.execute("SET LOCAL join_collapse_limit = DEFAULT")
        return changed
