"""What a customer is told about an order: written with the event, sent after the commit, each once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from accounts.channels import Subject as About
from orders.models import Order, OrderLine, OrderNote, OrderRevision, Shipment
from orders.telling import tell
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


def order_shipped(order: Order, *, shipment: Shipment) -> None:
    """One parcel is with the carrier; ``to_pay`` is what its receiver pays for the goods in it."""
    more = {
        "waybill_number": shipment.waybill_number,
        "carrier": shipment.carrier,
        "to_pay": shipment.cash_on_delivery,
        "shipment": shipment,
    }
    both = [_mail(order, "order_shipped", more, of=shipment.pk), _text(order, "order_shipped", more, of=shipment.pk)]
    _write(order, both, about=About.PARCEL)


def order_ready(order: Order, *, shipment: Shipment) -> None:
    """Pick-up: the goods wait at our counter."""
    both = [_mail(order, "order_ready", of=shipment.pk), _text(order, "order_ready", of=shipment.pk)]
    _write(order, both, about=About.PARCEL)


def order_changed(order: Order, revision: OrderRevision) -> None:
    """Staff changed the order: what it was, what it is, why, and what that means for the money."""
    more = {
        "revision": revision,
        "lines": list(order.lines.current()),
        "old_total": revision.total_before,
        "difference": revision.total_after - revision.total_before,
    }
    both = [
        _mail(order, "order_changed", more, of=revision.number),
        _text(order, "order_changed", more, of=revision.number),
    ]
    _write(order, both)


def order_note(note: OrderNote) -> None:
    """A manager's answer, in the conversation on the order's page."""
    _write(note.order, [_mail(note.order, "order_note", {"note": note.text}, of=note.pk)])


def order_completed(order: Order) -> None:
    _write(order, [_mail(order, "order_completed")])


def order_cancelled(order: Order, *, note: str, refunded: Decimal = Decimal(0)) -> None:
    """``refunded`` is what was paid and goes back now."""
    more = {"note": note, "refunded": refunded}
    _write(order, [_mail(order, "order_cancelled", more), _text(order, "order_cancelled", more)])


def _write(order: Order, messages: Sequence[Message], *, about: About = About.ORDER) -> None:
    tell(order, messages, about=about)


def _mail(order: Order, template: str, more: Mapping[str, Any] | None = None, *, of: int | None = None) -> Message:
    letter = render_letter(template, _context(order) | dict(more or {}), order.language)
    return outbox.new_mail(
        order.email,
        key=f"{_event(template)}:{_of(order, of)}",
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=order.language,
        subject_of=_subject(order),
        sealed=_sealed(order),
    )


def _text(order: Order, template: str, more: Mapping[str, Any] | None = None, *, of: int | None = None) -> Message:
    return outbox.new_text(
        order.phone,
        render_text(template, _context(order) | dict(more or {}), order.language),
        key=f"{_event(template)}-sms:{_of(order, of)}",
        language=order.language,
        subject_of=_subject(order),
        sealed=_sealed(order),
    )


def _event(template: str) -> str:
    return template.replace("_", "-")


def _of(order: Order, number: int | None) -> str:
    """What tells one event of a kind from the next: the order, and the parcel, version or note where it has several."""
    return str(order.pk) if number is None else f"{order.pk}:{number}"


def _context(order: Order) -> dict[str, Any]:
    return {"order": order, "order_page": _LINK, "seller": seller()}


def _subject(order: Order) -> Subject:
    return Subject("order", str(order.pk))


def _sealed(order: Order) -> dict[str, str]:
    return {"order-page": order.page_address()}
