"""A file arrives: it is kept, becomes a version of its list, and a worker is woken."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shop.lib.publishing import publish
from shop.lib.tables import TableFormat, open_table
from shop.offers.errors import WrongVersionStatus
from shop.offers.models import PriceList, PriceListVersion
from shop.offers.pricelists.columns import guess
from shop.offers.pricelists.layout import Layout
from shop.offers.pricelists.rows import RowReader, StagedLine
from shop.offers.pricelists.staging import brand_ids, list_currency

_Status = PriceListVersion.Status
PREVIEW_ROWS = 20


def receive(
    price_list: PriceList,
    file: File,  # type: ignore[type-arg]
    *,
    name: str,
    origin: PriceListVersion.Origin,
    author: AbstractBaseUser | None = None,
    is_held: bool = False,
) -> PriceListVersion:
    """Keep ``file`` as the next version of its list and wake a worker.

    The very file that is in force, or on its way, gives back its version: a mail fetched twice loads nothing twice.
    What is in force is confirmed by it and counts as fresh again.
    """
    digest = _digest(file)
    with transaction.atomic():
        locked = PriceList.objects.select_for_update().get(pk=price_list.pk)
        known = (
            locked.versions.filter(
                file_hash=digest, status__in=[*PriceListVersion.UNFINISHED, _Status.WAITING, _Status.ACTIVE]
            )
            .order_by("-number")
            .first()
        )
        if known:
            if known.status == _Status.ACTIVE and locked.max_age:
                PriceList.objects.filter(pk=locked.pk).update(fresh_until=timezone.now() + locked.max_age)
            return known
        version = PriceListVersion(
            price_list=locked,
            number=(locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
            origin=origin,
            author_id=author.pk if author else None,
            file_name=name[-200:],
            file_hash=digest,
            bytes_total=file.size,
            is_held=is_held,
        )
        version.file.save(name, file, save=False)
        version.save()
        wake(version)
    return version


def wake(version: PriceListVersion) -> None:
    """Ask a worker for it after the commit; the sweep finds what was not heard."""
    from shop.offers.tasks import load_price_list

    pk = version.pk
    transaction.on_commit(lambda: publish(load_price_list, pk, expires=3600), robust=True)


@dataclass(frozen=True)
class Preview:
    """The beginning of a file as it is, and as it was understood: ``lines`` tell of ``rows``, ``above`` is what stands
    over them, the heads included."""

    layout: Layout
    sheets: list[str]
    above: list[tuple[int, list[str]]]
    rows: list[tuple[int, list[str]]]
    lines: list[StagedLine]


def preview(version: PriceListVersion, layout: Layout | None = None, *, format: TableFormat | None = None) -> Preview:
    """The first goods of the version's file, by ``layout`` or as it was read; with ``format`` alone the columns are
    recognised afresh in a file of that form. Raises TableRefused when it cannot be read at all.
    """
    if layout is None and format is None:
        layout = layout_of(version)
    told = layout.format if layout else format
    with open_table(Path(version.file.path), name=version.file_name, format=told) as table:
        if layout is None:
            layout = guess(table, brands=brand_ids(), currency=list_currency(version.price_list))
        first: list[list[str]] = []
        for cells in table.rows():
            first.append(cells)
            if len(first) >= layout.header_row + PREVIEW_ROWS:
                break
        reader = RowReader(layout, brand_ids(), currency=list_currency(version.price_list))
        return Preview(
            layout=layout,
            sheets=table.sheets,
            above=list(enumerate(first[: layout.header_row], start=1)),
            rows=list(enumerate(first[layout.header_row :], start=layout.header_row + 1)),
            lines=list(reader.lines(first)),
        )


def layout_of(version: PriceListVersion) -> Layout | None:
    """How this version was read, or is to be read by a person's word."""
    return Layout.from_json(version.reading) if version.reading else None


def read_again(version: PriceListVersion, layout: Layout, *, author: AbstractBaseUser) -> PriceListVersion:
    """Read the same file with corrected columns, which the list remembers. Raises WrongVersionStatus.

    A version that was in force stays what it is: a new one is read from its file. Nothing comes in force without a
    look at the new trial. Gives back the version that is read.
    """
    reading: dict[str, Any] = layout.to_json()
    with transaction.atomic():
        if version.status in (_Status.ACTIVE, _Status.SUPERSEDED) and version.file:
            locked = PriceList.objects.select_for_update().get(pk=version.price_list_id)
            again = PriceListVersion(
                price_list=locked,
                number=(locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
                origin=version.origin,
                author_id=author.pk,
                file_name=version.file_name,
                file_hash=version.file_hash,
                bytes_total=version.bytes_total,
                is_held=True,
                reading=reading,
            )
            with version.file.open() as file:
                again.file.save(version.file_name, File(file), save=False)
            again.save()
            PriceList.objects.filter(pk=version.price_list_id).update(reading=reading)
            wake(again)
            return again
        moved = PriceListVersion.objects.filter(
            pk=version.pk, status__in=[_Status.WAITING, _Status.REFUSED, _Status.DISCARDED]
        ).update(
            status=_Status.RECEIVED,
            reading=reading,
            is_held=True,
            attempts=0,
            refusal="",
            trial={},
            brakes=[],
            bytes_read=0,
            rows_read=0,
            rows_merged=0,
            author_id=author.pk,
            needs_person_since=None,
            needs_person_reason="",
        )
        if not moved:
            raise WrongVersionStatus
        PriceList.objects.filter(pk=version.price_list_id).update(reading=reading)
        wake(version)
    return version


def load_again(version: PriceListVersion, *, author: AbstractBaseUser) -> PriceListVersion:
    """Read the file in force once more, as it was read: brands and parts may be known now that were not.

    Raises WrongVersionStatus.
    """
    layout = layout_of(version)
    if version.status != _Status.ACTIVE or layout is None or not version.file:
        raise WrongVersionStatus
    return read_again(version, layout, author=author)


def _digest(file: File) -> str:  # type: ignore[type-arg]
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
