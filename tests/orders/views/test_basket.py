from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import MAX_LINES, Basket, BasketLine
from shop.offers.models import Offer, StockItem
from tests.factories import BasketFactory, BasketLineFactory, ModificationFactory, OfferFactory, own_offer

LINES = "/basket/lines/"
HTMX = {"HX-Request": "true"}


def add(client, offer, **more):
    return client.post(LINES, {"part": offer.part_id, "warehouse": offer.warehouse_id, **more}, follow=True)


def text(response):
    return response.content.decode()


def test_an_empty_basket_says_what_to_do(client, db):
    response = client.get("/basket/")
    assert response.status_code == 200
    assert "У кошику поки порожньо" in text(response)
    assert not Basket.objects.exists()


def test_adding_makes_a_basket_with_the_price_seen(client, db):
    offer = own_offer(price=Decimal("150.00"))
    response = add(client, offer)
    assert "Додано в кошик" in text(response)
    line = BasketLine.objects.get()
    assert (line.part, line.warehouse, line.quantity, line.price_seen) == (
        offer.part,
        offer.warehouse,
        1,
        Decimal("150.00"),
    )


def test_adding_the_same_line_adds_up_to_the_limit(client, db):
    offer = own_offer()
    add(client, offer, quantity=2)
    add(client, offer, quantity=3)
    assert BasketLine.objects.get().quantity == 5
    add(client, offer, quantity=99)
    assert BasketLine.objects.get().quantity == 99


def test_a_line_is_for_the_chosen_car(client, db):
    car = ModificationFactory()
    client.post("/cars/chosen/", {"modification": car.pk})
    response = add(client, own_offer())
    assert BasketLine.objects.get().modification == car
    assert car.short_name() in text(response)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"part": "", "warehouse": ""},
        {"part": "x", "warehouse": "1"},
        {"part": "\x00", "warehouse": "1"},
        {"part": "9" * 40, "warehouse": "1"},
        {"part": "0", "warehouse": "-1"},
        {"part": "999999", "warehouse": "999999"},
    ],
)
def test_what_is_not_offered_cannot_be_added(client, db, fields):
    response = client.post(LINES, fields, follow=True)
    assert response.status_code == 200
    assert "notice--error" in text(response)
    assert not BasketLine.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "-1", "100", "2.5", "багато", "9" * 40])
def test_a_wrong_quantity_adds_nothing(client, db, quantity):
    assert "notice--error" in text(add(client, own_offer(), quantity=quantity))
    assert not BasketLine.objects.exists()


def test_a_basket_does_not_grow_without_end(client, own_basket):
    part = own_basket.lines.get().part
    offer = Offer.objects.get()
    BasketLine.objects.bulk_create(
        BasketLine(
            basket=own_basket,
            part=part,
            warehouse=offer.warehouse,
            price_seen=1,
            modification=ModificationFactory(generation=generation),
        )
        for generation in [ModificationFactory().generation]
        for _number in range(MAX_LINES - 1)
    )
    assert "сто різних позицій" in text(add(client, own_offer()))
    assert BasketLine.objects.count() == MAX_LINES


def test_htmx_gets_a_new_count_and_a_notice_and_keeps_its_page(client, db):
    offer = own_offer()
    response = client.post(LINES, {"part": offer.part_id, "warehouse": offer.warehouse_id, "quantity": 2}, headers=HTMX)
    assert response["HX-Reswap"] == "none"
    assert 'hx-swap-oob="innerHTML:#basket-count"' in text(response)
    assert "Додано в кошик" in text(response)
    assert "<html" not in text(response)


def test_the_quantity_is_typed_or_stepped(client, own_basket):
    line = own_basket.lines.get()
    address = f"{LINES}{line.pk}/"
    for fields, expected in [
        ({"quantity": "4"}, 4),
        ({"quantity": "4", "step": "1"}, 5),
        ({"quantity": "5", "step": "-1"}, 4),
        ({"quantity": "1", "step": "-1"}, 1),
        ({"quantity": "99", "step": "1"}, 99),
    ]:
        assert client.post(address, fields).status_code == 302
        line.refresh_from_db()
        assert line.quantity == expected


@pytest.mark.parametrize("quantity", ["", "0", "100", "-3", "1.5", "абв", "<b>1</b>", "\x00", "9" * 50])
@pytest.mark.parametrize(("prefix", "says"), [("", "Вкажіть від 1 до 99 штук."), ("/en", "99")])
def test_a_wrong_quantity_stays_typed_with_a_message_beside_it(client, own_basket, quantity, prefix, says):
    line = own_basket.lines.get()
    response = client.post(f"{prefix}{LINES}{line.pk}/", {"quantity": quantity})
    assert response.status_code == 200
    assert f'id="quantity-{line.pk}-error"' in text(response)
    assert says in text(response)
    assert "<b>1</b>" not in text(response)
    line.refresh_from_db()
    assert line.quantity == 2


def test_a_stranger_s_line_is_not_found(client, own_basket):
    foreign = BasketLineFactory(basket=BasketFactory())
    for address in (f"{LINES}{foreign.pk}/", f"{LINES}{foreign.pk}/removal/", f"{LINES}{10**30}/"):
        assert client.post(address, {"quantity": "5"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.quantity == 1


def test_without_a_basket_every_line_is_not_found(client, db):
    line = BasketLineFactory()
    assert client.post(f"{LINES}{line.pk}/", {"quantity": "5"}).status_code == 404


def test_a_removed_line_can_be_put_back_for_its_car(client, own_basket):
    line = own_basket.lines.get()
    car = ModificationFactory()
    BasketLine.objects.update(modification=car)
    response = client.post(f"{LINES}{line.pk}/removal/", follow=True)
    assert "Забрали з кошика" in text(response)
    assert "Повернути" in text(response)
    assert not own_basket.lines.exists()
    assert "Повернути" not in text(client.get("/basket/"))
    add(client, Offer.objects.get(), quantity=2, modification=car.pk)
    again = own_basket.lines.get()
    assert (again.quantity, again.modification) == (2, car)


def test_a_changed_price_is_shown_old_and_new_and_agreed_to_by_a_press(client, own_basket):
    Offer.objects.update(price=Decimal("160.50"))
    page = text(client.get("/basket/"))
    assert "150\u00a0₴" in page
    assert "160,50\u00a0₴" in page
    assert reverse("orders:checkout") not in page
    client.post("/basket/agreement/", {"total": "300.00"})
    assert own_basket.lines.get().price_seen == Decimal("150.00")
    client.post("/basket/agreement/", {"total": "321.00"})
    assert own_basket.lines.get().price_seen == Decimal("160.50")
    assert reverse("orders:checkout") in text(client.get("/basket/"))


def test_missing_pieces_are_shown_with_how_many_are_left(client, own_basket):
    StockItem.objects.update(reserved=4)
    page = text(client.get("/basket/"))
    assert "Лишилося 1 шт." in page
    assert reverse("orders:checkout") not in page
    StockItem.objects.update(reserved=5)
    assert "розкупили або зняли" in text(client.get("/basket/"))


def test_every_change_has_a_page_of_its_own_without_javascript(client, own_basket):
    line = own_basket.lines.get()
    for address in (LINES, f"{LINES}{line.pk}/", f"{LINES}{line.pk}/removal/", "/basket/agreement/"):
        assert client.get(address).status_code == 405


def test_htmx_gets_the_lines_alone(client, own_basket):
    line = own_basket.lines.get()
    response = client.post(f"{LINES}{line.pk}/", {"quantity": "3"}, headers=HTMX | {"HX-Target": "basket-lines"})
    assert 'id="basket-lines"' in text(response)
    assert "<html" not in text(response)
    assert "450\u00a0₴" in text(response)


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_for_one_line_and_twenty(client, own_basket, django_assert_num_queries, count):
    own_basket.lines.all().delete()
    car = ModificationFactory()
    for _number in range(count):
        BasketLineFactory(basket=own_basket, modification=car, offer=OfferFactory())
    client.get("/basket/")
    # session, basket, lines, fit (rows, parts without rows), offers, count, offers from all places
    with django_assert_num_queries(8):
        client.get("/basket/")


def test_the_header_counts_pieces_without_a_query(client, db, django_assert_num_queries):
    add(client, own_offer(), quantity=3)
    assert client.session["basket_count"] == 3
