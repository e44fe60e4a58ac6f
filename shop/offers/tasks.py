"""Work over all offers, too slow for the page that caused it. The nightly run heals whatever was missed by day."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from shop.lib.locks import Busy, Lock, advisory_lock
from shop.lib.version import bump_catalogue_version
from shop.offers.pricing import reprice
from shop.offers.shelf import refresh_shelf


@shared_task(ignore_result=True, autoretry_for=(Busy,), retry_backoff=5, retry_backoff_max=60, max_retries=20)
def bring_offers_up_to_date() -> None:
    """Recompute prices, then the shelf: after an edit of markups, rates, suppliers or warehouses, and every night."""
    with advisory_lock(Lock.SHELF_REFRESH):
        with transaction.atomic():
            written = reprice(timezone.localdate()) + refresh_shelf()
        if written:
            bump_catalogue_version()
