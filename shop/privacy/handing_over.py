"""The one door through which personal data leaves the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shop.privacy.models import Disclosure, Purpose
from shop.privacy.subjects import Subject


class ReceiverKind(StrEnum):
    MAIL_GATEWAY = "mail-gateway"
    SMS_GATEWAY = "sms-gateway"
    CARRIER = "carrier"
    PAYMENT_PROVIDER = "payment-provider"
    FISCAL_REGISTER = "fiscal-register"


@dataclass(frozen=True, slots=True)
class Receiver:
    """A third party: what it is to us and its name, as customers read it in their list."""

    kind: ReceiverKind
    name: str


class HandOverRefused(Exception):
    """The purpose does not need this, so nobody gets it. Names fields, never values."""


_LETTER = frozenset({"email", "subject", "text", "html"})
_SMS = frozenset({"phone", "text"})
# All that may leave the shop, for what and to whom. The privacy policy says the same in words.
ALLOWED: Mapping[tuple[Purpose, ReceiverKind], frozenset[str]] = {
    (Purpose.ORDER_MESSAGE, ReceiverKind.MAIL_GATEWAY): _LETTER,
    (Purpose.ORDER_MESSAGE, ReceiverKind.SMS_GATEWAY): _SMS,
    # What somebody asked to hear: a part is back, an answer to a question.
    (Purpose.REQUEST, ReceiverKind.MAIL_GATEWAY): _LETTER,
    (Purpose.REQUEST, ReceiverKind.SMS_GATEWAY): _SMS,
    (Purpose.SIGN_IN_CODE, ReceiverKind.MAIL_GATEWAY): _LETTER,
    (Purpose.SIGN_IN_CODE, ReceiverKind.SMS_GATEWAY): _SMS,
    (Purpose.CAMPAIGN, ReceiverKind.MAIL_GATEWAY): _LETTER,
    (Purpose.CAMPAIGN, ReceiverKind.SMS_GATEWAY): _SMS,
    (Purpose.DELIVERY, ReceiverKind.CARRIER): frozenset(
        {"surname", "given_name", "patronymic", "phone", "settlement", "pickup_point", "address", "declared_value"}
    ),
    # Whoever pays tells the rest to the provider directly, on its own page.
    (Purpose.PAYMENT, ReceiverKind.PAYMENT_PROVIDER): frozenset({"order_number", "amount", "goods", "email"}),
    (Purpose.PAYMENT, ReceiverKind.FISCAL_REGISTER): frozenset({"amount", "goods", "email"}),
}


def hand_over[Value](
    data: Mapping[str, Value], *, receiver: Receiver, purpose: Purpose, subject: Subject
) -> dict[str, Value]:
    """Write down that ``receiver`` gets ``data`` about ``subject`` for ``purpose``, and return what to pass on.

    Call it once per handing-over, right before the call. Empty values are left out. Raises HandOverRefused when
    the purpose does not allow a field; nothing is written then.
    """
    allowed = ALLOWED.get((purpose, receiver.kind), frozenset())
    if unlisted := data.keys() - allowed:
        raise HandOverRefused(f"{purpose} to {receiver.kind}: {', '.join(sorted(unlisted))}")
    passed_on = {field: value for field, value in data.items() if value not in (None, "")}
    Disclosure.objects.create(
        receiver=receiver.name,
        purpose=purpose,
        fields=sorted(passed_on),
        subject_kind=subject.kind,
        subject_id=subject.id,
    )
    return passed_on
