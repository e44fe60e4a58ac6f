"""Ways of delivery and payment at the checkout: what is shown, what follows a choice, what is agreed to."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from orders.models import Hold, Order, Payment, PaymentKind, PaymentRule
from shop.catalog.models import Category
from shop.delivery import places, quoting
from shop.delivery.models import PickupPoint
from shop.messaging.models import Message
from shop.messaging.placeholders import unseal
from shop.offers.models import Offer
from tests.factories import (
    BasketLineFactory,
    CustomerFactory,
    LegalDocumentFactory,
    ModificationFactory,
    OrderFactory,
    PickupPointFactory,
    own_offer,
)
from tests.orders.conftest import store
from tests.orders.views.test_checkout import shown_by, text, value_of
from vehicles.garage import CustomerGarage

DOOR = {"delivery_kind": "nova-poshta-door", "pickup_point": "", "street": "вул. Зелена", "house": "12-А"}


@pytest.fixture
def courier_costs(monkeypatch):
    """Delivery to the door that is paid to us: 80 ₴."""
    real = quoting.quote

    def quote(kind, **asked):
        if kind != "nova-poshta-door":
            return real(kind, **asked)
        return quoting.DeliveryQuote(Decimal("80.00"), None, "shop", 1, 1, "")

    monkeypatch.setattr("orders.terms.quote", quote)
    return quote


def checked(page, name):
    found = re.search(rf'<input[^>]*name="{name}"[^>]*checked', page, re.S)
    return re.search(r'value="([^"]*)"', found[0])[1] if found else None


def test_u2_all_that_is_agreed_to_stands_on_the_page_before_the_button(client, own_basket, payment_rules):
    page = text(client.get("/checkout/"))
    button = page.rindex("Замовити із зобов’язанням оплатити")
    for said in (
        "До сплати нам",
        'name="delivery_kind"',
        'name="payment_kind"',
        "публічну оферту",
        "повернути протягом 14 днів",
        "ФОП Коваленко Олена Іванівна",
        "куди скаржитися",
    ):
        assert page.index(said) < button


def test_the_delivered_sum_stands_before_any_personal_field(client, own_basket, payment_rules):
    page = text(client.get("/checkout/"))
    first_personal = min(page.index(f'name="{name}"') for name in ("surname", "phone", "email", "street", "vin"))
    for before in ("До сплати нам", 'name="town"', 'name="delivery_kind"', 'name="payment_kind"'):
        assert page.index(before) < first_personal


def test_u3_the_shown_offer_is_stored_and_a_newer_one_is_shown_first(client, own_basket, fields):
    LegalDocumentFactory(version=2)
    page = text(client.post("/checkout/", fields))
    assert "Публічна оферта оновилася: тепер діє версія 2" in page
    assert value_of(page, "surname") == "Шевченко"
    assert not Order.objects.exists()
    client.post("/checkout/", fields | shown_by(page))
    assert Order.objects.get().offer_document.version == 2


def test_u3_the_button_says_that_it_obliges_to_pay(client, own_basket, payment_rules):
    assert "Замовити із зобов’язанням оплатити" in text(client.get("/checkout/"))


def test_u5_mistakes_can_be_corrected_before_sending(client, own_basket, fields):
    page = text(client.post("/checkout/", fields | {"phone": "1"}))
    assert (value_of(page, "phone"), value_of(page, "email")) == ("1", fields["email"])
    assert "До натискання все можна виправити" in page
    assert 'href="/basket/"' in page


def test_r15_old_and_new_price_are_shown_and_agreed_to(client, own_basket, fields):
    Offer.objects.update(price=Decimal("160.50"))
    page = text(client.post("/checkout/", fields))
    assert "150\u00a0₴</del> → <strong>160,50\u00a0₴" in page
    assert not Order.objects.exists()
    client.post("/checkout/", fields | shown_by(page))
    assert Order.objects.get().lines.get().price == Decimal("160.50")


def test_r1_the_same_form_from_two_tabs_is_one_order(client, own_basket, fields):
    other = Client()
    other.cookies = client.cookies
    assert client.post("/checkout/", fields).url == other.post("/checkout/", fields).url
    assert Order.objects.count() == 1


def test_r6_basket_page_order_letter_and_payment_say_the_same_sum(client, own_basket, fields, courier_costs):
    choice = DOOR | {"payment_kind": "invoice"}
    page = text(client.post("/checkout/", fields | choice | {"find": "terms"}))
    assert value_of(page, "shown_total") == "380.00"
    assert page.count("380\u00a0₴") >= 3
    client.post("/checkout/", fields | choice | shown_by(page))
    order = Order.objects.get()
    assert (order.goods_total, order.delivery_total, order.total) == (Decimal(300), Decimal(80), Decimal(380))
    assert Payment.objects.get().amount == order.total
    for message in Message.objects.all():
        assert "380 ₴" in message.text.replace("\u00a0", " ")


def test_another_sum_than_was_shown_is_shown_first(client, own_basket, fields, courier_costs):
    """Without scripts somebody may choose another way and press the button at once."""
    page = text(client.post("/checkout/", fields | DOOR))
    assert "Умови доставки або оплати змінилися" in page
    assert (value_of(page, "shown_total"), value_of(page, "street")) == ("380.00", "вул. Зелена")
    assert not Order.objects.exists()
    client.post("/checkout/", fields | DOOR | shown_by(page))
    assert Order.objects.get().total == Decimal("380.00")


def test_a_prepayment_is_explained_counted_and_agreed_to(client, own_basket, fields):
    PaymentRule.objects.filter(kind=PaymentKind.ON_DELIVERY).update(prepayment_percent=15)
    page = text(client.post("/checkout/", fields))
    assert "Передоплата 45\u00a0₴, решту — під час отримання." in page
    assert "255\u00a0₴" in page
    assert not Order.objects.exists()
    client.post("/checkout/", fields | shown_by(page))
    assert (Order.objects.get().prepayment, Payment.objects.get().amount) == (Decimal(45), Decimal(45))


def test_a_way_of_paying_that_the_rules_refuse_says_why(client, own_basket, fields):
    PaymentRule.objects.filter(kind=PaymentKind.ON_DELIVERY).update(max_total=Decimal(100))
    page = text(client.post("/checkout/", fields))
    assert "Для замовлень до 100\u00a0₴." in page.split('id="id_payment_kind_error"')[1]
    assert re.search(r'name="payment_kind"[^>]*value="on-delivery"[^>]*disabled', page)
    assert value_of(page, "surname") == "Шевченко"
    assert not Order.objects.exists()


def test_a_branch_that_is_too_small_says_so(client, own_basket, fields, branch):
    part = own_basket.lines.get().part
    part.weight_kg = Decimal("16.000")
    part.save()
    PickupPoint.objects.filter(pk=branch.pk).update(max_weight_kg=30)
    page = text(client.post("/checkout/", fields))
    assert "30 кг" in page.split('id="id_delivery_kind_error"')[1]
    assert not Order.objects.exists()


def test_liquids_do_not_go_into_a_locker(client, own_basket, fields, branch):
    Category.objects.filter(pk=own_basket.lines.get().part.category_id).update(slug="oils")
    locker = PickupPointFactory(settlement=branch.settlement, kind=PickupPoint.Kind.LOCKER)
    page = text(client.post("/checkout/", fields | {"pickup_point": str(locker.pk)}))
    assert "в поштомат не надсилаємо" in page.split('id="id_delivery_kind_error"')[1]
    assert not Order.objects.exists()
    assert client.post("/checkout/", fields).status_code == 302


@pytest.mark.parametrize(("kind", "code"), [("ukrposhta", "ukrposhta"), ("meest", "meest")])
def test_branches_of_other_carriers(client, own_basket, fields, branch, kind, code):
    point = PickupPointFactory(carrier__code=code, settlement=branch.settlement)
    choice = {"delivery_kind": kind, "town": "Бровари", "settlement": str(branch.settlement_id)}
    page = text(client.post("/checkout/terms/", choice))
    assert point.name_uk in page
    assert branch.name_uk not in page
    client.post("/checkout/", fields | choice | {"pickup_point": str(point.pk)})
    assert (Order.objects.get().carrier.code, Order.objects.get().pickup_point) == (code, point)


def test_online_payment_holds_the_pieces_for_half_an_hour_and_leads_to_pay(client, own_basket, fields):
    answer = client.post("/checkout/", fields | {"payment_kind": "liqpay"})
    order = Order.objects.get()
    assert answer.url == f"/orders/{order.number}/{order.secret}/payment/"
    assert Payment.objects.get().kind == "liqpay"
    assert Hold.objects.get().ends_at is not None


def test_a_choice_by_htmx_brings_ways_sums_and_what_was_shown(client, own_basket, branch, payment_rules, courier_costs):
    choice = {"delivery_kind": "nova-poshta-door", "town": "Бровари", "settlement": str(branch.settlement_id)}
    page = text(client.post("/checkout/terms/", choice, headers={"HX-Request": "true"}))
    assert (value_of(page, "shown_total"), value_of(page, "shown_delivery")) == ("380.00", "80.00")
    assert checked(page, "delivery_kind") == "nova-poshta-door"
    for part in ("checkout-panel", "checkout-sum", "checkout-button-sum", "checkout-shown", "checkout-refusal"):
        assert f'id="{part}"' in page
    assert "<html" not in page
    assert 'name="surname"' not in page


def test_in_a_large_city_a_point_is_found_by_number_or_street(client, own_basket, fields, branch, monkeypatch):
    where = {"town": branch.settlement.name, "settlement": str(branch.settlement_id), "delivery_kind": "nova-poshta"}
    page = text(client.post("/checkout/terms/", where))
    assert 'name="point_like"' not in page
    monkeypatch.setattr(places, "MAX_POINTS", 2)
    for number in range(900, 910):
        PickupPointFactory(settlement=branch.settlement, name_uk=f"Відділення №{number}", address_uk="вул. Нова, 1")
    page = text(client.post("/checkout/terms/", where))
    assert 'name="point_like"' in page
    assert "Відділення №907" not in page
    page = text(client.post("/checkout/terms/", where | {"point_like": "907", "pickup_point": str(branch.pk)}))
    assert re.findall(r"Відділення №90[0-9]", page) == ["Відділення №907"]
    assert re.search(rf'value="{branch.pk}" selected', page)
    assert value_of(page, "point_like") == "907"
    looked = fields | {"find": "point", "pickup_point": "", "point_like": "немає такої"}
    assert "Такого пункту в цьому місті немає." in text(client.post("/checkout/", looked))
    assert client.post("/checkout/", fields | {"point_like": "907"}).status_code == 302
    assert Order.objects.get().pickup_point_id == int(fields["pickup_point"])


def test_without_a_basket_a_choice_leads_to_it(client, db):
    answer = client.post("/checkout/terms/", {})
    assert answer.headers["HX-Redirect"] == "/basket/"


def test_a_customer_s_data_and_last_delivery_are_filled_in(client, own_basket, fields, branch):
    customer = CustomerFactory(surname="Бондар", given_name="Іван", patronymic="Петрович", email="ivan@example.com")
    OrderFactory(customer=customer, pickup_point=branch, offer_document__version=1, payment_kind="invoice")
    client.force_login(customer)
    page = text(client.get("/checkout/"))
    assert [value_of(page, name) for name in ("surname", "given_name", "patronymic", "email", "phone")] == [
        "Бондар",
        "Іван",
        "Петрович",
        "ivan@example.com",
        str(customer.phone),
    ]
    assert (value_of(page, "town"), value_of(page, "settlement")) == ("Бровари", str(branch.settlement_id))
    assert re.search(rf'<option value="{branch.pk}"\s+selected', page)
    assert checked(page, "payment_kind") == "invoice"
    client.post("/checkout/", fields)
    assert Order.objects.exclude(payment_kind="invoice").get().customer == customer


def test_the_vin_of_the_chosen_car_comes_from_the_garage(client, own_basket, payment_rules):
    customer, car = CustomerFactory(), ModificationFactory()
    client.force_login(customer)
    CustomerGarage(customer.pk).keep(car.pk, vin="WVWZZZ3CZ8P000001")
    client.post("/cars/chosen/", {"modification": car.pk})
    page = text(client.get("/checkout/"))
    assert (value_of(page, "car"), value_of(page, "vin")) == (car.full_name(), "WVWZZZ3CZ8P000001")


def test_the_one_car_of_all_parts_is_the_order_s_car(client, own_basket, fields):
    car = ModificationFactory()
    own_basket.lines.update(modification=car)
    page = text(client.get("/checkout/"))
    assert (value_of(page, "car"), value_of(page, "modification")) == (car.full_name(), str(car.pk))


def test_a_wish_for_a_check_of_the_fit_is_kept(client, own_basket, fields):
    client.post("/checkout/", fields | {"wants_fit_check": "on", "vin": "WVWZZZ3CZ8P000001"})
    assert Order.objects.get().wants_fit_check


def test_pick_up_needs_no_town_and_no_street(client, own_basket, fields):
    counter = store()
    page = text(client.post("/checkout/terms/", {"delivery_kind": "self-pickup"}))
    assert f'value="{counter.pk}"' in page
    assert "безкоштовно" in page


def test_the_secret_address_of_the_order_is_in_the_letter_only_sealed(client, own_basket, fields):
    client.post("/checkout/", fields)
    order = Order.objects.get()
    for message in Message.objects.all():
        assert order.secret in unseal(message.sealed)["order-page"]
        assert order.secret not in message.text


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_for_one_line_and_twenty(
    client, own_basket, payment_rules, django_assert_max_num_queries, count
):
    for _number in range(count - 1):
        BasketLineFactory(basket=own_basket, offer=own_offer())
    client.get("/checkout/")
    with django_assert_max_num_queries(16):
        client.get("/checkout/")


def test_a_prepared_checkout_costs_no_more_statements_than_it_has_to(
    client, own_basket, fields, django_assert_max_num_queries
):
    """Session, basket, point, then the placing (18), with one query for the rules of payment, and the session."""
    client.get("/checkout/")  # the catalogue's frame is in memory
    with django_assert_max_num_queries(26):
        assert client.post("/checkout/", fields).status_code == 302
