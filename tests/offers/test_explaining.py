"""The words about a price, and the figures in them, against the price the database gives."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from shop.catalog.models import BrandAlias, CustomerGroup
from shop.lib.money import KOPECK, round_money
from shop.offers.explaining import explain
from shop.offers.models import ExchangeRate, Markup, Offer, PriceRounding
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
from tests.offers.test_price_rules import (  # noqa: F401  # market is a fixture
    ON,
    UNPRICED,
    market,
    random_rules,
    write_rules,
)

pytestmark = pytest.mark.django_db


def model_group_price(offer, cost, group):
    """The rule of group prices once more, in plain Python."""
    if cost is None:
        return offer.price
    supplier = offer.price_list.supplier
    margin = max(group.min_margin_percent, supplier.min_margin_percent if supplier else Decimal(0))
    least = cost * (1 + margin / 100)
    price = round_money(max(offer.price * group.factor, least))
    return min(offer.price, price if price >= least else price + KOPECK)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rules=random_rules)
def test_every_step_leads_to_the_price_of_the_database(market, rules):  # noqa: F811
    with transaction.atomic():
        markups, roundings, rates = write_rules(market, rules)
        groups = [
            CustomerGroup.objects.create(name_uk="СТО", factor=Decimal("0.94"), min_margin_percent=Decimal(12)),
            CustomerGroup.objects.create(name_uk="Опт", factor=Decimal("0.5001"), min_margin_percent=Decimal("7.77")),
        ]
        reprice(ON)
        for part in {offer.part for offer in market[-1]}:
            for told in explain(part, on=ON):
                check(told, markups, roundings, rates, groups)
        transaction.set_rollback(True)


def check(told, markups, roundings, rates, groups):
    offer = told.offer
    steps = {step.title: step for step in told.steps}
    rate = Decimal(1) if offer.currency == "UAH" else rates.get(offer.currency)
    cost = None
    if rate is None:
        assert list(steps) == ["Закупівля", "Курс"]
        assert told.price is None
    else:
        vat = 1 if offer.price_list.prices_include_vat else 1 + offer.price_list.vat_percent / 100
        cost = steps["ПДВ"].amount
        assert cost == offer.purchase_price * rate * vat
        if offer.currency != "UAH":
            assert steps["Курс"].amount == offer.purchase_price * rate
    if told.price is None:
        assert offer.price == UNPRICED
        assert told.remark
    else:
        assert told.price == offer.price == steps["Округлення"].amount
        assert told.remark == ""
        before = steps.get("Найменша націнка", steps["Націнка"]).amount
        assert before >= steps["Націнка"].amount
        if not [each for each in roundings if each.price_from <= before]:
            assert abs(told.price - before) <= KOPECK
            assert steps["Округлення"].words == "До копійки."
        else:
            assert told.price >= before
        percent = (steps["Націнка"].amount / cost - 1) * 100
        assert round(percent, 6) in {each.percent for each in markups}
    assert [each.price for each in told.groups] == [model_group_price(offer, cost, group) for group in groups]


@pytest.fixture
def offer(db):
    """12.30 EUR without VAT from a supplier with a least margin, of a brand in a subcategory."""
    brand = BrandFactory(name="Bosch", slug="bosch")
    brakes = CategoryFactory(name_uk="Гальма")
    pads = CategoryFactory(name_uk="Колодки", parent=brakes)
    supplier = SupplierFactory(name="Омега", min_margin_percent=Decimal("12.5"))
    offer = OfferFactory(
        part=PartFactory(brand=brand, category=pads, article_number="0 986 494 019", name_uk="Колодки передні"),
        warehouse=WarehouseFactory(supplier=supplier, public_name_uk="Київ"),
        price_list=PriceListFactory(supplier=supplier, name="main", prices_include_vat=False),
        purchase_price=Decimal("12.30"),
        currency="EUR",
        price=Decimal(900),
    )
    ExchangeRate.objects.create(currency="EUR", valid_on=date(2026, 11, 20), rate=Decimal("50.1234"), source="nbu")
    Markup.objects.create(percent=40)
    Markup.objects.create(percent=30, category=brakes)
    Markup.objects.create(percent=25, brand=brand, category=pads, price_from=500)
    return offer


def told(offer):
    (explanation,) = explain(offer.part, on=ON)
    steps = [(step.title, step.words, step.amount_text) for step in explanation.steps]
    return [tuple(text.replace("\xa0", " ") for text in step) for step in steps]


def test_the_way_of_a_price_is_told_in_words(offer):
    PriceRounding.objects.create(price_from=100, step=10, minus=1)
    assert told(offer) == [
        ("Закупівля", "12,30 EUR — прайс-лист «Омега · main», склад «Київ».", ""),
        ("Курс", "1 EUR = 50,1234 ₴ — Національний банк, на 20.11.2026.", "616,5178 ₴"),
        ("ПДВ", "Ціни прайс-листа без ПДВ: додаємо 20 %.", "739,8214 ₴"),
        (
            "Націнка",
            "25 %: правило «бренд Bosch, категорія Колодки, від 500 ₴». Воно найвужче; поступилися: "
            "«категорія Гальма» 30 %; «усі товари» 40 %.",
            "924,7767 ₴",
        ),
        ("Найменша націнка", "У постачальника найменша націнка 12,5 %: ціна не нижча.", "924,7767 ₴"),
        ("Округлення", "Угору до кратного 10 ₴ мінус 1 ₴.", "929 ₴"),
    ]


def test_a_rate_held_by_a_person_and_a_price_raised_to_the_least_margin_are_told(offer):
    ExchangeRate.objects.create(currency="EUR", valid_on=date(2026, 11, 1), rate=40, is_locked=True)
    Markup.objects.update(percent=5)
    steps = told(offer)
    assert steps[1] == (
        "Курс",
        "1 EUR = 40 ₴ — вручну, на 01.11.2026. Зафіксований людиною: новіші курси його не змінюють.",
        "492 ₴",
    )
    assert steps[4][1:] == ("У постачальника найменша націнка 12,5 %: ціну піднято до неї.", "664,20 ₴")
    assert steps[5][1] == "До копійки."


def test_a_price_corrected_by_hand_is_told_apart_from_the_price_of_the_rules(offer):
    (explanation,) = explain(offer.part, on=ON)
    assert explanation.price == Decimal("924.78")
    assert explanation.remark.replace("\xa0", " ").startswith("У магазині зараз 900 ₴: ціну виправили вручну")


def test_without_a_rate_the_way_ends_there_and_no_group_pays_less(offer):
    CustomerGroup.objects.create(name_uk="СТО", factor=Decimal("0.9"))
    ExchangeRate.objects.all().delete()
    (explanation,) = explain(offer.part, on=ON)
    assert [step.title for step in explanation.steps] == ["Закупівля", "Курс"]
    assert explanation.price is None
    assert [(each.price, each.words) for each in explanation.groups] == [
        (Decimal(900), "Собівартість невідома, тож знижки немає.")
    ]


def test_a_group_pays_less_but_never_below_the_margin(offer):
    Offer.objects.update(price=Decimal(1000))
    for name, factor, margin in (("А", "0.94", 0), ("Б", "0.8", 20), ("В", "0.8", 50), ("Г", "1", 0)):
        CustomerGroup.objects.create(name_uk=name, factor=Decimal(factor), min_margin_percent=margin)
    (explanation,) = explain(offer.part, on=ON)
    # The cost is 739.821384.
    assert [(each.price, each.words.replace("\xa0", " ")) for each in explanation.groups] == [
        (Decimal("940.00"), "Роздрібна ціна мінус 6 %."),
        (Decimal("887.79"), "Знижку зменшено, щоб лишилася найменша націнка 20 %."),
        (Decimal("1000.00"), "Знижки немає: вона порушила б найменшу націнку 50 %."),
        (Decimal("1000.00"), "Без знижки."),
    ]


def test_the_number_of_queries_does_not_grow_with_the_offers(offer):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            explain(offer.part, on=ON)
        return len(asked)

    one = queries()
    for _each in range(19):
        OfferFactory(part=offer.part, price_list=offer.price_list)
    assert queries() == one


@pytest.mark.parametrize("name", ["bosch/0986494019", "BOSCH/0 986 494 019", "0986494019"])
def test_the_command_finds_the_part_in_any_spelling(offer, capsys, name):
    BrandAlias.objects.get_or_create(key="bosch", defaults={"brand": offer.part.brand, "name": "Bosch"})
    call_command("explain_price", name, on=ON)
    text = capsys.readouterr().out.replace("\xa0", " ")
    assert text.startswith("Bosch 0 986 494 019 — Колодки передні\n")
    assert "25 %: правило «бренд Bosch, категорія Колодки, від" in text


def test_the_command_takes_an_id_and_speaks_json(offer, capsys):
    call_command("explain_price", str(offer.part.pk), on=ON, json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["part"]["article"] == "0 986 494 019"
    assert [(each["price"], each["price_by_rules"]) for each in told["offers"]] == [("900.00", "924.78")]


def test_the_command_says_what_it_does_not_know(offer):
    with pytest.raises(CommandError, match="Деталі немає: nothing"):
        call_command("explain_price", "nothing")
    other = PartFactory(article_number="0986494019")
    with pytest.raises(CommandError, match=r"Таких деталей кілька: .*bosch/0 986 494 019") as refused:
        call_command("explain_price", "0986494019")
    assert f"{other.brand.slug}/0986494019" in str(refused.value)
