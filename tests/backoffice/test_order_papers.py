"""Papers at the desk: each on the order's page, picking lists of many orders at once."""

import pytest
from django.urls import reverse

from orders.cancellation import cancel_order
from orders.papers import papers_for_staff
from shop.backoffice.roles import Role
from tests.factories import own_offer
from tests.orders.buying import placed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.MANAGER, Role.WAREHOUSE])
def test_staff_print_every_paper_of_an_order(sign_in, role):
    order = placed(own_offer())
    browser = sign_in(role)
    assert [link.kind for link in papers_for_staff(order, [])] == ["invoice", "picking-list"]
    page = browser.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    for link in papers_for_staff(order, []):
        assert link.url in page
        assert browser.get(link.url).content.startswith(b"%PDF-")
    assert browser.get(reverse("admin:orders_order_paper", args=[order.pk, "delivery-note-1"])).status_code == 404


def test_content_staff_print_nothing(sign_in):
    order = placed(own_offer())
    answer = sign_in(Role.CONTENT).get(reverse("admin:orders_order_paper", args=[order.pk, "invoice"]))
    assert answer.status_code == 403


def test_picking_lists_of_many_orders_are_one_file(desk):
    orders = [placed(own_offer()) for _order in range(3)]
    cancel_order(orders[2])
    chosen = {"action": "print_picking_lists", "_selected_action": [order.pk for order in orders]}
    answer = desk.post(reverse("admin:orders_order_changelist"), chosen)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    chosen["_selected_action"] = [orders[2].pk]
    said = desk.post(reverse("admin:orders_order_changelist"), chosen, follow=True).content.decode()
    assert "немає замовлень, які ще збирати" in said
