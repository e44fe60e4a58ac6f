"""What the shop needs of a payment provider, and how one may answer. One module per provider keeps to this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from orders.models import Payment, PaymentKind, Refund

# No personal data leaves through these calls but what hand_over() was told of; see ``starting``.
# A page that waits for a provider waits this long at most.
TIMEOUT_SECONDS = 5.0
CONNECT_SECONDS = 3.0
CURRENCY = "UAH"


class State(StrEnum):
    """Where an attempt stands, in our words; each provider's own words are translated in its module."""

    UNKNOWN = "unknown"  # the provider has never heard of the attempt
    OPEN = "open"  # its page is open, and nobody has paid
    PENDING = "pending"  # in the bank's hands
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    RETURNED = "returned"  # all of it went back


@dataclass(frozen=True)
class ProviderState:
    """A provider's word about one attempt: signed by it, or its answer to our question.

    ``reference`` is ours, ``provider_id`` theirs; ``amount`` is in hryvnias and None when the answer names none;
    ``happened_at`` is the provider's own time. ``returned`` is what went back so far, None when it does not say.
    ``code`` is the provider's code of a refusal. Card data never gets in here.
    """

    reference: str
    status: State
    amount: Decimal | None = None
    currency: str = CURRENCY
    provider_id: str = ""
    happened_at: datetime | None = None
    returned: Decimal | None = None
    code: str = ""


@dataclass(frozen=True)
class Notice:
    """What a provider posted to us: the bytes and the header with the signature, if it signs so."""

    body: bytes
    signature: str = ""


@dataclass(frozen=True)
class Page:
    """The provider's page a buyer is led to: by a redirect, or by a form with ``fields`` that the buyer sends."""

    address: str
    fields: Sequence[tuple[str, str]] = ()
    provider_id: str = ""


class RefundAnswer(StrEnum):
    """What became of a refund."""

    DONE = "done"
    PENDING = "pending"  # taken, money goes later
    ABSENT = "absent"  # surely not taken
    FAILED = "failed"
    UNCLEAR = "unclear"  # the provider cannot tell one refund from another


@dataclass(frozen=True)
class Answer:
    """How a provider wants its notice to be acknowledged."""

    body: bytes = b""
    content_type: str = "text/plain"


class PaymentError(Exception):
    """Base of what may go wrong with a provider; never holds what it answered in words, only codes."""


class NoticeRefused(PaymentError):
    """The notice is not to be believed, or not about us. ``problem`` is a code for the attention list."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class ProviderUnavailable(PaymentError):
    """Surely nothing happened: refused connection, too many requests, wrong key."""


class OutcomeUnknown(PaymentError):
    """It may have happened: a time-out after sending, a page of HTML in place of an answer."""


class PaymentRefused(PaymentError):
    """The provider took the call and said no; trying again will not help."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PaymentProvider(Protocol):
    """One provider. Each call talks to it with a short time-out, outside of every transaction."""

    kind: PaymentKind
    name: str

    @property
    def is_on(self) -> bool:
        """Whether its keys are set."""

    def hosts(self) -> Sequence[str]:
        """Origins of its pages (``https://pay.example``): the only ones that a buyer is sent to."""

    def start(self, payment: Payment, *, return_url: str, notice_url: str, receiver: Mapping[str, str]) -> Page:
        """The page where ``payment`` is paid; ``receiver`` may hold the buyer's e-mail for the receipt.

        Raises ProviderUnavailable, OutcomeUnknown or PaymentRefused.
        """

    def read(self, notice: Notice) -> ProviderState:
        """What a notice says, once its signature is proved. Raises NoticeRefused, and ProviderUnavailable when the
        proof needs a key that cannot be fetched now."""

    def acknowledge(self, notice: Notice) -> Answer:
        """The answer that stops the provider from sending the notice again."""

    def kept(self, notice: Notice) -> dict[str, str]:
        """What of a notice may be kept for people to read: no card data, no names, no addresses."""

    def ask(self, payment: Payment) -> ProviderState:
        """The provider's own word about ``payment``. Raises ProviderUnavailable or OutcomeUnknown."""

    def refund(self, refund: Refund) -> RefundAnswer:
        """Give money back: DONE or PENDING. Raises ProviderUnavailable, OutcomeUnknown or PaymentRefused."""

    def find_refund(self, refund: Refund) -> RefundAnswer:
        """What became of a refund that was asked for. Raises ProviderUnavailable or OutcomeUnknown."""
