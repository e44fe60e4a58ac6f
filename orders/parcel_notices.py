"""What a customer is told about a parcel on its way: arrived, waits its last free days, not handed over. Each once."""

from collections.abc import Mapping
from typing import Any

from accounts.channels import Subject as About
from orders.models import Shipment
from orders.telling import tell
from shop.lib.seller import seller
from shop.messaging import outbox
from shop.messaging.letters import render_letter, render_text
from shop.privacy.subjects import Subject

# Stands in the text for the secret address; the outbox seals its value and fills it in at the handing-over.
_LINK = "[[order-page]]"


def arrived(shipment: Shipment) -> None:
    """It waits at the branch or in the locker, and until when that costs nothing."""
    _tell(shipment, "parcel_arrived", str(shipment.pk))


def storage_ends(shipment: Shipment) -> None:
    """The last free days, to one who has not come yet. The SMS can wait for the morning."""
    _tell(shipment, "parcel_reminder", str(shipment.pk), can_wait=True)


def not_handed_over(shipment: Shipment) -> None:
    """The courier found nobody, or the receiver asked for another day."""
    _tell(shipment, "parcel_problem", str(shipment.pk))


def returning(shipment: Shipment) -> None:
    """Refused or not collected: it is on its way back to us."""
    _tell(shipment, "parcel_returning", str(shipment.pk))


def renumbered(shipment: Shipment) -> None:
    """Another waybill in place of one that the customer knows."""
    _tell(shipment, "parcel_renumbered", f"{shipment.pk}:{shipment.waybill_number}")


def _tell(shipment: Shipment, template: str, of: str, *, can_wait: bool = False) -> None:
    order = shipment.order
    context: Mapping[str, Any] = {
        "order": order,
        "order_page": _LINK,
        "seller": seller(),
        "shipment": shipment,
        "carrier": shipment.carrier,
        "waybill_number": shipment.waybill_number,
        "to_pay": shipment.cash_on_delivery,
    }
    event = template.replace("_", "-")
    letter = render_letter(template, context, order.language)
    common: dict[str, Any] = {
        "language": order.language,
        "subject_of": Subject("order", str(order.pk)),
        "sealed": {"order-page": order.page_address()},
    }
    messages = [
        outbox.new_mail(
            order.email, key=f"{event}:{of}", subject=letter.subject, text=letter.text, html=letter.html, **common
        ),
        outbox.new_text(
            order.phone,
            render_text(template, context, order.language),
            key=f"{event}-sms:{of}",
            can_wait=can_wait,
            **common,
        ),
    ]
    tell(order, messages, about=About.PARCEL)
