"""A file arrives: it is kept, and a worker is woken; what a person decides of it afterwards."""

import hashlib
from pathlib import PurePath

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files import File
from django.db import transaction

from shop.catalog.errors import WrongFileStatus
from shop.catalog.models import CatalogFile, CatalogSource
from shop.lib.publishing import publish

_Status = CatalogFile.Status
_ON_ITS_WAY = (*CatalogFile.UNFINISHED, _Status.TRIED)


def receive(
    source: CatalogSource,
    file: File,  # type: ignore[type-arg]
    *,
    kind: CatalogFile.Kind,
    name: str = "main",
    replaces: bool = True,
    author: AbstractBaseUser | None = None,
) -> CatalogFile:
    """Keep ``file`` as the next one of the source's list and wake a worker that tries it.

    The very file that waits, or is the last in force, gives back its row: sent twice, loaded once.
    """
    digest = _digest(file)
    with transaction.atomic():
        CatalogSource.objects.select_for_update().get(pk=source.pk)
        listed = CatalogFile.objects.filter(source=source, kind=kind, name=name)
        known = listed.filter(file_hash=digest, status__in=_ON_ITS_WAY).first()
        if known is None:
            last = listed.filter(applied_at__isnull=False).order_by("-applied_at").first()
            known = last if last and last.file_hash == digest else None
        if known:
            return known
        kept = CatalogFile(
            source=source,
            kind=kind,
            name=name,
            replaces=replaces,
            author_id=author.pk if author else None,
            file_name=PurePath(file.name or "").name[-200:],
            file_hash=digest,
            bytes_total=file.size,
        )
        kept.file.save(kept.file_name or "file", file, save=False)
        kept.save()
        wake(kept)
    return kept


def apply(file: CatalogFile, *, author: AbstractBaseUser | None = None) -> None:
    """Let a tried file through; one in force is read again, after more cars are known. Raises WrongFileStatus."""
    _move(file, [_Status.TRIED, _Status.APPLIED], _Status.APPLYING, author)


def undo(file: CatalogFile, *, author: AbstractBaseUser | None = None) -> None:
    """Take back what a file wrote and took away. Raises WrongFileStatus."""
    _move(file, [_Status.APPLIED], _Status.UNDOING, author)


def discard(file: CatalogFile, *, author: AbstractBaseUser | None = None) -> None:
    """A tried file will not be applied. Raises WrongFileStatus."""
    _move(file, [_Status.TRIED, _Status.REFUSED], _Status.DISCARDED, author)


def wake(file: CatalogFile) -> None:
    """Ask a worker for it after the commit; the sweep finds what was not heard."""
    from shop.catalog.tasks import load_catalog_file

    pk = file.pk
    transaction.on_commit(lambda: publish(load_catalog_file, pk, expires=3600), robust=True)


def _move(
    file: CatalogFile, allowed: list[CatalogFile.Status], status: CatalogFile.Status, author: AbstractBaseUser | None
) -> None:
    decided = {"author_id": author.pk} if author else {}
    with transaction.atomic():
        moved = CatalogFile.objects.filter(pk=file.pk, status__in=allowed).update(
            status=status, attempts=0, needs_person_since=None, needs_person_reason="", **decided
        )
        if not moved:
            raise WrongFileStatus
        if status in CatalogFile.UNFINISHED:
            wake(file)
    file.refresh_from_db()


def _digest(file: File) -> str:  # type: ignore[type-arg]
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
