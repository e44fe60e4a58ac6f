"""Work over all offers, too slow for the page that caused it. The nightly run heals whatever was missed by day."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from shop.lib.locks import Busy, Lock, advisory_lock
from shop.lib.publishing import publish
from shop.offers.announcing import announce_offers
from shop.offers.models import PriceList, PriceListVersion
from shop.offers.nbu import NbuUnavailable
from shop.offers.pricelists.running import run_version
from shop.offers.pricing import reprice
from shop.offers.rates import fetch_rates
from shop.offers.shelf import refresh_shelf

# A list of a million rows takes a minute on a quiet machine; the broker hands a task out again after an hour.
_LIST_SECONDS = 3500


@shared_task(ignore_result=True, time_limit=_LIST_SECONDS + 30, soft_time_limit=_LIST_SECONDS)
def load_price_list(version_id: int) -> None:
    """Bring one version on its way; while another of its supplier is under way the sweep asks again."""
    with suppress(Busy):
        run_version(version_id)


@shared_task(ignore_result=True)
def load_waiting_price_lists() -> None:
    """Every few seconds: versions that nobody works on, the oldest of each supplier first."""
    for version_id in PriceListVersion.objects.to_be_run():
        publish(load_price_list, version_id, expires=30)


@shared_task(ignore_result=True)
def check_sources() -> None:
    """Every minute: sources of price lists whose time has come, each in a task of its own, so that a slow server makes
    nobody wait."""
    from shop.offers.sources.checking import due_sources

    for source_id in due_sources():
        publish(check_source, source_id, expires=60)


@shared_task(ignore_result=True)
def check_source(source_id: int) -> None:
    """Look at one source; nothing happens when another worker is at it or has just been."""
    from shop.offers.sources.checking import check

    check(source_id)


@shared_task(ignore_result=True)
def check_source_now(source_id: int) -> None:
    """The same because a person asks, whatever the timetable says."""
    from shop.offers.sources.checking import check

    check(source_id, is_asked_for=True)


@shared_task(ignore_result=True, autoretry_for=(Busy,), retry_backoff=5, retry_backoff_max=60, max_retries=20)
def bring_offers_up_to_date() -> None:
    """Recompute prices, then the shelf: after an edit of markups, rates, suppliers or warehouses, and every night."""
    with advisory_lock(Lock.SHELF_REFRESH), transaction.atomic():
        written = reprice(timezone.localdate()) + refresh_shelf()
    if written:
        announce_offers()


# A little more than the hour between two looks.
_LOOKED_BACK = timedelta(minutes=75)


@shared_task(ignore_result=True, autoretry_for=(Busy,), retry_backoff=5, retry_backoff_max=60, max_retries=20)
def take_stale_lists_off_the_shelf() -> None:
    """Every hour: offers of lists whose term has just ended are no longer for sale, so lists must not show them."""
    now = timezone.now()
    if not PriceList.objects.filter(fresh_until__gt=now - _LOOKED_BACK, fresh_until__lte=now).exists():
        return
    with advisory_lock(Lock.SHELF_REFRESH):
        written = refresh_shelf()
    if written:
        announce_offers()


@shared_task(ignore_result=True, autoretry_for=(NbuUnavailable,), retry_backoff=60, retry_backoff_max=1800)
def fetch_exchange_rates() -> None:
    """Every day: the National Bank's rates; prices follow them. Without an answer the old rates stay in force."""
    if fetch_rates(timezone.localdate()):
        publish(bring_offers_up_to_date, expires=3600)
