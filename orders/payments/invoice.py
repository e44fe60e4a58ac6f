"""Paying by a transfer: the requisites in words, and the National Bank's QR that a banking app fills itself in from.

Format 002 of the link, NBU resolution 97 of 19 August 2025: thirteen fields, UTF-8, joined by line feeds, as base64url
without padding. Only the purpose may be shortened.
"""

import base64
import io
import re
from dataclasses import dataclass
from decimal import Decimal

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from orders.models import Order
from shop.lib.seller import Seller, seller

_UTF8 = "1"
_MOST_NAME, _MOST_PURPOSE, _MOST_BYTES = 70, 140, 331
_ENTREPRENEUR = re.compile(r"^фізична особа[-–— ]+підприємець\b", re.IGNORECASE)
# The white circle with the hryvnia sign: its part of the picture's side, small enough for the correction of level Q.
_MARK = Decimal("0.16")


@dataclass(frozen=True)
class Invoice:
    """What the payer writes into the transfer; ``link`` opens a banking app, ``picture`` is its QR as SVG."""

    seller: Seller
    amount: Decimal
    purpose: str
    link: str
    picture: SafeString


def invoice_of(order: Order, amount: Decimal) -> Invoice:
    """The requisites for ``amount`` (hryvnias) of an order."""
    link = payment_link(seller(), amount, order.payment_purpose)
    return Invoice(seller(), amount, order.payment_purpose, link, picture(link))


def payment_link(receiver: Seller, amount: Decimal, purpose: str) -> str:
    """The address that banking apps read out of the QR."""
    data = _data(receiver, amount, purpose[:_MOST_PURPOSE])
    while len(data.encode()) > _MOST_BYTES:
        purpose = purpose[: min(len(purpose), _MOST_PURPOSE) - 1]
        data = _data(receiver, amount, purpose)
    return settings.NBU_QR_PREFIX + base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def _data(receiver: Seller, amount: Decimal, purpose: str) -> str:
    return "\n".join(
        [
            "BCD",
            "002",
            _UTF8,
            "UCT",
            "",
            short_name(receiver.legal_name),
            receiver.iban,
            f"UAH{amount:.2f}",
            receiver.tax_number,
            "",
            "",
            purpose,
            "",
        ]
    )


def short_name(name: str) -> str:
    """At most 70 characters; an entrepreneur is written as banks write one: ``ФОП Коваленко Олена Іванівна``."""
    return _ENTREPRENEUR.sub("ФОП", name)[:_MOST_NAME].rstrip()


def picture(link: str) -> SafeString:
    """The QR with the hryvnia sign in its middle, which the rules ask for; black on white in the dark too."""
    code = segno.make(link, error="q", micro=False, boost_error=False)
    side = code.symbol_size(scale=1, border=4)[0]
    drawn = io.BytesIO()
    code.save(
        drawn,
        kind="svg",
        border=4,
        xmldecl=False,
        svgns=True,
        svgclass="qr",
        lineclass=None,
        light="#fff",
        omitsize=True,
    )
    middle, radius = Decimal(side) / 2, Decimal(side) * _MARK / 2
    scale = radius / 16
    # A hryvnia sign drawn in a square of 24, so that it needs no font.
    sign = (
        f'<circle cx="{middle}" cy="{middle}" r="{radius:.2f}" fill="#fff"/>'
        f'<path transform="translate({middle - 12 * scale:.2f} {middle - 12 * scale:.2f}) scale({scale:.3f})" '
        'd="M8 6.5c1-1.3 2.4-2 4-2 2.4 0 4 1.4 4 3.5 0 4.5-8.500 3.600-8.500 8 0 2.100 1.800 3.500 4.300 3.500 '
        '1.700 0 3.200-.7 4.200-2M5.500 10.300h13M5.500 13.700h13" fill="none" stroke="#000" stroke-width="2"/>'
    )
    svg = drawn.getvalue().decode().strip()
    return mark_safe(svg.removesuffix("</svg>") + sign + "</svg>")  # noqa: S308  # digits and our own drawing
