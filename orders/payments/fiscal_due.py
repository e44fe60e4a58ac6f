"""Whether a tax receipt is due for money that came or went back; decided once, when it does (``FISCAL_RECEIPTS``)."""

import uuid

from django.conf import settings
from django.utils import timezone

from orders.models import FiscalReceipt, Payment, Refund

# Receipts are named by what they are for, so that the same money never gets two.
_NAMESPACE = uuid.UUID("5b1d6a8e-4a0e-5a0b-9f3c-6d1a2f7c9e41")


def receipt_for_payment(payment: Payment) -> FiscalReceipt:
    """In the caller's transaction; the second time gives the same row."""
    status = status_for(payment.kind)
    receipt, _made = FiscalReceipt.objects.get_or_create(
        payment=payment,
        defaults={
            "status": status,
            "receipt_id": uuid.uuid5(_NAMESPACE, f"payment:{payment.reference}"),
            "try_at": timezone.now() if status == FiscalReceipt.Status.DUE else None,
        },
    )
    return receipt


def receipt_for_refund(refund: Refund) -> FiscalReceipt:
    """As its payment's: who printed the sale prints the return."""
    sale = FiscalReceipt.objects.filter(payment_id=refund.payment_id).first()
    printed_by_us = (FiscalReceipt.Status.SENDING, FiscalReceipt.Status.DONE)
    status = sale.status if sale else status_for(refund.payment.kind)
    if status in printed_by_us:
        status = FiscalReceipt.Status.DUE
    receipt, _made = FiscalReceipt.objects.get_or_create(
        refund=refund,
        defaults={
            "status": status,
            "receipt_id": uuid.uuid5(_NAMESPACE, f"refund:{refund.reference}"),
            "try_at": timezone.now() if status == FiscalReceipt.Status.DUE else None,
        },
    )
    return receipt


def status_for(kind: str) -> str:
    """``due`` (our register prints it), ``by-provider`` or ``not-due``, as the accountant decided for this way."""
    return FiscalReceipt.Status(settings.FISCAL_RECEIPTS.get(kind, FiscalReceipt.Status.NOT_DUE))


def is_by_provider(kind: str) -> bool:
    """Whether the provider needs the buyer's e-mail to send its own receipt to."""
    return status_for(kind) == FiscalReceipt.Status.BY_PROVIDER
