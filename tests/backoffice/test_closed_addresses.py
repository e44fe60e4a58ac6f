"""Closed addresses in the admin, and the marks where a person would be written to."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.messaging.models import Suppression
from shop.messaging.suppression import is_suppressed, lift, suppress
from tests.factories import CustomerFactory
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db
Reason = Suppression.Reason
LIST = "admin:messaging_suppression_changelist"


def page(row, act="change"):
    return reverse(f"admin:messaging_suppression_{act}", args=[row.pk])


@pytest.fixture
def closed():
    return suppress("email", "olena@example.com", Reason.HARD_BOUNCE)


def shown(desk, **query):
    return [row.shown for row in desk.get(reverse(LIST), query).context["cl"].result_list]


def test_the_list_masks_addresses(desk, closed):
    suppress("sms", "+380671234567", Reason.BAD_NUMBER)
    text = desk.get(reverse(LIST)).content.decode()
    assert "o•••@example.com" in text
    assert "+38067•••••67" in text
    assert "olena@" not in text
    assert "671234567" not in text


def test_the_list_filters_by_reason_and_by_what_is_closed_now(desk, closed):
    suppress("sms", "+380671234567", Reason.STOP_LIST)
    suppress("email", "petro@example.com", Reason.SOFT_BOUNCE)
    assert shown(desk, reason__exact="stop-list") == ["+38067•••••67"]
    assert sorted(shown(desk, now="closed")) == ["+38067•••••67", "o•••@example.com"]
    assert shown(desk, now="open") == ["p•••@example.com"]


def test_a_whole_address_or_a_phone_in_any_spelling_is_found(desk, closed):
    suppress("sms", "+380671234567", Reason.STOP_LIST)
    assert shown(desk, q="Olena@Example.com") == ["o•••@example.com"]
    assert shown(desk, q="067 123-45-67") == ["+38067•••••67"]
    assert shown(desk, q="olena") == []


def test_each_row_says_how_it_stands(desk, owner, closed):
    suppress("email", "petro@example.com", Reason.SOFT_BOUNCE)
    over = suppress("sms", "+380671234567", Reason.STOP_LIST, until=timezone.now() - timedelta(hours=1))
    lifted = suppress("sms", "+380501234567", Reason.STOP_LIST)
    lift(lifted, author=owner, why="Попросив")
    text = desk.get(reverse(LIST)).content.decode()
    for state in ("закрито", "рахуємо", "знято", "минуло"):
        assert state in text
    assert desk.get(page(over)).status_code == 200


def test_staff_open_an_address_with_a_reason(desk, owner, closed):
    assert "Знову надсилати" in desk.get(page(closed)).content.decode()
    form = desk.get(page(closed, "open_again"))
    assert "Адреси немає" in form.content.decode()
    response = desk.post(page(closed, "open_again"), {"why": "Звільнила скриньку"}, follow=True)
    assert "Адресу відкрито" in response.content.decode()
    closed.refresh_from_db()
    assert (closed.lifted_by, closed.lifted_why) == (owner, "Звільнила скриньку")
    assert is_suppressed("email", "olena@example.com") is None


def test_without_a_reason_nothing_is_opened(desk, closed):
    for why in ("", "   ", "х" * 201):
        response = desk.post(page(closed, "open_again"), {"why": why})
        assert response.status_code == 200
        assert response.context["form"].errors["why"]
    assert is_suppressed("email", "olena@example.com") is not None


def test_a_second_press_is_told_that_it_is_done(desk, closed):
    desk.post(page(closed, "open_again"), {"why": "Перша"})
    response = desk.post(page(closed, "open_again"), {"why": "Друга"}, follow=True)
    assert "вже відкрито" in response.content.decode()
    assert Suppression.objects.get().lifted_why == "Перша"
    assert "lifting" not in desk.get(page(closed)).content.decode()


@pytest.mark.parametrize(("role", "status"), [("manager", 302), ("content", 403), ("warehouse", 403)])
def test_who_may_open_an_address(sign_in, closed, role, status):
    assert sign_in(role).post(page(closed, "open_again"), {"why": "Справна"}).status_code == status
    assert (Suppression.objects.get().lifted_at is None) == (status == 403)


def test_m7_the_order_and_the_customer_say_that_letters_do_not_arrive(desk, closed):
    customer = CustomerFactory(email="olena@example.com", phone="+380671234567")
    order = OrderFactory(email="Olena@example.com", phone="+380671234567")
    other = OrderFactory(email="petro@example.com", phone="+380501234567")
    suppress("sms", "+380671234567", Reason.BAD_NUMBER)
    for address in (
        reverse("admin:orders_order_change", args=[order.pk]),
        reverse("admin:accounts_customer_change", args=[customer.pk]),
    ):
        text = desk.get(address).content.decode()
        assert "Лист не доходить: адреси немає" in text
        assert "SMS не доходить: номера немає" in text
    assert "не доходить" not in desk.get(reverse("admin:orders_order_change", args=[other.pk])).content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_asks_the_same_number_of_queries(desk, owner, rows, django_assert_num_queries):
    for n in range(rows):
        lift(suppress("email", f"person{n}@example.com", Reason.HARD_BOUNCE), author=owner, why="Справна")
    desk.get(reverse(LIST))
    with django_assert_num_queries(5):
        desk.get(reverse(LIST))
