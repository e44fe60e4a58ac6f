"""Asking our staff. The same question sent twice is one enquiry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from orders.errors import OrdersError
from orders.models import Enquiry
from orders.models.enquiry import MOST_QUESTION
from shop.catalog.models import Part
from shop.lib.money import format_money
from vehicles.models import Modification

_SAME_WITHIN = timedelta(minutes=30)
_HOUR = timedelta(hours=1)
# More questions from one phone in an hour are no questions; more in all are a robot, and the phone is there for people.
_MOST_FROM_ONE = 5
_MOST_IN_ALL = 120


_REASONS = {
    Enquiry.Kind.QUESTION: gettext_noop("запитання покупця"),
    Enquiry.Kind.CALL_BACK: gettext_noop("просять передзвонити"),
    Enquiry.Kind.ONE_CLICK: gettext_noop("замовлення в один дотик"),
}


class TooManyEnquiries(OrdersError):
    """Nothing was saved."""

    def __str__(self) -> str:
        return _("Забагато запитів за годину. Зателефонуйте нам — так буде швидше.")


@dataclass(frozen=True)
class WantedLine:
    """A part as it was offered when a one-click order was sent; ``price`` of a piece in hryvnias, taxes included."""

    part: Part
    warehouse_id: int
    pieces: int
    price: Decimal

    @property
    def total(self) -> Decimal:
        return self.price * self.pieces


def in_words(lines: Sequence[WantedLine]) -> str:
    """What staff read at once, and what tells one order by phone from another."""
    return "; ".join(f"{line.part} × {line.pieces}, {format_money(line.price)}" for line in lines)[:MOST_QUESTION]


@dataclass(frozen=True)
class Question:
    """``phone`` is E.164. ``lines`` are what a one-click order is for: part, warehouse, pieces, price seen."""

    text: str
    name: str
    phone: str
    car: Modification | None = None
    kind: Enquiry.Kind = Enquiry.Kind.QUESTION
    lines: Sequence[WantedLine] = ()


@transaction.atomic
def ask(question: Question, *, customer: Any = None) -> Enquiry:
    """Put the question into the staff's queue. Raises TooManyEnquiries.

    The second press of the button finds the first one's enquiry.
    """
    with connection.cursor() as cursor:
        # Two presses at once wait for each other; let go at the end of the transaction.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"enquiry {question.phone}"])
    of_phone = Enquiry.objects.filter(phone=question.phone)
    if same := of_phone.since(_SAME_WITHIN).filter(kind=question.kind, question=question.text).first():
        return same
    if of_phone.since(_HOUR).count() >= _MOST_FROM_ONE or Enquiry.objects.since(_HOUR).count() >= _MOST_IN_ALL:
        raise TooManyEnquiries
    return Enquiry.objects.create(
        kind=question.kind,
        question=question.text,
        lines=[[line.part.pk, line.warehouse_id, line.pieces, str(line.price)] for line in question.lines],
        name=question.name,
        phone=question.phone,
        modification=question.car,
        customer=customer if customer is not None and customer.is_authenticated else None,
        language=get_language() or "uk",
        needs_person_reason=_REASONS[question.kind],
    )
