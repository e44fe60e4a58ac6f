import html
import re
import uuid
from decimal import Decimal

import pytest

from orders.models import Basket, Order, PaymentKind
from shop.messaging.models import Message
from shop.offers.models import Offer, StockItem
from tests.factories import BasketLineFactory, ModificationFactory, PickupPointFactory, SettlementFactory, own_offer
from tests.orders.conftest import store


def text(response):
    return response.content.decode()


def value_of(page, name):
    """What a control of the page holds."""
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"|name="{name}"[^>]*>\s*([^<]*)</textarea>', page)
    return html.unescape(found[1] if found[1] is not None else found[2]) if found else None


def shown_by(page):
    """What the form carries of what it showed."""
    names = ("shown_total", "shown_lines", "shown_delivery", "shown_prepayment", "offer_version")
    return {name: value_of(page, name) for name in names}


def test_the_sum_stands_before_any_personal_field(client, own_basket):
    page = text(client.get("/checkout/"))
    assert page.index("До сплати нам") < page.index('name="surname"')
    assert value_of(page, "shown_total") == "300.00"
    assert value_of(page, "key") == str(own_basket.placement_key)


def test_the_page_says_who_collects_data_why_and_to_whom_they_go(client, own_basket):
    page = text(client.get("/checkout/"))
    for said in (
        "Дані збирає ФОП Коваленко Олена Іванівна",
        "/about/privacy/",
        "/about/offer/",
        "Потрібне перевізникові та для документів.",
        "Замовити із зобов’язанням оплатити",
    ):
        assert said in page
    assert not re.search("newsletter|розсилк", page)


def test_controls_help_the_browser_fill_them(client, own_basket):
    page = text(client.get("/checkout/"))
    for name, attribute in [
        ("surname", 'autocomplete="family-name"'),
        ("given_name", 'autocomplete="given-name"'),
        ("phone", 'inputmode="tel"'),
        ("email", 'autocomplete="email"'),
    ]:
        control = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
        assert attribute in control


def test_without_a_basket_there_is_nothing_to_check_out(client, db):
    assert client.get("/checkout/").url == "/basket/"
    assert client.post("/checkout/", {"surname": "x"}).url == "/basket/"


def test_the_chosen_car_is_filled_in_and_kept_on_the_order(client, own_basket, fields):
    car = ModificationFactory()
    client.post("/cars/chosen/", {"modification": car.pk})
    page = text(client.get("/checkout/"))
    assert (value_of(page, "car"), value_of(page, "modification")) == (car.full_name(), str(car.pk))
    client.post("/checkout/", fields | {"car": car.full_name(), "modification": str(car.pk)})
    order = Order.objects.get()
    assert (order.modification, order.car) == (car, car.full_name())


def test_another_car_typed_is_that_car(client, own_basket, fields):
    car = {"modification": str(ModificationFactory().pk)}
    client.post("/checkout/", fields | car | {"car": "Passat B6 2008", "vin": " wvwzzz3cz8p000001 "})
    order = Order.objects.get()
    assert (order.modification, order.car, order.vin) == (None, "Passat B6 2008", "WVWZZZ3CZ8P000001")


def test_a_guest_s_order_leads_to_its_page(client, own_basket, fields):
    response = client.post("/checkout/", fields)
    order = Order.objects.get()
    assert (response.status_code, response.url) == (302, f"/orders/{order.number}/{order.secret}/")
    assert (order.phone, order.surname, order.language) == ("+380671234567", "Шевченко", "uk")
    assert client.get(response.url).status_code == 200
    assert client.session.get("basket_count", 0) == 0


def test_an_english_order_speaks_english(client, own_basket, fields):
    response = client.post("/en/checkout/", fields)
    order = Order.objects.get()
    assert order.language == "en"
    assert response.url.startswith("/en/orders/")


def test_pick_up_by_invoice(client, own_basket, fields):
    counter = store()
    chosen = {"delivery_kind": "self-pickup", "store": str(counter.pk), "payment_kind": "invoice", "pickup_point": ""}
    assert client.post("/checkout/", fields | chosen | {"town": "", "settlement": ""}).status_code == 302
    order = Order.objects.get()
    assert (order.pickup_point, order.payment_kind) == (counter, PaymentKind.INVOICE)


def test_the_second_click_finds_the_same_order(client, own_basket, fields):
    assert client.post("/checkout/", fields).url == client.post("/checkout/", fields).url
    assert Order.objects.count() == 1


def test_an_edited_form_sent_again_leads_back_with_the_reason(client, own_basket, fields):
    client.post("/checkout/", fields)
    response = client.post("/checkout/", fields | {"surname": "Бондар"}, follow=True)
    assert Order.objects.get().number in text(response)
    assert "вже оформлено замовлення" in text(response)


def test_a_changed_price_is_shown_and_ordered_after_one_more_press(client, own_basket, fields):
    Offer.objects.update(price=Decimal("160.50"))
    page = text(client.post("/checkout/", fields))
    assert not Order.objects.exists()
    assert "150\u00a0₴</del> → <strong>160,50\u00a0₴" in page
    assert (value_of(page, "shown_total"), value_of(page, "surname")) == ("321.00", "Шевченко")
    client.post("/checkout/", fields | shown_by(page))
    assert Order.objects.get().total == Decimal("321.00")


def swap(basket):
    """In another tab: the part becomes one that costs as much."""
    basket.lines.all().delete()
    return BasketLineFactory(basket=basket, offer=own_offer(price=Decimal("300.00")), quantity=1).part


def test_a_swap_in_another_tab_is_asked_about_and_ordered_after_one_more_press(client, own_basket, fields):
    part = swap(own_basket)
    page = text(client.post("/checkout/", fields))
    assert "Кошик змінився в іншій вкладці" in page
    assert '<details class="checkout__panel" open>' in page
    assert part.article_number in page
    assert not Order.objects.exists()
    client.post("/checkout/", fields | shown_by(page))
    assert Order.objects.get().lines.get().part == part


@pytest.mark.parametrize("pressed", [{"find": "town"}, {"surname": ""}])
def test_a_swap_is_told_of_whatever_was_pressed_first(client, own_basket, fields, pressed):
    assert "Кошик змінився" not in text(client.post("/checkout/", fields | pressed))
    swap(own_basket)
    assert "Кошик змінився в іншій вкладці" in text(client.post("/checkout/", fields | pressed))


def test_missing_pieces_are_shown_and_one_press_takes_what_is_left(client, own_basket, fields):
    StockItem.objects.update(on_hand=1)
    page = text(client.post("/checkout/", fields))
    assert "лишилося 1 шт." in page
    assert "Замовити стільки, скільки є" in page
    assert not Order.objects.exists()
    page = text(client.post("/checkout/", fields | {"fit": "stock"}))
    assert (value_of(page, "shown_total"), value_of(page, "surname")) == ("150.00", "Шевченко")
    client.post("/checkout/", fields | shown_by(page))
    assert Order.objects.get().total == Decimal("150.00")


def test_too_many_orders_of_a_guest_are_refused_with_the_phone_and_what_was_typed(client, own_basket, fields, settings):
    settings.HOURLY_LIMITS = {"guest-order": {"phone": 1, "address": 9}}
    first = client.post("/checkout/", fields).url
    BasketLineFactory(basket=own_basket, offer=Offer.objects.get(), quantity=2)
    own_basket.refresh_from_db()
    again = fields | {"key": str(own_basket.placement_key)}
    response = client.post("/checkout/", again)
    page = text(response)
    assert response.status_code == 429
    assert "забагато замовлень" in page
    alert = page.split('role="alert"')[1].split("<form")[0]
    assert f'href="tel:{settings.SELLER.phone}"' in alert
    assert (value_of(page, "surname"), value_of(page, "key")) == ("Шевченко", again["key"])
    assert client.post("/checkout/", fields).url == first
    assert client.post("/checkout/", again | {"phone": "050 111 22 33"}).status_code == 302
    assert Order.objects.count() == 2


def test_orders_of_many_phones_from_one_address_are_refused_too(client, own_basket, fields, settings):
    settings.HOURLY_LIMITS = {"guest-order": {"phone": 9, "address": 1}}
    client.post("/checkout/", fields, REMOTE_ADDR="203.0.113.9")
    BasketLineFactory(basket=own_basket, offer=Offer.objects.get(), quantity=2)
    own_basket.refresh_from_db()
    again = fields | {"key": str(own_basket.placement_key), "phone": "050 111 22 33"}
    assert client.post("/checkout/", again, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert client.post("/checkout/", again, REMOTE_ADDR="203.0.113.10").status_code == 302


def test_when_nothing_is_left_the_basket_says_so(client, own_basket, fields):
    StockItem.objects.update(on_hand=0)
    assert client.post("/checkout/", fields | {"fit": "stock"}).url == "/basket/"


def test_a_basket_with_open_questions_goes_back_to_the_basket(client, own_basket):
    Offer.objects.update(price=Decimal("1.00"))
    assert client.get("/checkout/").url == "/basket/"


def test_a_stale_page_keeps_what_was_typed_and_gets_a_new_key(client, own_basket, fields):
    page = text(client.post("/checkout/", fields | {"key": str(uuid.uuid4())}))
    assert "сторінка застаріла" in page
    assert (value_of(page, "key"), value_of(page, "surname")) == (str(own_basket.placement_key), "Шевченко")
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"key": "x"},
        {"shown_total": ""},
        {"shown_total": "NaN"},
        {"shown_total": "-1"},
        {"shown_total": "1e9"},
        {"shown_lines": ""},
        {"shown_lines": "0" * 32},
        {"shown_lines": "x\x00"},
    ],
)
def test_a_form_without_its_hidden_parts_orders_nothing(client, own_basket, fields, wrong):
    page = text(client.post("/checkout/", fields | wrong))
    assert "застаріла" in page or "Кошик змінився" in page
    assert value_of(page, "surname") == "Шевченко"
    assert not Order.objects.exists()


def test_a_town_is_found_without_javascript(client, own_basket, fields, branch):
    typing = {key: value for key, value in fields.items() if key not in {"settlement", "pickup_point"}}
    page = text(client.post("/checkout/", typing | {"town": "бров", "find": "town"}))
    assert value_of(page, "settlement") == str(branch.settlement_id)
    assert branch.name_uk in page
    assert value_of(page, "surname") == "Шевченко"
    assert "form-errors" not in page.split("</head>")[1]
    assert not Order.objects.exists()


def test_towns_of_one_beginning_are_offered_and_one_is_chosen(client, own_basket, branch):
    other = PickupPointFactory(settlement__name_uk="Бровки", settlement__oblast_uk="Житомирська область")
    page = text(client.post("/checkout/terms/", {"town": "бров"}))
    assert "Бровари" in page
    assert "Житомирська область" in page
    page = text(client.post("/checkout/terms/", {"town": "бров", "settlement": other.settlement_id}))
    assert other.name_uk in page
    assert branch.name_uk not in page


def test_a_town_without_branches_offers_its_neighbours(client, own_basket, branch):
    SettlementFactory(name_uk="Княжичі")
    page = text(client.post("/checkout/terms/", {"town": "Княжичі"}))
    assert "Найближчі міста" in page
    assert "Бровари" in page


@pytest.mark.parametrize(
    "town", ["", "Атлантида", "\x00", "%", "'; DROP TABLE x; --", "<b>", "я" * 10_000, "\u202eабв"]
)
def test_a_strange_town_harms_nothing(client, own_basket, branch, town):
    for settlement in ("", "x", "-1", "9" * 30):
        response = client.post("/checkout/terms/", {"town": town, "settlement": settlement})
        assert response.status_code == 200
        assert "<b>" not in text(response)


def test_a_point_of_another_town_is_refused(client, own_basket, fields):
    elsewhere = PickupPointFactory()
    page = text(client.post("/checkout/", fields | {"pickup_point": str(elsewhere.pk)}))
    assert "Оберіть відділення або поштомат зі списку." in page
    assert not Order.objects.exists()


def test_a_point_of_another_carrier_is_refused(client, own_basket, fields):
    foreign = PickupPointFactory(carrier__code="meest", carrier__name_uk="Meest")
    wrong = {"pickup_point": str(foreign.pk), "settlement": str(foreign.settlement_id), "town": ""}
    assert "Оберіть відділення" in text(client.post("/checkout/", fields | wrong))
    pickup = {"delivery_kind": "self-pickup", "store": fields["pickup_point"]}
    assert "Оберіть магазин" in text(client.post("/checkout/", fields | pickup))
    assert not Order.objects.exists()


def test_a_closed_point_is_refused(client, own_basket, fields, branch):
    branch.is_active = False
    branch.save()
    assert "Оберіть відділення" in text(client.post("/checkout/", fields))
    assert not Order.objects.exists()


def test_the_basket_s_count_of_a_new_basket_starts_again(client, own_basket, fields):
    client.post("/checkout/", fields)
    BasketLineFactory(basket=Basket.objects.get())
    client.get("/basket/")
    assert client.session["basket_count"] == 1


def test_placing_writes_messages_for_mail_and_sms(client, own_basket, fields):
    client.post("/checkout/", fields)
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["email", "sms"]


def test_personal_data_never_travel_in_an_address_nor_before_the_order(client, own_basket):
    """Choosing sends the town and the ways, and nothing that says who the buyer is."""
    page = text(client.get("/checkout/"))
    sent = {name for names in re.findall(r'hx-params="([^"]*)"', page) for name in names.split(",")}
    ways = {"town", "settlement", "delivery_kind", "point_like", "pickup_point", "store", "payment_kind"}
    assert sent == ways | {"shown_lines"}
    assert "hx-get" not in page.split('<form class="checkout')[1]
    assert re.search(r'<form class="checkout[^>]*method="post"', page)
