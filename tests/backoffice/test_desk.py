from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from shop.backoffice.queues import SHOWN, desk_of
from shop.messaging.models import Message
from tests.factories import CustomerFactory
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db


def message(key, **fields):
    return Message.objects.create(
        key=key, channel="sms", receiver="+380671234567", text="Текст", subject_kind="order", subject_id="1", **fields
    )


def test_the_queue_unites_apps_and_starts_with_the_longest_waiting(owner):
    now = timezone.now()
    order = OrderFactory(
        needs_person_since=now - timedelta(hours=1), needs_person_reason="Рахунок не оплачено", cancelled=True
    )
    lost = message(
        "lost",
        status="needs-person",
        needs_person_since=now - timedelta(hours=2),
        needs_person_reason="SMS могло не дійти",
    )
    OrderFactory(completed=True)
    waiting = desk_of(owner).waiting
    page_of_order = reverse("admin:orders_order_change", args=[order.pk])
    assert [(row.kind, row.label, row.reason, row.url) for row in waiting] == [
        ("Повідомлення", "", "SMS могло не дійти", reverse("admin:messaging_message_change", args=[lost.pk])),
        ("Замовлення", f"№ {order.number}", "Рахунок не оплачено", page_of_order),
    ]


def test_new_orders_come_oldest_first_and_all_are_counted(owner):
    orders = OrderFactory.create_batch(SHOWN + 2)
    for age, order in enumerate(orders):
        Order.objects.filter(pk=order.pk).update(placed_at=timezone.now() - timedelta(hours=age))
    OrderFactory(confirmed=True)
    desk = desk_of(owner)
    assert desk.new_orders[0] == orders[-1]
    assert (len(desk.new_orders), desk.new_orders_count) == (SHOWN, SHOWN + 2)


def test_messages_that_no_worker_will_bring_further_are_shown(owner):
    long_ago = timezone.now() - timedelta(minutes=11)
    rejected = message("rejected", status="rejected")
    stuck = message("stuck", status="waiting", available_at=long_ago)
    message("fresh", status="waiting")
    message("done", status="delivered", available_at=long_ago)
    assert set(desk_of(owner).undelivered) == {rejected, stuck}


def test_the_day_begins_at_midnight_in_kyiv_and_counts_money_by_state(owner):
    OrderFactory.create_batch(2, goods_total=Decimal("100.10"))
    OrderFactory(shipped=True, goods_total=Decimal("50.00"))
    OrderFactory(cancelled=True, goods_total=Decimal("999.00"))
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = OrderFactory()
    Order.objects.filter(pk=yesterday.pk).update(placed_at=midnight - timedelta(seconds=1))
    desk = desk_of(owner)
    assert [(day.status, day.orders, day.total) for day in desk.today] == [
        ("placed", 2, Decimal("200.20")),
        ("shipped", 1, Decimal("50.00")),
        ("cancelled", 1, Decimal("999.00")),
    ]
    assert (desk.today_count, desk.today_total) == (3, Decimal("250.20"))


@pytest.mark.parametrize("rows", [1, 20])
def test_the_first_screen_asks_the_same_number_of_queries(desk, rows, django_assert_num_queries):
    OrderFactory.create_batch(rows, needs_person_since=timezone.now())
    for number in range(rows):
        message(f"m{number}", status="rejected")
    desk.get(reverse("admin:index"))
    with django_assert_num_queries(6 if rows < SHOWN else 7):
        page = desk.get(reverse("admin:index")).content.decode()
    assert "Потребує людини зараз" in page


def test_a_person_sees_their_own_work_only(sign_in):
    OrderFactory(needs_person_since=timezone.now())
    content = sign_in("content").get(reverse("admin:index")).content.decode()
    assert "Розділи, з якими ви працюєте" in content
    assert "Нові замовлення" not in content
    warehouse = sign_in("warehouse").get(reverse("admin:index")).content.decode()
    assert "Нові замовлення" in warehouse
    assert "Повідомлення, що не дійшли" not in warehouse


def test_an_empty_desk_says_so(desk):
    page = desk.get(reverse("admin:index")).content.decode()
    assert "Черга порожня" in page
    assert "Сьогодні замовлень ще не було." in page


def test_admin_pages_are_never_kept(desk):
    for name in ("admin:index", "admin:orders_order_changelist", "admin:password_change"):
        assert "no-store" in desk.get(reverse(name))["Cache-Control"]


def test_signing_in_leads_to_the_desk(client, db):
    CustomerFactory(email="olha@shop.example", is_staff=True).set_password("x")
    person = CustomerFactory(email="oksana@shop.example", is_staff=True)
    person.set_password("dovhyi-parol-1")
    person.save()
    page = client.get(reverse("admin:login"), follow=True)
    answer = client.post(page.redirect_chain[-1][0], {"username": "OKSANA@shop.example", "password": "dovhyi-parol-1"})
    assert answer["Location"] == reverse("admin:index")


def test_a_customer_cannot_sign_in_to_the_admin(client, db):
    person = CustomerFactory(email="buyer@example.com")
    person.set_password("dovhyi-parol-1")
    person.save()
    answer = client.post(reverse("admin:login"), {"username": "buyer@example.com", "password": "dovhyi-parol-1"})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_customer_who_knows_nothing_stands_in_red_at_once_with_the_order(owner):
    order = OrderFactory(confirmed=True)
    told = message(
        "untold",
        status="undelivered",
        needs_person_since=timezone.now() - timedelta(seconds=1),
        needs_person_reason="Покупець нічого не знає. SMS: не доставлено; лист: відхилено.",
    )
    order.link_messages([told])
    (row,) = desk_of(owner).waiting
    assert (row.kind, row.label, row.is_over) == ("Нічого не знає", f"№ {order.number}", True)
    assert row.url == reverse("admin:messaging_message_change", args=[told.pk])
