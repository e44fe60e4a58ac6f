"""From the outbox to a gateway: lease, mark, hand over, write down the answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.messaging import limits
from shop.messaging.costs import price_of
from shop.messaging.errors import GatewayUnavailable, MessageRejected, NotYet, OutcomeUnknown
from shop.messaging.gateways import Gateway, MailGateway, SmsGateway, campaign_gateway, mail_gateway, sms_gateways
from shop.messaging.leases import Lease, give_up_cut_off, lease_due
from shop.messaging.letters import Letter
from shop.messaging.limits import next_allowed_at
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
_ASKED = {"stock-watch": Purpose.REQUEST, "enquiry": Purpose.REQUEST}

type PassOn = Callable[[Message], str]


@dataclass
class _Route:
    """One gateway for the length of one run; ``failures`` in a row say that it had better be left alone."""

    gateway: Gateway
    pass_on: PassOn
    price: Callable[[Message], Decimal | None] = field(default=lambda message: None)
    failures: int = 0

    @property
    def is_up(self) -> bool:
        return self.failures < _FAILURES_IN_A_ROW

    def open(self) -> GatewayUnavailable | None:
        """Connect; the reason when nobody answers."""
        try:
            self.gateway.open()
        except GatewayUnavailable as error:
            self.failures = _FAILURES_IN_A_ROW
            return error
        return None


def send_due(queue: str, channel: str) -> int:
    """Hand over what is due in ``queue`` for ``channel`` and return how many messages were taken."""
    routes = _routes(queue, channel)
    know_keys = [route.gateway.name for route in routes if route.gateway.repeats_are_safe]
    give_up_cut_off(queue, channel, know_keys=know_keys)
    taken = 0
    ends = time.monotonic() + _LONGEST_RUN_SECONDS
    try:
        while time.monotonic() < ends:
            leases = lease_due(queue, channel, know_keys=know_keys)
            if not leases:
                break
            taken += _send_batch(routes, leases)
            if not any(route.is_up for route in routes):
                break
    finally:
        for route in routes:
            route.gateway.close()
    return taken


def _send_batch(routes: list[_Route], leases: list[Lease]) -> int:
    """Send one by one; returns how many were taken. When no gateway answers, the rest goes back."""
    last = GatewayUnavailable("nobody answers")
    for route in routes:
        if route.is_up and (error := route.open()):
            last = error
            log.warning("gateway-unavailable", gateway=route.gateway.name, reason=str(error))
    over = limits.over_limit_among([lease.message for lease in leases])
    closed = closed_among(leases[0].message.channel, {lease.message.receiver for lease in leases})
    taken = 0
    for number, lease in enumerate(leases):
        if not any(route.is_up for route in routes):
            _put_back(leases[number:], last)
            break
        if closing := closed.get(lease.message.receiver):
            lease.rejected(_why_closed(closing))
            continue
        if reason := over.get(lease.message.pk):
            log.warning("sms-over-limit", message=lease.message.pk)
            lease.needs_person(reason)
            continue
        try:
            taken += _send(lease, routes)
        except GatewayUnavailable as error:
            lease.try_again_later(error)
            last = error
    return taken


def _send(lease: Lease, routes: list[_Route]) -> bool:
    """One message by the first gateway that takes it. Raises GatewayUnavailable when surely none has.

    The next one tries only when the one before surely has not taken it; whose outcome is unknown is asked alone.
    """
    message = lease.message
    if lease.is_late():
        lease.rejected("too late for a code")
        return False
    now = timezone.now()
    if message.can_wait and (morning := next_allowed_at(now, is_urgent=False)) > now:
        lease.put_off(morning)
        return False
    refusal = GatewayUnavailable("whoever may have it does not answer")
    for route in _ways(message, routes):
        if not lease.begin(route.gateway.name):
            return False
        try:
            gateway_message_id = route.pass_on(message)
        except NotYet:
            raise
        except GatewayUnavailable as error:
            route.failures += 1
            refusal = error
            log.warning("gateway-unavailable", gateway=route.gateway.name, reason=str(error))
            continue
        except MessageRejected as error:
            lease.rejected(error)
        except OutcomeUnknown as error:
            if route.gateway.repeats_are_safe:
                lease.ask_again_later(error)
            else:
                lease.needs_person(error)
        else:
            route.failures = 0
            return lease.accepted(route.gateway.name, gateway_message_id, price=route.price(message))
        route.failures = 0
        return False
    raise refusal


def _ways(message: Message, routes: list[_Route]) -> list[_Route]:
    """The gateways to try, in order: only the one that may have it already, where there is such."""
    up = [route for route in routes if route.is_up]
    if message.handing_over_since is None:
        return up
    return [route for route in up if route.gateway.name == message.gateway]


def _why_closed(closing: Suppression) -> str:
    """In staff's words: it stands on the message, and a person may have to act on it."""
    with override(settings.LANGUAGE_CODE):
        return _("Не надіслано: %(why)s.") % {"why": closing.get_reason_display()}


def _put_back(leases: list[Lease], error: GatewayUnavailable) -> None:
    log.warning("no-gateway", reason=str(error), waiting=len(leases))
    for lease in leases:
        lease.try_again_later(error)


def _routes(queue: str, channel: str) -> list[_Route]:
    """All gateways of the channel, in the order of asking."""
    if channel == Channel.SMS:
        return [
            _Route(sms, partial(_pass_on_sms, sms), lambda message, sms=sms: price_of(sms.code, message.parts))  # type: ignore[misc]
            for sms in sms_gateways()
        ]
    mail = campaign_gateway() if queue == Message.Queue.BULK else mail_gateway()
    return [_Route(mail, partial(_pass_on_mail, mail))]


def _purpose(message: Message) -> Purpose:
    """By the queue, except for what a person asked to hear without an order."""
    return _ASKED.get(message.subject_kind) or _PURPOSES[Message.Queue(message.queue)]


def _pass_on_sms(gateway: SmsGateway, message: Message) -> str:
    sms = hand_over(
        {"phone": message.receiver, "text": fill(message.text, unseal(message.sealed))},
        receiver=Receiver(ReceiverKind.SMS_GATEWAY, gateway.name),
        purpose=_purpose(message),
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
        purpose=_purpose(message),
        subject=Subject(message.subject_kind, message.subject_id),
    )
    return gateway.send(
        letter["email"],
        Letter(subject=letter.get("subject", ""), text=letter.get("text", ""), html=letter.get("html", "")),
        key=message.gateway_key,
    )
