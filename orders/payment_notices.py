"""What a customer is told about money: that it is asked for, that it came, that it went back. Each once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.channels import Subject as About
from orders.models import Order, Payment, Refund
from orders.telling import tell
from shop.lib.seller import seller
from shop.messaging import outbox
from shop.messaging.letters import render_letter, render_text
from shop.privacy.subjects import Subject

# Stands in the text for the secret address; the outbox seals its value and fills it in at the handing-over.
_LINK = "[[order-page]]"


def payment_requested(payment: Payment) -> None:
    """Money is asked for after the order was placed; the link leads to where it can be paid."""
    _tell(payment.order, "payment_requested", payment.pk, payment.amount, {"payment": payment})


def payment_received(payment: Payment) -> None:
    _tell(payment.order, "payment_received", payment.pk, payment.received, {"payment": payment})


def refund_done(refund: Refund) -> None:
    _tell(refund.payment.order, "refund_done", refund.pk, refund.amount, {"refund": refund, "payment": refund.payment})


def _tell(order: Order, template: str, pk: int, amount: Decimal, more: Mapping[str, Any]) -> None:
    context = {"order": order, "order_page": _LINK, "seller": seller(), "amount": amount, **more}
    event = template.replace("_", "-")
    letter = render_letter(template, context, order.language)
    common: dict[str, Any] = {
        "language": order.language,
        "subject_of": Subject("order", order.pk),
        "sealed": {"order-page": order.page_address()},
    }
    messages = [
        outbox.new_mail(
            order.email, key=f"{event}:{pk}", subject=letter.subject, text=letter.text, html=letter.html, **common
        ),
        outbox.new_text(order.phone, render_text(template, context, order.language), key=f"{event}-sms:{pk}", **common),
    ]
    tell(order, messages, about=About.MONEY)
