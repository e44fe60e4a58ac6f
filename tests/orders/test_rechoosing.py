"""Three ways to choose all offers of a basket anew."""

from decimal import Decimal

import pytest

from orders.checkout import lines_hash
from orders.errors import OffersMoved
from orders.overview import BasketOverview
from orders.rechoosing import plans, rechoose, restore
from shop.offers.models import Offer
from tests.factories import (
    BasketFactory,
    BasketLineFactory,
    ModificationFactory,
    OfferFactory,
    PartFactory,
    WarehouseFactory,
)


def offer(part, warehouse, price, *, days, pieces=9):
    return OfferFactory(part=part, warehouse=warehouse, price=Decimal(price), lead_days=days, pieces=pieces)


@pytest.fixture
def places(db):
    return [WarehouseFactory(public_name_uk=name) for name in ("Близький", "Дешевий", "Повний")]


@pytest.fixture
def basket(places):
    """Two parts from two places; a third has both, at a higher price and later."""
    near, cheap, full = places
    one, two = PartFactory(), PartFactory()
    basket = BasketFactory()
    BasketLineFactory(basket=basket, offer=offer(one, near, "100.00", days=1), quantity=2)
    offer(one, cheap, "80.00", days=5)
    offer(one, full, "110.00", days=3)
    BasketLineFactory(basket=basket, offer=offer(two, cheap, "50.00", days=5))
    offer(two, full, "60.00", days=3)
    return basket


def by_goal(basket):
    return {plan.goal.value: plan for plan in plans(BasketOverview.of(basket))}


def places_of(basket):
    return [line.warehouse.public_name_uk for line in basket.read_lines()]


def test_each_way_says_what_it_comes_to(basket):
    found = by_goal(basket)
    assert {goal: (plan.after.total, plan.after.parcels, plan.difference) for goal, plan in found.items()} == {
        "fewest": (Decimal("210.00"), 1, Decimal("-40.00")),
        "earliest": (Decimal("260.00"), 2, Decimal("10.00")),
        "cheapest": (Decimal("210.00"), 1, Decimal("-40.00")),
    }
    assert found["earliest"].before.total == Decimal("250.00")
    assert found["earliest"].days < 0
    assert found["earliest"].sooner == -found["earliest"].days


def test_one_press_does_what_was_shown_and_prices_count_as_seen(basket):
    rechoose(basket, "earliest", seen=by_goal(basket)["earliest"].fingerprint)
    assert places_of(basket) == ["Близький", "Повний"]
    overview = BasketOverview.of(basket)
    assert (overview.total, overview.changed) == (Decimal("260.00"), [])
    assert "earliest" not in by_goal(basket)


def test_the_fewest_places_win_over_the_price(basket, places):
    full = places[2]
    Offer.objects.filter(warehouse=places[1], part=basket.lines.first().part).delete()
    assert by_goal(basket)["fewest"].after.parcels == 1
    rechoose(basket, "fewest", seen=by_goal(basket)["fewest"].fingerprint)
    assert places_of(basket) == [full.public_name_uk, full.public_name_uk]
    assert BasketOverview.of(basket).total == Decimal("280.00")


def test_a_place_with_too_few_pieces_is_passed_over(basket, places):
    Offer.objects.filter(warehouse=places[1], price=Decimal("80.00")).update(pieces=1)
    assert "cheapest" not in by_goal(basket)


def test_one_part_for_two_cars_shares_the_pieces_of_a_place(basket, places):
    line = basket.lines.first()
    BasketLineFactory(
        basket=basket,
        offer=Offer.objects.get(part=line.part, warehouse=places[0]),
        modification=ModificationFactory(),
        quantity=2,
    )
    Offer.objects.filter(warehouse=places[1], part=line.part).update(pieces=3)
    rechoose(basket, "cheapest", seen=by_goal(basket)["cheapest"].fingerprint)
    assert sorted(places_of(basket)) == ["Близький", "Дешевий", "Дешевий"]


def test_lines_that_meet_at_one_place_add_up(basket, places):
    line = basket.lines.first()
    cheap = Offer.objects.get(part=line.part, warehouse=places[1])
    BasketLineFactory(basket=basket, offer=cheap, quantity=1)
    rechoose(basket, "cheapest", seen=by_goal(basket)["cheapest"].fingerprint)
    assert basket.lines.get(part=line.part).quantity == 3


def test_what_moved_meanwhile_is_shown_first(basket):
    seen = by_goal(basket)["earliest"].fingerprint
    Offer.objects.filter(price=Decimal("60.00")).update(price=Decimal("61.00"))
    with pytest.raises(OffersMoved):
        rechoose(basket, "earliest", seen=seen)
    assert places_of(basket) == ["Близький", "Дешевий"]


@pytest.mark.parametrize(("goal", "seen"), [("", ""), ("x", "y"), ("earliest", ""), ("earliest", "0" * 32)])
def test_a_wish_that_was_never_shown_changes_nothing(basket, goal, seen):
    with pytest.raises(OffersMoved):
        rechoose(basket, goal, seen=seen)
    assert places_of(basket) == ["Близький", "Дешевий"]


def test_the_way_back_restores_lines_and_prices(basket):
    was = lines_hash(basket.read_lines())
    before = rechoose(basket, "cheapest", seen=by_goal(basket)["cheapest"].fingerprint)
    after = lines_hash(basket.read_lines())
    assert restore(basket, before, after=after)
    assert lines_hash(basket.read_lines()) == was
    assert not restore(basket, before, after=after)


def test_a_basket_changed_since_stays_as_it_is(basket):
    before = rechoose(basket, "cheapest", seen=by_goal(basket)["cheapest"].fingerprint)
    after = lines_hash(basket.read_lines())
    BasketLineFactory(basket=basket)
    assert not restore(basket, before, after=after)
    assert basket.lines.count() == 3


def test_more_places_than_can_be_tried_one_by_one_are_gathered(db):
    basket = BasketFactory()
    shared = [WarehouseFactory() for _place in range(4)]
    for number in range(5):
        part = PartFactory()
        BasketLineFactory(basket=basket, offer=offer(part, WarehouseFactory(), "50.00", days=1))
        offer(part, shared[max(number - 1, 0)], "60.00", days=1)
    found = by_goal(basket)
    assert list(found) == ["fewest"]
    assert (found["fewest"].before.parcels, found["fewest"].after.parcels) == (5, 4)


def test_a_line_that_nobody_offers_from_there_any_more_is_helped_at_any_price(basket, places):
    Offer.objects.filter(warehouse=places[0]).delete()
    assert by_goal(basket)["cheapest"].changes[0][1].warehouse == places[1]


@pytest.mark.parametrize("count", [1, 20])
def test_any_number_of_lines_costs_one_query(db, django_assert_max_num_queries, count):
    basket = BasketFactory()
    for _number in range(count):
        BasketLineFactory(basket=basket)
    overview = BasketOverview.of(basket)
    plans(overview)
    with django_assert_max_num_queries(1):
        plans(overview)


def test_the_page_previews_does_and_takes_back(client, basket):
    session = client.session
    session["basket"] = basket.pk
    session.save()
    page = client.get("/basket/").content.decode()
    assert "Обрати всі пропозиції інакше" in page
    assert "+10\u00a0₴" in page
    wish = {"goal": "earliest", "seen": by_goal(basket)["earliest"].fingerprint}
    page = client.post("/basket/choice/", wish, follow=True).content.decode()
    assert "Повернути, як було" in page
    assert places_of(basket) == ["Близький", "Повний"]
    page = client.post("/basket/choice/undo/", follow=True).content.decode()
    assert "Повернули, як було." in page
    assert places_of(basket) == ["Близький", "Дешевий"]
    assert "Повернути, як було" not in client.get("/basket/").content.decode()
    assert "вже нічого" in client.post("/basket/choice/undo/", follow=True).content.decode()
    assert "щойно змінилися" in client.post("/basket/choice/", {"goal": "x"}, follow=True).content.decode()
