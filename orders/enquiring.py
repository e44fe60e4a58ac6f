"""Asking our staff. The same question sent twice is one enquiry."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from orders.errors import OrdersError
from orders.models import Enquiry
from vehicles.models import Modification

_SAME_WITHIN = timedelta(minutes=30)
_HOUR = timedelta(hours=1)
# More questions from one phone in an hour are no questions; more in all are a robot, and the phone is there for people.
_MOST_FROM_ONE = 5
_MOST_IN_ALL = 120


class TooManyEnquiries(OrdersError):
    """Nothing was saved."""

    def __str__(self) -> str:
        return _("Забагато запитів за годину. Зателефонуйте нам — так буде швидше.")


@dataclass(frozen=True)
class Question:
    """``phone`` is E.164."""

    text: str
    name: str
    phone: str
    car: Modification | None = None


@transaction.atomic
def ask(question: Question, *, customer: Any = None) -> Enquiry:
    """Put the question into the staff's queue. Raises TooManyEnquiries.

    The second press of the button finds the first one's enquiry.
    """
    with connection.cursor() as cursor:
        # Two presses at once wait for each other; let go at the end of the transaction.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"enquiry {question.phone}"])
    of_phone = Enquiry.objects.filter(phone=question.phone)
    if same := of_phone.since(_SAME_WITHIN).filter(question=question.text).first():
        return same
    if of_phone.since(_HOUR).count() >= _MOST_FROM_ONE or Enquiry.objects.since(_HOUR).count() >= _MOST_IN_ALL:
        raise TooManyEnquiries
    return Enquiry.objects.create(
        question=question.text,
        name=question.name,
        phone=question.phone,
        modification=question.car,
        customer=customer if customer is not None and customer.is_authenticated else None,
        language=get_language() or "uk",
        needs_person_reason=gettext_noop("запитання покупця"),
    )
