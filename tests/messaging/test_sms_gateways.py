"""AlphaSMS, SMS Club and Twilio over HTTP: what each answer of theirs makes of a message."""

import httpx
import pytest

from shop.local.providers.twilio import Twilio
from shop.messaging.errors import GatewayUnavailable, MessageRejected, OutcomeUnknown
from shop.messaging.gateways import sms_gateways
from shop.messaging.models import Message, News, Suppression
from shop.messaging.sending import send_due

pytestmark = pytest.mark.django_db
PHONE = "+380671234567"
OTHERS = ["alphasms", "smsclub", "twilio"]
NAMES = {"alphasms": "AlphaSMS", "smsclub": "SMS Club", "twilio": "Twilio"}


def send(text="Замовлення 1 прийнято.", phone=PHONE, key="0" * 31 + "1"):
    gateway = sms_gateways()[0]
    try:
        return gateway.send(phone, text, key=key)
    finally:
        gateway.close()


@pytest.mark.parametrize("code", OTHERS)
def test_a_message_reaches_the_phone_with_its_words(texting, code):
    account = texting(code)
    gateway_id = send()
    message = account.sent[0]
    assert (message["phone"], message["text"]) == (PHONE, "Замовлення 1 прийнято.")
    assert gateway_id == message["message_id"]


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize(
    ("answer", "error", "reached"),
    [
        ("bad-key", GatewayUnavailable, 0),
        ("no-money", GatewayUnavailable, 0),
        ("too-many", GatewayUnavailable, 0),
        ("bad-phone", MessageRejected, 0),
        ("stop-list", MessageRejected, 0),
        ("broken", OutcomeUnknown, 0),
        ("gateway-timeout", OutcomeUnknown, 1),
        ("garbage", OutcomeUnknown, 1),
    ],
)
def test_each_answer_is_one_of_three_outcomes(texting, code, answer, error, reached):
    account = texting(code)
    account.set_answer(answer)
    with pytest.raises(error) as raised:
        send()
    assert len(account.sent) == reached
    assert "67123" not in str(raised.value)


@pytest.mark.parametrize("code", OTHERS)
def test_a_slow_answer_after_the_sending_leaves_the_outcome_unknown(texting, code, monkeypatch):
    account = texting(code)
    account.set_answer("slow")
    monkeypatch.setattr("shop.messaging.gateways.http.TIMEOUT", httpx.Timeout(0.5), raising=False)
    gateway = sms_gateways()[0]
    gateway.open()
    gateway._client.timeout = httpx.Timeout(0.5)
    with pytest.raises(OutcomeUnknown):
        gateway.send(PHONE, "Замовлення 1 прийнято.", key="0" * 32)
    gateway.close()
    assert len(account.sent) == 1


@pytest.mark.parametrize("code", OTHERS)
def test_nobody_there_surely_has_not_taken_it(texting, settings, code):
    texting(code)
    setattr(settings, f"{code.upper()}_URL", "http://127.0.0.1:1")
    with pytest.raises(GatewayUnavailable):
        send()


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize(
    ("answer", "closes"),
    [("bad-phone", Suppression.Reason.BAD_NUMBER), ("stop-list", Suppression.Reason.STOP_LIST)],
)
def test_a_number_that_will_never_do_is_closed(texting, write_text, code, answer, closes):
    account = texting(code)
    account.set_answer(answer)
    write_text()
    send_due("orders", "sms")
    assert Message.objects.get().status == Message.Status.REJECTED
    assert Suppression.objects.get().reason == closes


@pytest.mark.parametrize("code", OTHERS)
def test_what_was_cut_off_is_never_sent_blindly_again(texting, write_text, code):
    account = texting(code)
    account.set_answer("garbage")
    write_text()
    send_due("orders", "sms")
    send_due("orders", "sms")
    message = Message.objects.get()
    assert len(account.sent) == 1
    assert (message.status, message.gateway) == (Message.Status.NEEDS_PERSON, NAMES[code])


@pytest.mark.parametrize(
    ("code", "state", "news"),
    [
        ("alphasms", "DELIVERED", News.DELIVERED),
        ("alphasms", "UNDELIVERABLE", News.UNDELIVERED),
        ("alphasms", "ENROUTE", None),
        ("smsclub", "DELIVRD", News.DELIVERED),
        ("smsclub", "UNDELIV", News.UNDELIVERED),
        ("smsclub", "ENROUTE", None),
        ("twilio", "delivered", News.DELIVERED),
        ("twilio", "failed", News.UNDELIVERED),
        ("twilio", "queued", None),
    ],
)
def test_a_gateway_says_what_became_of_a_message(texting, code, state, news):
    account = texting(code)
    sent = send()
    account.state = state
    gateway = sms_gateways()[0]
    fates = gateway.fates([sent])
    gateway.close()
    assert {key: fate.news for key, fate in fates.items()} == ({sent: news} if news else {})


@pytest.mark.parametrize("code", ["alphasms", "smsclub"])
def test_a_gateway_says_how_much_money_is_left(texting, code):
    account = texting(code)
    send()
    gateway = sms_gateways()[0]
    assert float(gateway.balance()) == pytest.approx(1000 - account.price)
    gateway.close()


def test_twilio_signs_as_its_pages_say():
    """The vector of the fact sheet."""
    from shop.messaging.gateways.twilio import is_signed

    fields = {
        "AccountSid": "AC00000000000000000000000000000001",
        "MessageSid": "SM00000000000000000000000000000001",
        "MessageStatus": "delivered",
        "To": "+380671234567",
    }
    address = "https://shop.example/sms/twilio/status"
    assert is_signed(address, fields, "1Q7O4kygu9WuKZ4gUyXfeGxQuAc=", "twilio_auth_token_0")
    assert not is_signed(
        address, fields | {"MessageStatus": "failed"}, "1Q7O4kygu9WuKZ4gUyXfeGxQuAc=", "twilio_auth_token_0"
    )
    assert Twilio.code == "twilio"
