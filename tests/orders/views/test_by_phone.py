"""A phone and nothing else: an order in one click and a call back."""

import pytest

from orders.models import Enquiry, Hold, Order
from shop.offers.models import Offer
from tests.factories import CustomerFactory, ModificationFactory, own_offer

ONE, BACK = "/enquiries/one-click/", "/enquiries/call-back/"


def place_of(offer, quantity=1):
    return {"part": offer.part_id, "warehouse": offer.warehouse_id, "quantity": quantity}


def test_a_part_is_ordered_by_phone_alone(client, db):
    offer = own_offer()
    page = client.get(ONE, place_of(offer, 2)).content.decode()
    assert "300\u00a0₴" in page
    assert 'name="surname"' not in page
    assert client.post(ONE, place_of(offer, 2) | {"phone": "067 123 45 67"}).url == "/enquiries/sent/"
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.phone) == (Enquiry.Kind.ONE_CLICK, "+380671234567")
    assert enquiry.lines == [[offer.part_id, offer.warehouse_id, 2, "150.00"]]
    assert offer.part.article_number in enquiry.question
    assert enquiry.needs_person_since is not None
    assert not Order.objects.exists()
    assert not Hold.objects.exists()


def test_the_basket_is_ordered_by_phone_and_stays(client, own_basket):
    line = own_basket.lines.get()
    client.post(ONE, {"phone": "067 123 45 67"})
    assert Enquiry.objects.get().lines == [[line.part_id, line.warehouse_id, 2, "150.00"]]
    assert own_basket.lines.count() == 1


def test_the_basket_s_and_the_part_s_page_lead_there(client, own_basket):
    assert f'href="{ONE}"' in client.get("/basket/").content.decode()
    line = own_basket.lines.get()
    page = client.get(line.part.get_absolute_url()).content.decode()
    assert f"{ONE}?part={line.part_id}&amp;warehouse={line.warehouse_id}" in page


def test_pressed_twice_it_is_one_enquiry(client, own_basket):
    for _press in range(2):
        client.post(ONE, {"phone": "067 123 45 67"})
    assert Enquiry.objects.count() == 1


def test_the_chosen_car_and_the_account_go_along(client, own_basket):
    customer, car = CustomerFactory(), ModificationFactory()
    client.force_login(customer)
    client.post("/cars/chosen/", {"modification": car.pk})
    assert str(customer.phone) in client.get(BACK).content.decode()
    client.post(BACK, {"phone": str(customer.phone), "name": "Олена", "question": "Гальма"})
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.customer, enquiry.modification, enquiry.question) == (
        Enquiry.Kind.CALL_BACK,
        customer,
        car,
        "Гальма",
    )


def test_a_call_back_needs_the_phone_only(client, db):
    assert client.post(BACK, {"phone": "067 123 45 67"}).url == "/enquiries/sent/"
    assert Enquiry.objects.get().question == "Просять передзвонити."


@pytest.mark.parametrize(
    "wrong", [{"part": "x"}, {"warehouse": "0"}, {"quantity": "100"}, {"quantity": "x"}, {"part": "9" * 30}]
)
def test_an_offer_that_is_not_there_leads_to_the_basket(client, db, wrong):
    offer = own_offer()
    assert client.get(ONE, place_of(offer) | wrong).url == "/basket/"
    assert client.post(ONE, place_of(offer) | wrong | {"phone": "067 123 45 67"}).url == "/basket/"
    Offer.objects.all().delete()
    assert client.get(ONE, place_of(offer)).url == "/basket/"
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", [ONE, BACK])
@pytest.mark.parametrize("phone", ["", "123", "+1", "067\x00", "067\u202e1234567", "<b>", "'; --", "я" * 10_000, "🚗"])
def test_a_wrong_phone_is_told_beside_the_field(client, own_basket, prefix, address, phone):
    answer = client.post(f"{prefix}{address}", {"phone": phone})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="enquiry-phone_error"' in page
    assert "<b>" not in page
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("name", "<b>"), ("name", "1"), ("name", "я" * 61), ("question", "я" * 1001), ("question", "\x07")],
)
def test_other_wrong_input_keeps_what_was_typed(client, db, prefix, name, value):
    page = client.post(f"{prefix}{BACK}", {"phone": "067 123 45 67", name: value}).content.decode()
    assert f'id="enquiry-{name}_error"' in page
    assert 'value="067 123 45 67"' in page
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("address", [ONE, BACK])
def test_a9_robots_are_held_back_with_the_phone_for_people(client, own_basket, settings, address):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"guest-enquiry": {"address": 1}}
    assert client.post(address, {"phone": "067 123 45 67"}).status_code == 302
    refused = client.post(address, {"phone": "067 123 45 68"})
    assert refused.status_code == 429
    assert "tel:" in refused.content.decode().split('role="alert"')[1]
    assert Enquiry.objects.count() == 1


def test_a9_one_phone_asks_five_times_an_hour(client, db):
    for number in range(5):
        client.post(BACK, {"phone": "067 123 45 67", "question": f"Питання {number}"})
    assert client.post(BACK, {"phone": "067 123 45 67", "question": "Ще"}).status_code == 429
    assert Enquiry.objects.count() == 5
