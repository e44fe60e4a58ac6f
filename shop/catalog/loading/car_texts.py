"""What staff say about words for a car: remembered for every next file, and in force at once for rows that waited."""

from collections.abc import Collection
from functools import partial

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from shop.catalog.errors import EmptyChoice, WrongFileStatus
from shop.catalog.loading import fitment_claims
from shop.catalog.loading.car_list import read_car_list
from shop.catalog.loading.described import CarWords
from shop.catalog.loading.matching import answered
from shop.catalog.loading.receiving import apply
from shop.catalog.models import CarText, CatalogFile
from shop.lib.locks import Lock, try_advisory_transaction_lock
from shop.lib.version import bump_catalogue_version
from vehicles.models import Modification

_Status = CarText.Status


def settle(text: CarText, modifications: Collection[int], *, author: AbstractBaseUser | None = None) -> int:
    """The words mean these cars; gives back how many fitments were written at once. Raises EmptyChoice."""
    known = sorted(Modification.objects.filter(pk__in=modifications).values_list("pk", flat=True))
    if not known:
        raise EmptyChoice
    return _decide(text, _Status.SETTLED, known, author)


def refuse(text: CarText, *, author: AbstractBaseUser | None = None) -> None:
    """The words mean no car of ours; their rows are left out, now and in every next file."""
    _decide(text, _Status.REFUSED, [], author)


@transaction.atomic
def _decide(text: CarText, status: CarText.Status, cars: list[int], author: AbstractBaseUser | None) -> int:
    before = CarText.objects.select_for_update().get(pk=text.pk)
    CarText.objects.filter(pk=text.pk).update(
        status=status, modifications=cars, author_id=author.pk if author else None, decided_at=timezone.now()
    )
    text.refresh_from_db()
    files = list(CatalogFile.objects.filter(applied_at__isnull=False, waiting__text=text).distinct().order_by("pk"))
    for file in files:
        if not file.waiting.filter(text__status=_Status.OPEN).exists():
            CatalogFile.objects.filter(pk=file.pk, status=CatalogFile.Status.APPLIED, refusal="").update(
                needs_person_since=None, needs_person_reason=""
            )
    if before.status != _Status.SETTLED and status == _Status.REFUSED:
        return 0
    if before.status == _Status.SETTLED or not try_advisory_transaction_lock(Lock.CATALOG_FITMENTS):
        # Another answer takes away what the first one wrote: that takes the file as a whole.
        for file in files:
            _read_again(file, author)
        return 0
    meant = answered(CarWords(tuple(text.cells.items())), cars, read_car_list()) if files else ()
    with connection.cursor() as cursor:
        added = sum(fitment_claims.write_answered(cursor, file, text, meant) for file in files)
    if added:
        transaction.on_commit(partial(bump_catalogue_version), robust=True)
    return added


def _read_again(file: CatalogFile, author: AbstractBaseUser | None) -> None:
    try:
        apply(file, author=author)
    except WrongFileStatus:
        # On its way already: it reads the answers when it writes.
        return
