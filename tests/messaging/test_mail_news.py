"""What mail providers tell of letters, over real HTTP."""

import hmac
import json
from datetime import timedelta

import httpx
import pytest
import time_machine
from anymail.signals import AnymailTrackingEvent
from django.db import connection
from django.utils import timezone

from shop.messaging import mail_news
from shop.messaging.gateways import mail_gateway
from shop.messaging.models import DeliveryEvent, Message, Suppression, WebhookEvent
from shop.messaging.sending import send_due
from shop.messaging.suppression import is_suppressed, lift
from tests.factories.accounts import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)
Status = Message.Status
POSTMARK = {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": {"server_token": "t"}}
AUTH = ("mail", "test-secret")


@pytest.fixture(autouse=True)
def _postmark(settings):
    settings.MAILERS = {"default": POSTMARK, "campaigns": POSTMARK}


@pytest.fixture
def tell(live_server):
    def post(body, *, provider="postmark", auth=AUTH):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        address = f"{live_server.url}/anymail/{provider}/tracking/"
        headers = {"Content-Type": "application/json"}
        return httpx.post(address, content=content, headers=headers, auth=auth, timeout=20).status_code

    return post


@pytest.fixture
def taken(write_mail):
    """A letter that the provider took."""

    def take(n=1, **more):
        message = write_mail(n)
        values = {"status": Status.ACCEPTED, "gateway": "Postmark", "gateway_message_id": f"mid-{n}"} | more
        Message.objects.filter(pk=message.pk).update(handed_over_at=timezone.now(), **values)
        return message

    return take


def bounce(n=1, kind="HardBounce", at="2026-11-22T10:00:00Z", **more):
    return {
        "RecordType": "Bounce",
        "Type": kind,
        "MessageID": f"mid-{n}",
        "Email": "olena@example.com",
        "BouncedAt": at,
        "Description": "The server was unable to deliver to olena@example.com",
        "Details": "smtp;550 5.1.1 no such user",
        "ID": 40 + n,
    } | more


def delivered(n=1, at="2026-11-22T09:00:00Z"):
    return {"RecordType": "Delivery", "MessageID": f"mid-{n}", "Recipient": "olena@example.com", "DeliveredAt": at}


def complaint(n=1):
    return bounce(n, kind="SpamComplaint") | {"RecordType": "SpamComplaint"}


@pytest.mark.parametrize("auth", [None, ("mail", "wrong"), ("", ""), ("test-secret", "mail")])
def test_m7_an_unsigned_call_is_refused_and_changes_nothing(tell, taken, auth):
    message = taken()
    assert tell(bounce(), auth=auth) == 400
    message.refresh_from_db()
    assert message.status == Status.ACCEPTED
    assert not Suppression.objects.exists()
    assert not WebhookEvent.objects.exists()


def test_unsigned_calls_are_not_listened_to_for_ever(tell, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"refused-notice": {"address": 3}}
    assert [tell(bounce(), auth=None) for _ in range(4)] == [400, 400, 400, 429]


def test_nobody_is_heard_without_a_password_or_from_a_provider_we_do_not_use(tell, settings, client):
    assert tell({}, provider="brevo") == 404
    assert tell({}, provider="nobody") == 404
    settings.ANYMAIL = {"WEBHOOK_SECRET": []}
    assert tell(bounce()) == 404
    assert client.get("/anymail/postmark/tracking/").status_code == 405
    assert client.post("/anymail/postmark/inbound/").status_code == 404


def test_what_is_no_notice_is_refused(tell):
    assert tell(b"not json") == 400
    assert tell(b"x" * (1024 * 1024 + 1)) == 413


def test_m7_a_hard_bounce_closes_the_address_and_says_so_on_the_message(tell, taken):
    message = taken()
    assert tell(bounce()) == 200
    message.refresh_from_db()
    assert (message.status, message.error) == (Status.UNDELIVERED, "bounced/bounced")
    assert is_suppressed("email", "olena@example.com").reason == Suppression.Reason.HARD_BOUNCE
    assert DeliveryEvent.objects.values_list("message", "news", "code", "gateway").get() == (
        message.pk,
        "bounced",
        "bounced/bounced",
        "Postmark",
    )
    kept = WebhookEvent.objects.get()
    assert (kept.outcome, kept.body, kept.subject_kind, kept.subject_id) == ("applied", "", "order", "1")


def test_the_same_news_repeated_are_written_once(tell, taken):
    taken()
    assert [tell(bounce()) for _ in range(3)] == [200, 200, 200]
    assert DeliveryEvent.objects.count() == 1
    assert WebhookEvent.objects.values_list("deliveries", flat=True).get() == 3
    assert Suppression.objects.values_list("times", flat=True).get() == 1


def test_a_bounce_told_before_the_delivery_stays_the_last_word(tell, taken):
    message = taken()
    tell(bounce(at="2026-11-22T10:00:00Z"))
    tell(delivered(at="2026-11-22T09:00:00Z"))
    message.refresh_from_db()
    assert message.status == Status.UNDELIVERED
    assert is_suppressed("email", "olena@example.com") is not None


def test_a_letter_may_bounce_after_it_was_delivered(tell, taken):
    message = taken()
    tell(delivered())
    message.refresh_from_db()
    assert message.status == Status.DELIVERED
    tell(bounce())
    message.refresh_from_db()
    assert message.status == Status.UNDELIVERED


def test_news_that_overtake_our_own_note_are_kept_and_applied_later(tell, write_mail):
    message = write_mail()
    assert tell(delivered()) == 200
    assert WebhookEvent.objects.get().handled_at is None
    now = timezone.now()
    Message.objects.update(status=Status.ACCEPTED, gateway="Postmark", gateway_message_id="mid-1", handed_over_at=now)
    with time_machine.travel(now + timedelta(minutes=1)):
        assert mail_news.handle_waiting() == 1
    message.refresh_from_db()
    assert message.status == Status.DELIVERED


def test_news_of_a_letter_that_is_not_ours_end_and_its_dead_address_is_closed(tell):
    tell(bounce())
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        mail_news.handle_waiting()
        assert mail_news.handle_waiting() == 0
    assert WebhookEvent.objects.values_list("outcome", "problem", "body").get() == ("refused", "unknown-message", "")
    assert is_suppressed("email", "olena@example.com").reason == Suppression.Reason.HARD_BOUNCE


def test_m7_soft_bounces_of_three_letters_within_a_week_close_the_address_for_a_week(tell, taken):
    for n in (1, 2, 3):
        assert is_suppressed("email", "olena@example.com") is None
        taken(n)
        tell(bounce(n, kind="SoftBounce", Details="smtp;452 4.2.2 full"))
    closing = is_suppressed("email", "olena@example.com")
    assert (closing.reason, closing.times) == (Suppression.Reason.SOFT_BOUNCE, 3)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert is_suppressed("email", "olena@example.com") is None


def test_m7_a_complaint_closes_the_address_for_every_kind_of_mail(tell, taken, write_mail, mail_server, settings):
    settings.MAILERS = settings.MAILERS | {"spare": POSTMARK}
    taken()
    tell(complaint())
    assert is_suppressed("email", "olena@example.com").reason == Suppression.Reason.COMPLAINT
    write_mail(2, queue="bulk")
    write_mail(3)
    send_due("bulk", "email")
    send_due("orders", "email")
    assert mail_server.letters == []


def test_m7_what_staff_lifted_gets_mail_again(tell, taken, write_mail, mail_server, settings):
    settings.MAILERS = settings.MAILERS | {"spare": POSTMARK}
    taken()
    tell(bounce())
    lift(Suppression.objects.get(), author=CustomerFactory(staff=True), why="Скриньку полагодили")
    write_mail(2)
    assert send_due("orders", "email") == 1
    assert len(mail_server.letters) == 1


def mailgun_notice(key, event="failed", severity="permanent"):
    """As Mailgun signs it: HMAC-SHA256 over time and token."""
    timestamp, token = "1763892000", "a" * 50
    data = {
        "event": event,
        "severity": severity,
        "id": "x1",
        "timestamp": 1763892000.5,
        "recipient": "olena@example.com",
        "reason": "bounce",
        "message": {"headers": {"message-id": "mid-1"}},
        "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
    }
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), "sha256").hexdigest()
    return {"signature": {"timestamp": timestamp, "token": token, "signature": signature}, "event-data": data}


def test_a_provider_that_signs_is_heard_with_its_signature_only(tell, taken, settings):
    mailgun = {"BACKEND": "anymail.backends.mailgun.EmailBackend", "OPTIONS": {"api_key": "k", "sender_domain": "s"}}
    settings.MAILERS = {"default": mailgun}
    settings.ANYMAIL = settings.ANYMAIL | {"MAILGUN_WEBHOOK_SIGNING_KEY": "signing-key"}
    message = taken(gateway="Mailgun", gateway_message_id="<mid-1>")
    assert tell(mailgun_notice("another-key"), provider="mailgun") == 400
    assert tell(mailgun_notice("signing-key"), provider="mailgun", auth=None) == 400
    assert not WebhookEvent.objects.exists()
    assert tell(mailgun_notice("signing-key"), provider="mailgun") == 200
    message.refresh_from_db()
    assert message.status == Status.UNDELIVERED
    assert is_suppressed("email", "olena@example.com").reason == Suppression.Reason.HARD_BOUNCE


def test_opens_are_not_kept(tell, taken):
    taken()
    opened = {"RecordType": "Open", "MessageID": "mid-1", "Recipient": "olena@example.com"}
    assert tell(opened) == 200
    assert not WebhookEvent.objects.exists()


def test_nothing_that_is_kept_or_logged_names_the_person(tell, taken, caplog):
    caplog.set_level("INFO")
    taken()
    tell(bounce())
    tell(bounce(2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM messaging_webhookevent e")
        rows = str(cursor.fetchall())
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "olena" not in rows + said


@pytest.mark.parametrize(
    ("esp", "event_type", "reason", "raw", "closes"),
    [
        ("Postmark", "bounced", "bounced", {"Type": "HardBounce"}, "hard-bounce"),
        ("Postmark", "bounced", "bounced", {"Type": "SoftBounce"}, "soft-bounce"),
        ("Postmark", "bounced", "blocked", {"Type": "Blocked"}, ""),
        ("Brevo", "bounced", "bounced", {"event": "soft_bounce"}, "soft-bounce"),
        ("Brevo", "bounced", "invalid", {"event": "invalid_email"}, "hard-bounce"),
        ("Mandrill", "bounced", "bounced", {"event": "soft_bounce"}, "soft-bounce"),
        ("MailerSend", "bounced", None, {"data": {"type": "soft_bounced"}}, "soft-bounce"),
        ("MailerSend", "bounced", "bounced", {"data": {"type": "hard_bounced"}}, "hard-bounce"),
        ("Amazon SES", "bounced", "bounced", {"bounce": {"bounceType": "Transient"}}, "soft-bounce"),
        ("Amazon SES", "bounced", "bounced", {"bounce": {"bounceType": "Permanent"}}, "hard-bounce"),
        ("SparkPost", "bounced", "bounced", {"bounce_class": "22"}, "soft-bounce"),
        ("SparkPost", "bounced", "bounced", {"bounce_class": "30"}, "hard-bounce"),
        ("Mailjet", "bounced", "bounced", {"hard_bounce": False}, "soft-bounce"),
        ("Mailjet", "bounced", "bounced", {"hard_bounce": True}, "hard-bounce"),
        ("SendGrid", "bounced", None, {"type": "bounce"}, "hard-bounce"),
        ("SendGrid", "bounced", None, {"type": "blocked"}, ""),
        ("SendGrid", "rejected", "timed_out", {}, "soft-bounce"),
        ("Mailgun", "deferred", "bounced", {}, ""),
        ("Mailgun", "rejected", "spam", {}, ""),
        ("Unisender Go", "bounced", "bounced", {}, "hard-bounce"),
        ("Resend", "complained", None, {}, "complaint"),
    ],
)
def test_m7_each_provider_s_word_closes_only_what_is_dead(esp, event_type, reason, raw, closes):
    event = AnymailTrackingEvent(event_type=event_type, reject_reason=reason, esp_event=raw)
    assert mail_news._closes(event, esp) == closes


def test_gateways_are_named_as_on_messages(settings):
    for backend, esp in (("amazon_ses", "Amazon SES"), ("sendgrid", "SendGrid"), ("unisender_go", "Unisender Go")):
        settings.MAILERS = {"default": {"BACKEND": f"anymail.backends.{backend}.EmailBackend"}}
        assert mail_gateway().name == mail_news.gateway_name(esp)
