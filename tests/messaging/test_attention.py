import pytest
from django.urls import reverse

from shop.messaging.attention import close, send_again
from shop.messaging.leases import lease_due
from shop.messaging.models import Message
from shop.messaging.sending import send_due
from tests.factories.accounts import CustomerFactory

pytestmark = pytest.mark.django_db
Status = Message.Status


@pytest.fixture
def stuck(write_text):
    """An SMS whose first try may or may not have arrived."""
    write_text(body="Стежте: [[order-page]]", sealed={"order-page": "https://shop.example/orders/1/s/"})
    (lease,) = lease_due("orders", "sms")
    lease.begin("TurboSMS")
    lease.needs_person("handing-over was cut off")
    return lease


def test_sent_again_by_a_person_it_goes_out_with_its_link(stuck, turbosms):
    assert send_again(stuck.message)
    assert Message.objects.get().needs_person_since is None
    assert not stuck.accepted("TurboSMS", "late"), "the first worker is still fenced off"
    assert send_due("orders", "sms") == 1
    assert turbosms.sent[0]["text"] == "Стежте: https://shop.example/orders/1/s/"


def test_a_second_press_sends_nothing_more(stuck, turbosms):
    assert send_again(stuck.message)
    send_due("orders", "sms")
    assert not send_again(stuck.message)
    assert send_due("orders", "sms") == 0


def test_closed_it_leaves_the_list_and_loses_its_secrets(stuck):
    assert close(stuck.message)
    message = Message.objects.get()
    assert (message.status, message.needs_person_since, message.sealed) == (Status.REJECTED, None, "")
    assert not close(stuck.message)
    assert not send_again(stuck.message)


@pytest.mark.parametrize(("act", "status"), [("send_again", Status.WAITING), ("close", Status.REJECTED)])
def test_staff_settle_messages_in_the_admin(client, stuck, act, status):
    client.force_login(CustomerFactory(is_staff=True, is_superuser=True))
    address = reverse("admin:messaging_message_changelist")
    response = client.post(address, {"action": act, "_selected_action": [stuck.message.pk]}, follow=True)
    assert response.status_code == 200
    assert Message.objects.get().status == status
