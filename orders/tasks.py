"""Timed work: holds that end, and the nightly comparison of promises with counts."""

from celery import shared_task

from orders import holds


@shared_task(ignore_result=True)
def release_ended_holds() -> None:
    """Every minute: pieces of unpaid invoices are for sale again."""
    holds.release_ended_holds()


@shared_task(ignore_result=True)
def check_reserved() -> None:
    """Every night: ``reserved`` equals the sum of open holds."""
    holds.check_reserved()
