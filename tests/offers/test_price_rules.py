"""The SQL of prices against the rules told once more, in plain Python, one offer at a time."""

from datetime import date
from decimal import ROUND_CEILING, Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.catalog.models import Category
from shop.lib.money import KOPECK, round_money
from shop.offers.models import Currency, ExchangeRate, Markup, Offer, PriceRounding
from shop.offers.pricing import reprice
from tests.factories import (
    BrandFactory,
    CategoryFactory,
    OfferFactory,
    PartFactory,
    PriceListFactory,
    SupplierFactory,
    WarehouseFactory,
)

ON = date(2026, 11, 22)
UNPRICED = Decimal("0.07")


def model_price(offer, markups, roundings, rates):
    """None without a rate or a markup."""
    rate = Decimal(1) if offer.currency == "UAH" else rates.get(offer.currency)
    if rate is None:
        return None
    price_list, supplier = offer.price_list, offer.price_list.supplier
    cost = offer.purchase_price * rate
    if not price_list.prices_include_vat:
        cost *= 1 + price_list.vat_percent / 100
    lineage = {
        each.pk: each.depth for each in [offer.part.category, *Category.objects.get_ancestors(offer.part.category)]
    }
    rules = []
    for rule in markups:
        if rule.supplier not in (None, supplier) or rule.brand not in (None, offer.part.brand):
            continue
        if (rule.category and rule.category.pk not in lineage) or rule.price_from > cost:
            continue
        narrow = bool(rule.brand and rule.category), lineage[rule.category.pk] if rule.category else 0, bool(rule.brand)
        rules.append((*narrow, bool(rule.supplier), rule.price_from, rule.percent))
    if not rules or cost >= 50_000_000:
        return None
    least = cost * (1 + (supplier.min_margin_percent if supplier else 0) / Decimal(100))
    exact = max(cost * (1 + max(rules)[-1] / 100), least)
    fitting = [each for each in roundings if each.price_from <= exact]
    if fitting:
        rounding = max(fitting, key=lambda each: each.price_from)
        steps = ((exact + rounding.minus) / rounding.step).to_integral_value(ROUND_CEILING)
        return steps * rounding.step - rounding.minus
    price = round_money(exact)
    return price if price >= least else price + KOPECK


@pytest.fixture
def market(db):
    """Two suppliers and our own warehouse, two brands, a tree of three levels; an offer of each in each currency."""
    root = CategoryFactory()
    middle = CategoryFactory(parent=root)
    categories = [root, middle, CategoryFactory(parent=middle), CategoryFactory()]
    brands = BrandFactory.create_batch(2)
    parts = [PartFactory(brand=brand, category=category) for brand in brands for category in categories[2:]]
    suppliers = [SupplierFactory(min_margin_percent=Decimal("12.50")), SupplierFactory()]
    places = [(WarehouseFactory(supplier=s), PriceListFactory(supplier=s, vat_percent=Decimal(7))) for s in suppliers]
    places.append((WarehouseFactory(ours=True), PriceListFactory(supplier=None)))
    offers = [
        OfferFactory(part=part, warehouse=warehouse, price_list=price_list, price=UNPRICED)
        for part in parts
        for warehouse, price_list in places
    ]
    return suppliers, brands, Category.objects.order_by("path"), offers


_amounts = st.decimals(min_value="0.01", max_value="3000", places=2)
_percents = st.decimals(min_value=0, max_value=120, places=2)
_from = st.one_of(st.just(Decimal(0)), st.decimals(min_value=0, max_value=50_000, places=2))
_markups = st.lists(
    st.tuples(
        st.sampled_from([None, 0, 1]), st.sampled_from([None, 0, 1]), st.sampled_from([None, 0, 1, 2, 3]), _from,
        _percents,
    ),
    unique_by=lambda rule: rule[:4],
    max_size=25,
)  # fmt: skip
_steps = st.sampled_from([("0.01", "0"), ("0.5", "0.01"), ("1", "0"), ("10", "1"), ("100", "0.01"), ("3", "0.7")])
_roundings = st.lists(st.tuples(_from, _steps), unique_by=lambda each: each[0], max_size=4)
_rates = st.dictionaries(
    st.sampled_from(["USD", "EUR", "PLN"]), st.decimals(min_value="0.5", max_value=90, places=6), max_size=3
)


# Markups, rounding, rates, VAT in the prices of both suppliers' lists, purchase price and currency of each offer.
random_rules = st.tuples(
    _markups,
    _roundings,
    _rates,
    st.tuples(st.booleans(), st.booleans()),
    st.lists(st.tuples(_amounts, st.sampled_from(Currency.values)), min_size=12, max_size=12),
)


def write_rules(market, rules):
    """Into the database; gives back markups, roundings and rates."""
    suppliers, brands, tree, offers = market
    markups, roundings, rates, vat, money = rules
    categories = list(tree)
    made = Markup.objects.bulk_create(
        Markup(
            supplier=None if s is None else suppliers[s],
            brand=None if b is None else brands[b],
            category=None if c is None else categories[c],
            price_from=price_from,
            percent=percent,
        )
        for s, b, c, price_from, percent in markups
    )
    steps = PriceRounding.objects.bulk_create(
        PriceRounding(price_from=price_from, step=Decimal(step), minus=Decimal(minus))
        for price_from, (step, minus) in roundings
    )
    ExchangeRate.objects.bulk_create(ExchangeRate(currency=c, valid_on=ON, rate=rate) for c, rate in rates.items())
    for offer, (purchase, currency) in zip(offers, money, strict=True):
        offer.purchase_price, offer.currency = purchase, currency
        if offer.price_list.supplier:
            offer.price_list.prices_include_vat = vat[suppliers.index(offer.price_list.supplier)]
            offer.price_list.save()
    Offer.objects.bulk_update(offers, ["purchase_price", "currency"])
    return made, steps, rates


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rules=random_rules)
def test_the_database_prices_as_the_rules_say(market, rules):
    offers = market[-1]
    with transaction.atomic():
        made, steps, rates = write_rules(market, rules)
        expected = {offer.pk: model_price(offer, made, steps, rates) or UNPRICED for offer in offers}
        reprice(ON)
        assert dict(Offer.objects.values_list("pk", "price")) == expected
        transaction.set_rollback(True)


def test_rules_of_a_deeper_category_of_the_brand_and_of_the_supplier_win_in_their_order(market):
    suppliers, brands, tree, offers = market
    root, middle, leaf, _other = tree
    offer = offers[0]
    kept = []
    # From the widest to the narrowest: each new rule takes over from all before.
    for percent, scope in enumerate([
        {}, {"supplier": suppliers[0]}, {"brand": brands[0]}, {"brand": brands[0], "supplier": suppliers[0]},
        {"category": root}, {"category": root, "supplier": suppliers[0]}, {"category": middle}, {"category": leaf},
        {"brand": brands[0], "category": root}, {"brand": brands[0], "category": leaf},
        {"brand": brands[0], "category": leaf, "supplier": suppliers[0]},
    ], start=20):  # fmt: skip
        Markup.objects.create(percent=percent, **scope)
        reprice(ON)
        offer.refresh_from_db()
        kept.append(offer.price)
    assert kept == [Decimal(120 + place) for place in range(11)]


def test_a_narrow_rule_for_dear_goods_leaves_cheap_ones_to_the_wider_rule(market):
    _suppliers, brands, _tree, offers = market
    Markup.objects.create(percent=40)
    Markup.objects.create(percent=15, brand=brands[0], price_from=1000)
    Offer.objects.filter(pk=offers[0].pk).update(purchase_price=1000)
    reprice(ON)
    assert Offer.objects.get(pk=offers[0].pk).price == Decimal(1150)
    assert Offer.objects.get(pk=offers[1].pk).price == Decimal(140)


def test_a_purchase_price_of_a_slipped_finger_gets_no_price(market):
    offers = market[-1]
    Markup.objects.create(percent=9999)
    Offer.objects.update(purchase_price=Decimal("9999999999.99"))
    assert reprice(ON) == 0
    assert Offer.objects.get(pk=offers[0].pk).price == UNPRICED


def test_all_offers_are_priced_by_one_join_without_a_look_aside_for_each(market):
    from shop.offers.pricing import _REPRICE, prepare_price_rules, retail_price

    Markup.objects.create(percent=40)
    with connection.cursor() as cursor:
        prepare_price_rules(cursor, on=ON)
        cursor.execute("EXPLAIN " + _REPRICE.format(retail=retail_price("offer.purchase_price", "offer.currency")))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "SubPlan" not in plan
    assert "Function Scan" not in plan
