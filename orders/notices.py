"""What a customer is told about an order: written with the event, sent after the commit, each once."""

from collections.abc import Mapping, Sequence
from typing import Any

from orders.models import Order, OrderLine
from shop.lib.seller import seller
from shop.messaging import outbox
from shop.messaging.letters import render_letter, render_text
from shop.messaging.models import Message
from shop.privacy.subjects import Subject

# Stands in the text for the secret address; the outbox seals its value and fills it in at the handing-over.
_LINK = "[[order-page]]"


def order_placed(order: Order, lines: Sequence[OrderLine]) -> None:
    """The confirmation that the law asks for: goods, sums, seller, return terms, warranty."""
    _write(order, [_mail(order, "order_placed", {"lines": lines}), _text(order, "order_placed")])


def order_confirmed(order: Order) -> None:
    _write(order, [_mail(order, "order_confirmed")])


def order_shipped(order: Order, *, waybill_number: str) -> None:
    more = {"waybill_number": waybill_number}
    _write(order, [_mail(order, "order_shipped", more), _text(order, "order_shipped", more)])


def order_ready(order: Order) -> None:
    """Pick-up: the goods wait at our counter."""
    _write(order, [_mail(order, "order_ready"), _text(order, "order_ready")])


def order_completed(order: Order) -> None:
    _write(order, [_mail(order, "order_completed")])


def order_cancelled(order: Order, *, note: str) -> None:
    _write(order, [_mail(order, "order_cancelled", {"note": note}), _text(order, "order_cancelled")])


def _write(order: Order, messages: Sequence[Message]) -> None:
    outbox.write(messages)
    order.link_messages(messages)


def _mail(order: Order, template: str, more: Mapping[str, Any] | None = None) -> Message:
    letter = render_letter(template, _context(order) | dict(more or {}), order.language)
    return outbox.new_mail(
        order.email,
        key=f"{_event(template)}:{order.pk}",
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=order.language,
        subject_of=_subject(order),
        sealed=_sealed(order),
    )


def _text(order: Order, template: str, more: Mapping[str, Any] | None = None) -> Message:
    return outbox.new_text(
        order.phone,
        render_text(template, _context(order) | dict(more or {}), order.language),
        key=f"{_event(template)}-sms:{order.pk}",
        language=order.language,
        subject_of=_subject(order),
        sealed=_sealed(order),
    )


def _event(template: str) -> str:
    return template.replace("_", "-")


def _context(order: Order) -> dict[str, Any]:
    return {"order": order, "order_page": _LINK, "seller": seller()}


def _subject(order: Order) -> Subject:
    return Subject("order", str(order.pk))


def _sealed(order: Order) -> dict[str, str]:
    return {"order-page": order.page_address()}
