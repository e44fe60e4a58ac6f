"""What proving a mailbox and signing in and out bring about."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.signals import contact_proved


def tell_of_mailbox(request: HttpRequest, email_address: EmailAddress, **_signal: Any) -> None:
    """Hears allauth: the code from a letter was right, at registration or at signing in."""
    customer = email_address.user
    if not any(record.get("phone") for record in get_authentication_records(request, customer)):
        customer.belongs_to_mailbox()
    contact_proved.send(sender=Customer, customer=email_address.user, email=email_address.email, phone="")


def bring_cars(request: HttpRequest | None, user: Customer, **_signal: Any) -> None:
    """The cars of this browser join those of the account."""
    chosen = getattr(request, "chosen", None)
    if request is not None and chosen is not None and not chosen.move_in(user.pk):
        messages.info(request, _("Гараж повний: не всі авто з цього браузера вмістилися."))


def leave_no_car(request: HttpRequest | None, **_signal: Any) -> None:
    """Nothing of this person stays in the browser."""
    chosen = getattr(request, "chosen", None)
    if chosen is not None:
        chosen.leave()
