"""The nightly talk with carriers that are on: their points, then their prices."""

from contextlib import suppress

from celery import shared_task

from shop.delivery.carriers import carriers_that_are_on
from shop.delivery.carriers.protocol import CarrierUnavailable, OutcomeUnknown
from shop.delivery.directory import refresh_directory
from shop.delivery.models import Carrier
from shop.delivery.prices import refresh_prices
from shop.lib.locks import Busy
from shop.lib.publishing import publish

# Ukrposhta is asked town by town.
_DIRECTORY_SECONDS = 3500


@shared_task(ignore_result=True)
def refresh_carriers() -> None:
    """Every night, each carrier in tasks of its own: one that is away holds up nobody."""
    known = set(Carrier.objects.filter(is_active=True).values_list("code", flat=True))
    for code in filter(known.__contains__, carriers_that_are_on()):
        publish(refresh_points, code, expires=3600)
        publish(refresh_carrier_prices, code, expires=3600)


@shared_task(
    ignore_result=True,
    autoretry_for=(CarrierUnavailable, OutcomeUnknown),
    retry_backoff=60,
    retry_backoff_max=1800,
    max_retries=5,
    time_limit=_DIRECTORY_SECONDS + 30,
    soft_time_limit=_DIRECTORY_SECONDS,
)
def refresh_points(code: str, is_approved: bool = False) -> None:
    """The directory of one carrier; nothing happens while another worker is at it."""
    with suppress(Busy):
        refresh_directory(code, is_approved=is_approved)


@shared_task(
    ignore_result=True,
    autoretry_for=(CarrierUnavailable, OutcomeUnknown),
    retry_backoff=60,
    retry_backoff_max=1800,
    max_retries=5,
)
def refresh_carrier_prices(code: str) -> None:
    """The tariffs of one carrier; without an answer the old prices stay."""
    refresh_prices(code)
