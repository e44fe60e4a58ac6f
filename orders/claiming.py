"""A guest's order becomes a customer's: by proving the mailbox or the phone that it was placed with.

Both contacts got the order's secret address when it was placed, so whoever holds one of them may see the order already;
what proving adds is that it stands in an account, with all that was ordered under the same contact before.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.forms import known_by_email
from accounts.models import Customer
from accounts.signals import contact_proved
from orders.errors import AlreadyClaimed, MailboxTaken
from orders.models import Order, OrderEvent
from shop.lib.locks import Lock, advisory_transaction_lock

# Operators give numbers to other people after a year of silence: what is older joins by the mailbox alone.
PHONE_REMEMBERS = timedelta(days=365)
_JOINED = gettext_noop("додано до облікового запису")


@transaction.atomic
def claim(order: Order, *, by_phone: bool) -> Customer:
    """Give the order to whoever has just proved its mailbox (or its phone); a new account is made where there is none.

    Raises AlreadyClaimed when it belongs to somebody, and MailboxTaken when the phone was proved while the mailbox of
    the order is another account's: then the mailbox has to be proved.
    """
    # Two claims that lock each other's older orders would be a deadlock; claims are rare enough to wait.
    advisory_transaction_lock(Lock.CLAIMED_ORDERS)
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.customer_id is not None:
        raise AlreadyClaimed
    customer = _by_phone(order) if by_phone else _by_mailbox(order)
    phone, email = (str(order.phone), "") if by_phone else ("", customer.email)
    contact_proved.send(sender=Customer, customer=customer, email=email, phone=phone)
    return customer


def join_orders(customer: Customer, *, email: str, phone: str) -> int:
    """Let guests' orders under a contact that the customer has proved stand in the account; gives how many.

    Of the two contacts one may be "". The second time nothing is left to join.
    """
    theirs = Q(pk__in=[])
    if email:
        theirs |= Q(upper_email=email.upper())
    if phone:
        theirs |= Q(phone=phone, placed_at__gt=timezone.now() - PHONE_REMEMBERS)
    guests = Order.objects.alias(upper_email=Upper("email")).filter(theirs, customer__isnull=True)
    if not guests.exists():
        return 0
    with transaction.atomic():
        advisory_transaction_lock(Lock.CLAIMED_ORDERS)
        found = list(guests.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        if found:
            Order.objects.filter(pk__in=found).update(customer=customer)
            OrderEvent.objects.bulk_create(
                [OrderEvent(order_id=pk, kind=OrderEvent.Kind.CLAIMED, note=_JOINED) for pk in found]
            )
    return len(found)


def _by_mailbox(order: Order) -> Customer:
    """Whose mailbox it is, now proved; an unfinished registration under it is forgotten."""
    email = order.email.lower()
    customer = known_by_email(email)
    if customer is None:
        customer = _new_customer(order, email)
    if not EmailAddress.objects.filter(user=customer, email=email, verified=True).exists():
        customer.belongs_to_mailbox()
        EmailAddress.objects.update_or_create(
            user=customer, email=email, defaults={"verified": True, "primary": customer.email == email}
        )
    return customer


def _by_phone(order: Order) -> Customer:
    phone = str(order.phone)
    customer: Customer | None = Customer.objects.filter(phone=phone, phone_proved_at__isnull=False).first()
    if customer is not None:
        return customer
    email = order.email.lower()
    if known_by_email(email) is not None:
        raise MailboxTaken
    customer = _new_customer(order, email)
    EmailAddress.objects.create(user=customer, email=email, verified=False, primary=True)
    customer.phone_proved_at = timezone.now()
    try:
        with transaction.atomic():
            customer.save(update_fields=["phone_proved_at"])
    except IntegrityError:  # proved by somebody at this very moment: that account has it
        customer.delete()
        customer = Customer.objects.get(phone=phone, phone_proved_at__isnull=False)
    return customer


def _new_customer(order: Order, email: str) -> Customer:
    """An account with what the order knows of its customer, without a password. Raises MailboxTaken."""
    Customer.objects.unfinished().filter(email=email).delete()
    try:
        with transaction.atomic():
            created: Customer = Customer.objects.create_user(
                email,
                phone=order.phone,
                surname=order.surname,
                given_name=order.given_name,
                patronymic=order.patronymic,
                language=order.language,
            )
    except IntegrityError as error:  # registered at this very moment, or closed
        raise MailboxTaken from error
    return created
