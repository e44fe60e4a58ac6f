"""Putting a version in force, in one transaction, and what people decide about versions that wait."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Q
from django.utils import timezone

from shop.offers.errors import VersionForgotten, WrongVersionStatus
from shop.offers.models import PriceList, PriceListVersion, VersionOffers
from shop.offers.pricelists import merging
from shop.offers.pricelists.receiving import wake

_Status = PriceListVersion.Status
KEPT_VERSIONS = 10
_CHUNK = 10_000
_ARCHIVE = f"""
INSERT INTO offers_versionoffers (version_id, chunk, part_ids, warehouse_ids, purchase_prices, currencies, pieces,
                                  at_least, lead_days)
SELECT %s, number / {_CHUNK}, array_agg(part_id), array_agg(warehouse_id), array_agg(purchase_price),
       array_agg(currency), array_agg(pieces), array_agg(is_at_least), array_agg(lead_days)
FROM (SELECT row_number() OVER () AS number, * FROM listed) numbered
GROUP BY number / {_CHUNK}
"""  # noqa: S608  # a number of ours


def switch(
    cursor: CursorWrapper, version: PriceListVersion, *, table: str, tell: Callable[[int], None] = lambda rows: None
) -> int:
    """Make ``version`` the one in force: its differences (``table`` of ``merging.compare``) become the offers.

    Call it in a transaction that holds the list's lock. Gives back how many offers were written. Own stock and what
    orders were promised live elsewhere and stay as they are.
    """
    # Foreign keys are looked at slice by slice, not a million in one heap at the commit.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    written = merging.apply(cursor, version.price_list, table, tell)
    if not version.chunks.exists():
        cursor.execute(_ARCHIVE, [version.pk])
    now = timezone.now()
    siblings = PriceListVersion.objects.filter(price_list=version.price_list_id).exclude(pk=version.pk)
    siblings.filter(status=_Status.ACTIVE).update(status=_Status.SUPERSEDED)
    # A file that still waits for a person is older news than this one.
    siblings.filter(status=_Status.WAITING, number__lt=version.number).update(
        status=_Status.DISCARDED, needs_person_since=None, needs_person_reason=""
    )
    moved = PriceListVersion.objects.filter(pk=version.pk, status__in=PriceListVersion.UNFINISHED).update(
        status=_Status.ACTIVE,
        switched_at=now,
        rows_merged=written,
        is_on_shelf=False,
        needs_person_since=None,
        needs_person_reason="",
    )
    if not moved:
        raise WrongVersionStatus
    max_age = version.price_list.max_age
    PriceList.objects.filter(pk=version.price_list_id).update(fresh_until=now + max_age if max_age else None)
    _forget_old(version.price_list)
    return written


def _forget_old(price_list: PriceList) -> None:
    """The last ten versions can come back; older ones keep their row and their figures, not their offers and file."""
    kept = price_list.versions.exclude(switched_at=None).order_by("-switched_at").values("pk")[: KEPT_VERSIONS + 1]
    old = price_list.versions.exclude(pk__in=kept).exclude(status__in=[*PriceListVersion.UNFINISHED, _Status.WAITING])
    VersionOffers.objects.filter(version__in=old).delete()
    for version in old.exclude(file=""):
        name, storage = version.file.name, version.file.storage
        PriceListVersion.objects.filter(pk=version.pk).update(file="")
        transaction.on_commit(partial(storage.delete, str(name)), robust=True)


def release(version: PriceListVersion, *, author: AbstractBaseUser) -> None:
    """A person has seen what the brakes said and lets it through. Raises WrongVersionStatus."""
    with transaction.atomic():
        _move(version, [_Status.WAITING], _Status.RELEASED, author, bytes_read=0, rows_read=0, rows_merged=0)
        wake(version)


def discard(version: PriceListVersion, *, author: AbstractBaseUser) -> None:
    """A person decides that it never comes in force. Raises WrongVersionStatus."""
    _move(version, [_Status.WAITING, _Status.REFUSED], _Status.DISCARDED, author)


def return_to(version: PriceListVersion, *, author: AbstractBaseUser) -> None:
    """Put a former version in force again, at the markups and rates of today.

    What is in force becomes a former version itself: going back can be taken back. Raises
    WrongVersionStatus, VersionForgotten.
    """
    with transaction.atomic():
        if not version.chunks.exists() and version.trial.get("rows_ok"):
            raise VersionForgotten
        _move(version, [_Status.SUPERSEDED], _Status.RELEASED, author, rows_merged=0)
        wake(version)


def returnable(price_list: PriceList) -> "list[PriceListVersion]":
    """Former versions that can come back, the latest first."""
    return list(
        price_list.versions.filter(Q(status=_Status.SUPERSEDED), chunks__isnull=False)
        .distinct()
        .order_by(F("switched_at").desc(nulls_last=True))[:KEPT_VERSIONS]
    )


def _move(
    version: PriceListVersion,
    allowed: list[PriceListVersion.Status],
    to: PriceListVersion.Status,
    author: AbstractBaseUser,
    **progress: int,
) -> None:
    moved = PriceListVersion.objects.filter(pk=version.pk, status__in=allowed).update(
        status=to, author_id=author.pk, attempts=0, needs_person_since=None, needs_person_reason="", **progress
    )
    if not moved:
        raise WrongVersionStatus
    version.refresh_from_db()


def in_force_elsewhere(version: PriceListVersion) -> bool:
    """Whether a newer file of the same list has come in force meanwhile: this one would bring back old prices."""
    return (
        PriceListVersion.objects.filter(price_list=version.price_list_id, number__gt=version.number)
        .filter(Q(status=_Status.ACTIVE) | Q(status=_Status.SUPERSEDED))
        .exists()
    )
