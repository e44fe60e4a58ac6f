"""Every field of the checkout with what should not be in it: a message beside it, the typing kept, nothing saved."""

import html
import re
from urllib.parse import urlencode

import pytest

from orders.models import Hold, Order
from shop.messaging.models import Message
from shop.offers.models import StockItem
from shop.privacy.models import Consent

LONG = "я" * 10_000
HTML = '<script>alert("x")</script>'
SQL = "'; DROP TABLE orders_order; --"
NUL = "Ol\x00ga"
BELL = "Ol\x07ga"
TURNED = "Ol\u202ega"
EMOJI = "🚗🚗"

_NAMES = [LONG, HTML, SQL, NUL, BELL, TURNED, EMOJI, "12345", "--", "a@b.ua", "=1+1"]
_TEXTS = [LONG, NUL, BELL, TURNED]
WRONG = {
    "surname": ["", "   ", *_NAMES],
    "given_name": ["", *_NAMES],
    "patronymic": _NAMES,
    "phone": ["", "123", "067", "+1", "мій номер", LONG, HTML, SQL, "067\x00 123 45 67", "067\u202e1234567", EMOJI],
    "email": ["", "olena", "a@b", "a b@c.ua", "a@b.ua, c@d.ua", "a@b.ua\nBcc: c@d.ua", LONG, HTML, SQL, NUL, EMOJI],
    "car": _TEXTS,
    "vin": ["123", "WVWZZZ3CZ8P00000I", "WVWZZZ3CZ8P0000011", "ВВВЗЗЗ3СЗ8Р000001", LONG, HTML, SQL, NUL, EMOJI],
    "comment": _TEXTS,
    "street": [LONG, HTML, SQL, NUL, BELL, TURNED, EMOJI, "=1+1", "-"],
    "house": ["без", LONG, HTML, SQL, NUL, TURNED, EMOJI],
    "flat": ["без", LONG, HTML, SQL, NUL, TURNED, EMOJI],
    "delivery_kind": ["", "pigeon", LONG, HTML, NUL],
    "payment_kind": ["", "card", LONG, HTML, NUL],
    "town": [LONG, NUL, BELL, TURNED],
    "pickup_point": ["", "0", "-1", "x", "9" * 30, LONG, HTML, SQL, NUL, EMOJI, "١٢"],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]
_IDS = [f"{name}-{number}" for number, (name, _value) in enumerate(CASES)]
# Where words are typed rather than chosen, they stand in the form again.
_TYPED = {
    "surname",
    "given_name",
    "patronymic",
    "phone",
    "email",
    "car",
    "vin",
    "comment",
    "town",
    "street",
    "house",
    "flat",
}


def nothing_is_saved(basket):
    return (
        not Order.objects.exists()
        and not Hold.objects.exists()
        and not Message.objects.exists()
        and not Consent.objects.exists()
        and StockItem.objects.get().reserved == 0
        and basket.lines.count() == 1
    )


def message_beside(page, name):
    found = re.search(rf'id="id_{name}_error">([^<]*)<', page)
    return html.unescape(found[1]).strip() if found else ""


def shown(page, name):
    """What stands in the control now, as a browser reads it."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.S)
    if area:
        return html.unescape(area[1])
    control = re.search(rf'<input[^>]*name="{name}"[^>]*>', page, re.S)
    value = re.search(r'value="([^"]*)"', control[0], re.S) if control else None
    return html.unescape(value[1]) if value else ""


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("name", "value"), CASES, ids=_IDS)
def test_wrong_input_is_told_beside_its_field(client, own_basket, fields, name, value, prefix):
    response = client.post(f"{prefix}/checkout/", fields | {name: value})
    page = response.content.decode()
    assert response.status_code == 200
    assert message_beside(page, name)
    assert f'href="#id_{name}' in page
    assert "autofocus" in page
    assert HTML not in page
    if name in _TYPED:
        assert shown(page, name) == value
    for kept in {"surname", "email", "phone"} - {name}:
        assert shown(page, kept) == fields[kept]
    assert nothing_is_saved(own_basket)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_field_sent_twice_is_refused(client, own_basket, fields, name):
    twice = urlencode([*fields.items(), (name, fields[name] or "Octavia")])
    response = client.post("/checkout/", twice, content_type="application/x-www-form-urlencoded")
    assert "Це поле надійшло двічі. Заповніть його ще раз." in message_beside(response.content.decode(), name)
    assert nothing_is_saved(own_basket)


def test_messages_speak_the_page_s_language(client, own_basket, fields):
    ukrainian = message_beside(client.post("/checkout/", fields | {"surname": ""}).content.decode(), "surname")
    assert ukrainian == "Вкажіть прізвище отримувача."


def test_all_fields_empty_tells_of_all_at_once(client, own_basket, fields):
    page = client.post("/checkout/", dict.fromkeys(fields, "")).content.decode()
    for name in ("surname", "given_name", "phone", "email", "delivery_kind", "payment_kind"):
        assert message_beside(page, name)
    assert nothing_is_saved(own_basket)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("surname", "О’Ніл"),
        ("surname", "Нечуй-Левицький"),
        ("surname", "Müller"),
        ("surname", "ван дер Берг"),
        ("given_name", "Дар'я"),
        ("patronymic", "І."),
        ("phone", "+38 (067) 123-45-67"),
        ("phone", "380671234567"),
        ("vin", "wvwzzz3cz8p000001"),
        ("comment", "Дзвоніть після 18:00 🚗\nДякую <3 & 'успіхів'"),
        ("car", "Škoda Octavia A7 1.6 TDI; 2014 р."),
        ("email", "olena+auto@example.com.ua"),
    ],
)
def test_what_real_people_type_is_taken(client, own_basket, fields, name, value):
    assert client.post("/checkout/", fields | {name: value}).status_code == 302
    assert Order.objects.count() == 1


DOOR = {"delivery_kind": "nova-poshta-door", "pickup_point": "", "street": "вул. Зелена", "house": "12-А", "flat": "7"}


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("street", {"street": ""}),
        ("street", {"street": "   "}),
        ("house", {"house": ""}),
        ("town", {"settlement": ""}),
        ("town", {"settlement": "0"}),
        ("town", {"settlement": "x"}),
        ("delivery_kind", {"delivery_kind": "courier"}),
    ],
)
def test_what_a_door_needs_is_told_beside_its_field(client, own_basket, fields, name, wrong, prefix):
    page = client.post(f"{prefix}/checkout/", fields | DOOR | wrong).content.decode()
    assert message_beside(page, name)
    assert shown(page, "surname") == fields["surname"]
    assert nothing_is_saved(own_basket)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_check_of_the_fit_needs_a_vin(client, own_basket, fields, prefix):
    page = client.post(f"{prefix}/checkout/", fields | {"wants_fit_check": "on"}).content.decode()
    assert message_beside(page, "vin")
    assert re.search(r'<input[^>]*name="wants_fit_check"[^>]*checked', page)
    assert nothing_is_saved(own_basket)


@pytest.mark.parametrize("name", ["shown_delivery", "shown_prepayment", "offer_version"])
@pytest.mark.parametrize("value", ["", "x", "-1", "NaN", "1e99", "\x00", "9" * 40])
def test_hidden_parts_that_were_tampered_with_order_nothing(client, own_basket, fields, name, value):
    page = client.post("/checkout/", fields | {name: value}).content.decode()
    assert "застаріла" in page
    assert shown(page, "surname") == fields["surname"]
    assert nothing_is_saved(own_basket)


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, HTML, NUL, "١٢"])
def test_a_car_that_is_none_is_left_out(client, own_basket, fields, value):
    """The hidden id is nothing that a person types; the order goes on without it."""
    assert client.post("/checkout/", fields | {"modification": value}).status_code in (200, 302)
    assert not Order.objects.filter(modification__isnull=False).exists()


@pytest.mark.parametrize(
    ("street", "house", "flat"),
    [
        ("вул. Зелена", "12-А", "7"),
        ("просп. Героїв України", "3/5", ""),
        ("Zelena st.", "1", "12 б"),
        ("бул. Т. Шевченка", "14, корп. 2", "офіс 5"),
        ("вул. О’Коннора", "1", ""),
        ("вул. 8-ма Садова", "№ 5", ""),
    ],
)
def test_real_addresses_are_taken(client, own_basket, fields, street, house, flat):
    door = {"street": street, "house": house, "flat": flat}
    assert client.post("/checkout/", fields | DOOR | door).status_code == 302
    order = Order.objects.get()
    assert (order.street, order.house, order.flat, order.pickup_point) == (street, house, flat, None)
