"""From the outbox to a gateway: lease, mark, hand over, write down the answer."""

import time
from collections.abc import Callable
from functools import partial

import structlog
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.messaging.errors import GatewayUnavailable, MessageRejected, OutcomeUnknown
from shop.messaging.gateways import Gateway, MailGateway, SmsGateway, campaign_gateway, mail_gateway, sms_gateway
from shop.messaging.leases import Lease, give_up_cut_off, lease_due
from shop.messaging.letters import Letter
from shop.messaging.models import Channel, Message, Suppression
from shop.messaging.placeholders import fill, fill_html, unseal
from shop.messaging.suppression import closed_among
from shop.privacy.handing_over import Receiver, ReceiverKind, hand_over
from shop.privacy.models import Purpose
from shop.privacy.subjects import Subject

log = structlog.get_logger(__name__)
# A task ends itself long before Celery would have to; the next tick goes on.
_LONGEST_RUN_SECONDS = 120.0
# One mailbox may be busy; this many failures in a row are the gateway itself.
_FAILURES_IN_A_ROW = 3
_PURPOSES = {
    Message.Queue.CODES: Purpose.SIGN_IN_CODE,
    Message.Queue.ORDERS: Purpose.ORDER_MESSAGE,
    Message.Queue.BULK: Purpose.CAMPAIGN,
}

type PassOn = Callable[[Message], str]


def send_due(queue: str, channel: str) -> int:
    """Hand over what is due in ``queue`` for ``channel`` and return how many messages the gateway took."""
    gateway, pass_on = _route(queue, channel)
    give_up_cut_off(queue, channel, repeats_are_safe=gateway.repeats_are_safe)
    taken = 0
    ends = time.monotonic() + _LONGEST_RUN_SECONDS
    try:
        while time.monotonic() < ends:
            leases = lease_due(queue, channel, repeats_are_safe=gateway.repeats_are_safe)
            if not leases:
                break
            accepted, is_up = _send_batch(gateway, pass_on, leases)
            taken += accepted
            if not is_up:
                break
    finally:
        gateway.close()
    return taken


def _send_batch(gateway: Gateway, pass_on: PassOn, leases: list[Lease]) -> tuple[int, bool]:
    """Send one by one; returns how many were taken and whether the gateway still answers."""
    try:
        gateway.open()
    except GatewayUnavailable as error:
        _put_back(gateway, leases, error)
        return 0, False
    accepted = failures = 0
    closed = closed_among(leases[0].message.channel, {lease.message.receiver for lease in leases})
    for number, lease in enumerate(leases, start=1):
        if lease.is_late():
            lease.rejected("too late for a code")
            continue
        if closing := closed.get(lease.message.receiver):
            lease.rejected(_why_closed(closing))
            continue
        if not lease.begin():
            continue
        try:
            lease.accepted(gateway.name, pass_on(lease.message))
            accepted += 1
        except MessageRejected as error:
            lease.rejected(error)
        except GatewayUnavailable as error:
            lease.try_again_later(error)
            failures += 1
            if failures == _FAILURES_IN_A_ROW:
                _put_back(gateway, leases[number:], error)
                return accepted, False
            continue
        except OutcomeUnknown as error:
            if gateway.repeats_are_safe:
                lease.ask_again_later(error)
            else:
                lease.needs_person(error)
        failures = 0
    return accepted, True


def _why_closed(closing: Suppression) -> str:
    """In staff's words: it stands on the message, and a person may have to act on it."""
    with override(settings.LANGUAGE_CODE):
        return _("Не надіслано: %(why)s.") % {"why": closing.get_reason_display()}


def _put_back(gateway: Gateway, leases: list[Lease], error: GatewayUnavailable) -> None:
    log.warning("gateway-unavailable", gateway=gateway.name, reason=str(error), waiting=len(leases))
    for lease in leases:
        lease.try_again_later(error)


def _route(queue: str, channel: str) -> tuple[Gateway, PassOn]:
    if channel == Channel.SMS:
        sms = sms_gateway()
        return sms, partial(_pass_on_sms, sms)
    mail = campaign_gateway() if queue == Message.Queue.BULK else mail_gateway()
    return mail, partial(_pass_on_mail, mail)


def _pass_on_sms(gateway: SmsGateway, message: Message) -> str:
    sms = hand_over(
        {"phone": message.receiver, "text": fill(message.text, unseal(message.sealed))},
        receiver=Receiver(ReceiverKind.SMS_GATEWAY, gateway.name),
        purpose=_PURPOSES[Message.Queue(message.queue)],
        subject=Subject(message.subject_kind, message.subject_id),
    )
    return gateway.send(sms["phone"], sms["text"], key=message.gateway_key)


def _pass_on_mail(gateway: MailGateway, message: Message) -> str:
    values = unseal(message.sealed)
    letter = hand_over(
        {
            "email": message.receiver,
            "subject": message.subject,
            "text": fill(message.text, values),
            "html": fill_html(message.html, values),
        },
        receiver=Receiver(ReceiverKind.MAIL_GATEWAY, gateway.name),
        purpose=_PURPOSES[Message.Queue(message.queue)],
        subject=Subject(message.subject_kind, message.subject_id),
    )
    return gateway.send(
        letter["email"],
        Letter(subject=letter.get("subject", ""), text=letter.get("text", ""), html=letter.get("html", "")),
        key=message.gateway_key,
    )
