"""What SMS gateways tell of messages, over HTTP: proved, kept once, applied once, whatever the order (TRUST M10)."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.messaging import sms_news
from shop.messaging.asking import ask_fates
from shop.messaging.models import DeliveryEvent, Message, WebhookEvent
from shop.messaging.sending import send_due

pytestmark = pytest.mark.django_db
Status = Message.Status
GOOD = {"turbosms": "Delivered", "alphasms": "DELIVERED", "twilio": "delivered"}
BAD = {"turbosms": "Undelivered", "alphasms": "UNDELIVERABLE", "twilio": "undelivered"}


@pytest.fixture
def told(texting, settings, write_text):
    """``told("twilio", "delivered", how="twice")``: statuses that the gateway's callbacks about a message got."""
    settings.PUBLIC_URL = "http://testserver"
    accounts = {}

    def tell(code, status, **how):
        if code not in accounts:
            accounts[code] = texting(code)
            write_text()
            send_due("orders", "sms")
        account = accounts[code]
        if code == "turbosms":
            notices = account.tell(status, f"http://testserver{reverse('turbosms_hook')}", "s3cret", **how)
        elif code == "twilio":
            notices = account.tell(status, settings.TWILIO_TOKEN, **how)
        else:
            notices = account.tell(status, **how)
        return [_post(each) for each in notices]

    return tell


def _post(notice):
    client = Client(enforce_csrf_checks=True)
    headers = {name: value for name, value in notice.headers.items() if name != "Content-Type"}
    path = notice.address.removeprefix("http://testserver")
    return client.post(path, notice.body, content_type=notice.headers["Content-Type"], headers=headers).status_code


@pytest.mark.parametrize("code", GOOD)
def test_m10_a_proved_callback_says_that_a_message_arrived(told, code):
    assert set(told(code, GOOD[code])) <= {200, 204}
    assert Message.objects.get().status == Status.ACCEPTED
    assert sms_news.handle_waiting() == 1
    message = Message.objects.get()
    assert message.status == Status.DELIVERED
    assert message.settled_at is not None
    assert DeliveryEvent.objects.get().news == "delivered"


@pytest.mark.parametrize("code", GOOD)
def test_m10_an_unproved_callback_is_refused_and_changes_nothing(told, code):
    assert told(code, GOOD[code], how="wrong-signature") == [403]
    assert not WebhookEvent.objects.exists()
    assert sms_news.handle_waiting() == 0
    assert Message.objects.get().status == Status.ACCEPTED


@pytest.mark.parametrize("code", GOOD)
def test_m10_the_proof_of_one_message_is_none_for_another(told, code):
    assert told(code, GOOD[code], how="other-message")[-1] == 403
    sms_news.handle_waiting()
    assert DeliveryEvent.objects.count() == (1 if code == "turbosms" else 0)


@pytest.mark.parametrize("code", GOOD)
def test_the_same_callback_twice_is_one_piece_of_news(told, code):
    assert set(told(code, GOOD[code], how="twice")) <= {200, 204}
    assert WebhookEvent.objects.get().deliveries == 2
    sms_news.handle_waiting()
    assert DeliveryEvent.objects.count() == 1


@pytest.mark.parametrize("code", GOOD)
def test_news_out_of_order_end_with_what_is_known_best(told, code):
    told(code, GOOD[code])
    sms_news.handle_waiting()
    told(code, BAD[code])
    sms_news.handle_waiting()
    assert Message.objects.get().status == Status.DELIVERED
    assert DeliveryEvent.objects.count() == 2


@pytest.mark.parametrize("code", BAD)
def test_an_undelivered_sms_is_told_to_the_ladder(told, code, monkeypatch):
    told(code, BAD[code])
    sms_news.handle_waiting()
    message = Message.objects.get()
    assert message.status == Status.UNDELIVERED
    assert message.needs_person_since is not None, "it was the only way"


def test_news_that_came_before_our_own_note_wait(told, time_machine):
    told("turbosms", "Delivered")
    Message.objects.update(status=Status.LEASED, gateway_message_id="", leased_until="2030-01-01T00:00:00Z")
    assert sms_news.handle_waiting() == 0
    assert WebhookEvent.objects.get().handled_at is None


def test_garbage_is_refused_and_too_much_of_it_is_not_heard(client, settings):
    assert client.post("/hooks/turbosms/", b"{", content_type="application/json").status_code == 403
    assert client.post("/hooks/turbosms/", b"x" * 20_000, content_type="application/json").status_code == 413
    assert client.get("/hooks/turbosms/").status_code == 405
    for _each in range(60):
        last = client.post("/hooks/twilio/", {"MessageSid": "SM1"}).status_code
    assert last == 429
    settings.TWILIO_TOKEN = ""
    assert Client(REMOTE_ADDR="10.9.8.7").post("/hooks/twilio/").status_code == 404


@pytest.mark.parametrize("code", ["turbosms", "alphasms", "smsclub", "twilio"])
def test_what_no_callback_tells_is_asked_for(texting, write_text, code, time_machine):
    time_machine.move_to("2026-11-23 12:00:00+02:00", tick=False)
    texting(code)
    write_text()
    send_due("orders", "sms")
    assert ask_fates() == 0, "callbacks come within seconds: give them time"
    time_machine.move_to("2026-11-23 12:03:00+02:00", tick=False)
    assert ask_fates() == 1
    assert Message.objects.get().status == Status.DELIVERED
    time_machine.move_to("2026-11-23 14:03:00+02:00", tick=False)
    assert ask_fates() == 0
