"""Files of fitments and numbers, too slow for the page that sent them."""

from contextlib import suppress

from celery import shared_task

from shop.catalog.models import CatalogFile
from shop.lib.locks import Busy
from shop.lib.publishing import publish

_SECONDS = 3500


@shared_task(ignore_result=True, time_limit=_SECONDS + 30, soft_time_limit=_SECONDS)
def load_catalog_file(file_id: int) -> None:
    """Bring one file on its way; while another of its source is under way the sweep asks again."""
    from shop.catalog.loading.running import run_file

    with suppress(Busy):
        run_file(file_id)


@shared_task(ignore_result=True)
def load_waiting_catalog_files() -> None:
    """Every minute: files that nobody works on, because a worker died or the source was busy; the oldest first."""
    for pk in (
        CatalogFile.objects.filter(status__in=CatalogFile.UNFINISHED).order_by("pk").values_list("pk", flat=True)[:20]
    ):
        publish(load_catalog_file, pk, expires=60)
