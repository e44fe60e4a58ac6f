import threading

import pytest
from django.db import connection
from django.urls import reverse

from shop.offers.counting import count_stock
from shop.offers.errors import CountBelowReserved, CountOutdated
from shop.offers.models import PartShelf, StockItem, StockMovement
from shop.offers.shelf import refresh_shelf
from tests.factories import CustomerFactory, OfferFactory, PartFactory, StockItemFactory, WarehouseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return StockItemFactory(on_hand=5, reserved=2)


def page(item):
    return reverse("admin:offers_stockitem_change", args=[item.pk])


def send(desk, item, **fields):
    inline = {"movements-TOTAL_FORMS": "0", "movements-INITIAL_FORMS": "0"}
    return desk.post(page(item), {"on_hand": "7", "seen": "5", "reason": "counted", "reference": ""} | inline | fields)


def test_a_count_is_a_movement_with_author_and_paper(desk, owner, item):
    assert send(desk, item, reason="received", reference="ВН-17").status_code == 302
    item.refresh_from_db()
    assert item.on_hand == 7
    movement = StockMovement.objects.get()
    assert (movement.pieces, movement.reason, movement.reference, movement.author) == (2, "received", "ВН-17", owner)


def test_the_same_count_writes_nothing(desk, item):
    send(desk, item, on_hand="5")
    assert not StockMovement.objects.exists()


def test_fewer_than_promised_is_refused_beside_the_field(desk, item):
    answer = send(desk, item, on_hand="1")
    assert answer.context["adminform"].form.errors["on_hand"] == [
        "У замовленнях уже 2 штуки: на полиці не може бути менше. Спершу скасуйте замовлення."
    ]
    item.refresh_from_db()
    assert item.on_hand == 5
    assert not StockMovement.objects.exists()


@pytest.mark.parametrize("typed", ["", "-1", "abc", "1.5", "99999999999999"])
def test_a_count_that_is_no_count_is_refused_and_kept_on_the_page(desk, item, typed):
    answer = send(desk, item, on_hand=typed)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["on_hand"]
    item.refresh_from_db()
    assert item.on_hand == 5


def test_a_count_of_a_page_left_open_is_asked_again(desk, item):
    StockItem.objects.filter(pk=item.pk).update(on_hand=4)
    answer = send(desk, item)
    assert "зараз 4" in answer.context["adminform"].form.errors["on_hand"][0]
    assert 'name="seen" value="4"' in answer.content.decode()
    item.refresh_from_db()
    assert item.on_hand == 4


def test_reserved_cannot_be_typed(desk, item):
    send(desk, item, reserved="0")
    item.refresh_from_db()
    assert item.reserved == 2


def test_a_new_place_starts_with_its_first_movement(desk):
    part, warehouse = PartFactory(), WarehouseFactory(ours=True)
    desk.post(
        reverse("admin:offers_stockitem_add"),
        {"part": part.pk, "warehouse": warehouse.pk, "on_hand": "3", "reason": "received", "reference": "ВН-1"},
    )
    assert StockItem.objects.get().on_hand == 3
    assert StockMovement.objects.get().pieces == 3


def test_pieces_are_kept_in_our_own_warehouses_only(desk):
    answer = desk.post(
        reverse("admin:offers_stockitem_add"),
        {"part": PartFactory().pk, "warehouse": WarehouseFactory().pk, "on_hand": "3", "reason": "received"},
    )
    assert answer.context["adminform"].form.errors["warehouse"]
    assert not StockItem.objects.exists()


def test_the_shelf_follows_a_count(desk, django_capture_on_commit_callbacks):
    offer = OfferFactory(ours=True)
    item = StockItemFactory(part=offer.part, warehouse=offer.warehouse, on_hand=0)
    refresh_shelf()
    assert PartShelf.objects.get(part=offer.part).price is None
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, item, seen="0")
    assert PartShelf.objects.get(part=offer.part).price == offer.price


def test_the_act_refuses_what_the_form_could_not_see_yet(item):
    author = CustomerFactory()
    with pytest.raises(CountBelowReserved):
        count_stock(item, seen=5, on_hand=1, reason=StockMovement.Reason.COUNTED, author=author)
    with pytest.raises(CountOutdated):
        count_stock(item, seen=6, on_hand=9, reason=StockMovement.Reason.COUNTED, author=author)
    assert not StockMovement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_counts_at_once_one_is_told_that_it_is_late():
    item, author = StockItemFactory(on_hand=5), CustomerFactory()
    start, outcomes = threading.Barrier(2), []

    def count(on_hand):
        start.wait()
        try:
            count_stock(item, seen=5, on_hand=on_hand, reason=StockMovement.Reason.COUNTED, author=author)
            outcomes.append("done")
        except CountOutdated:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=count, args=(on_hand,)) for on_hand in (7, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "late"]
    item.refresh_from_db()
    assert item.on_hand == 5 + StockMovement.objects.get().pieces
