"""Timed work: holds that end, and the nightly comparison of promises with counts."""

from celery import shared_task

from orders import fiscal, fit_counts, holds, refund_sending, stock_watching, tracking, waybills
from orders.payments import notices_in, polling
from shop.delivery.carriers import carriers_that_are_on
from shop.lib.publishing import publish


@shared_task(ignore_result=True)
def release_ended_holds() -> None:
    """Every minute: pieces of unpaid invoices are for sale again."""
    holds.release_ended_holds()


@shared_task(ignore_result=True)
def check_reserved() -> None:
    """Every night: ``reserved`` equals the sum of open holds."""
    holds.check_reserved()


@shared_task(ignore_result=True)
def count_sales_by_car() -> None:
    """Every night: how often each part was bought for each car."""
    fit_counts.count_sales()


@shared_task(ignore_result=True)
def ask_due_payments() -> None:
    """Twice a minute: payments whose provider did not tell how they went."""
    polling.ask_due_payments()


@shared_task(ignore_result=True)
def send_refund(refund_id: int) -> None:
    """Woken after the commit of a refund."""
    refund_sending.send_refund(refund_id)


@shared_task(ignore_result=True)
def send_due_refunds() -> None:
    """Every minute: refunds that no worker has sent, or whose answer was lost."""
    refund_sending.send_due_refunds()


@shared_task(ignore_result=True)
def handle_waiting_notices() -> None:
    """Twice a minute: notices that were kept and not applied at once."""
    notices_in.handle_waiting()


@shared_task(ignore_result=True)
def issue_due_receipts() -> None:
    """Every minute: tax receipts for money that came or went back."""
    fiscal.issue_due_receipts()


@shared_task(ignore_result=True)
def close_fiscal_shift() -> None:
    """Before midnight: the register's day ends."""
    fiscal.close_shift()


@shared_task(ignore_result=True)
def make_waybill(shipment_id: int) -> None:
    """Woken after the commit of a wish for a waybill."""
    waybills.create_waybill(shipment_id)


@shared_task(ignore_result=True)
def make_due_waybills() -> None:
    """Every minute: waybills that no worker has made, or whose answer was lost."""
    waybills.make_due_waybills()


@shared_task(ignore_result=True)
def track_parcels() -> None:
    """Every two minutes, each carrier in a task of its own: one that is slow holds up nobody."""
    for code in carriers_that_are_on():
        publish(track_parcels_of, code, expires=120)


@shared_task(ignore_result=True)
def track_parcels_of(code: str) -> None:
    """The parcels of one carrier that are due."""
    tracking.track_of(code)


@shared_task(ignore_result=True)
def remind_of_waiting_parcels() -> None:
    """By day: parcels whose free storage ends."""
    tracking.remind_of_waiting_parcels()


@shared_task(ignore_result=True)
def tell_returned_stock() -> None:
    """Every five minutes: people who wait for a part that somebody offers now."""
    stock_watching.tell_returned()
