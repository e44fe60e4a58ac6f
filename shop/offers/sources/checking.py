"""One look at one source: claim it, take the newest file there, remember how it went.

Of several files that wait, the newest is loaded: a price list replaces the one before it. The older ones are settled
with it. A source belongs to one worker at a time: ``claimed_until`` is written by whoever finds it free and due, under
the lock of its row, and outlasts the longest look.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shop.offers.models import PriceList, PriceListSource, PriceListVersion, TakenFile
from shop.offers.models.source import PATIENCE, RETRY_AFTER
from shop.offers.pricelists.receiving import receive
from shop.offers.sources.place import Found, Look, Place, SourceProblem

log = structlog.get_logger(__name__)
# Longer than a task may last; whoever died meanwhile is succeeded then.
_CLAIM = timedelta(minutes=15)
# A growing file is looked at again so soon.
_SOON = timedelta(seconds=50)
_Kind = PriceListSource.Kind
_ORIGINS: Mapping[str, PriceListVersion.Origin] = {
    _Kind.FOLDER: PriceListVersion.Origin.FOLDER,
    _Kind.URL: PriceListVersion.Origin.URL,
    _Kind.MAIL: PriceListVersion.Origin.MAIL,
}


def due_sources() -> list[int]:
    """Ids of sources whose time has come."""
    return list(
        PriceListSource.objects.filter(is_active=True, due_at__lte=timezone.now())
        .order_by("due_at")
        .values_list("pk", flat=True)
    )


def check(source_id: int, *, is_asked_for: bool = False) -> None:
    """Look at a source when it is due, or because a person asks; harmless when somebody else is at it."""
    source = _claimed(source_id, is_asked_for=is_asked_for)
    if source is None:
        return
    try:
        with place_of(source).look(source) as look:
            taken = _take_newest(source, look)
    except SourceProblem as error:
        _failed(source, error.problem)
        return
    if look.problem and not taken:
        _failed(source, look.problem, memory=look.memory)
    else:
        _succeeded(source, look)


@cache
def _places() -> Mapping[str, Place]:
    from shop.offers.sources.folder import Folder
    from shop.offers.sources.mailbox import Mailbox
    from shop.offers.sources.url import Url

    return {_Kind.FOLDER: Folder(), _Kind.URL: Url(), _Kind.MAIL: Mailbox()}


def place_of(source: PriceListSource) -> Place:
    return _places()[source.kind]


def _claimed(source_id: int, *, is_asked_for: bool) -> PriceListSource | None:
    now = timezone.now()
    with transaction.atomic():
        sources = PriceListSource.objects.order_by().select_for_update(skip_locked=True).filter(pk=source_id)
        sources = sources.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
        if not is_asked_for:
            sources = sources.filter(is_active=True, due_at__lte=now)
        source = sources.first()
        if source is not None:
            source.claimed_until = now + _CLAIM
            source.save(update_fields=["claimed_until"])
    return source


def _take_newest(source: PriceListSource, look: Look) -> bool:
    known = set(source.taken_files.filter(mark__in=[found.mark for found in look.found]).values_list("mark", flat=True))
    fresh = [found for found in look.found if found.mark not in known]
    if fresh:
        _take(source, look, fresh[-1], passed_over=fresh[:-1])
    elif look.is_confirmed:
        _confirm(source, look)
    for found in look.found:
        found.settle()
    return bool(fresh)


def _take(source: PriceListSource, look: Look, newest: Found, *, passed_over: list[Found]) -> None:
    """The version and the memory of its file are committed together: neither is there without the other."""
    with newest.open() as content, transaction.atomic():
        file = File(content, name=newest.name)
        if not file.size:
            raise SourceProblem(PriceListSource.Problem.EMPTY)
        TakenFile.objects.bulk_create(
            [TakenFile(source=source, mark=found.mark) for found in [*passed_over, newest]], ignore_conflicts=True
        )
        PriceListSource.objects.filter(pk=source.pk).update(memory=look.memory, last_fetched_at=timezone.now())
        version = receive(source.price_list, file, name=newest.name, origin=_ORIGINS[source.kind])
    log.info("price-list-fetched", source=source.pk, version=version.pk)


def _confirm(source: PriceListSource, look: Look) -> None:
    """The file in force is still the one that the supplier shows: it counts as fresh again."""
    price_list = source.price_list
    if price_list.max_age:
        PriceList.objects.filter(
            pk=price_list.pk,
            versions__status=PriceListVersion.Status.ACTIVE,
            versions__file_hash=look.memory.get("digest"),
        ).update(fresh_until=timezone.now() + price_list.max_age)


def _succeeded(source: PriceListSource, look: Look) -> None:
    now = timezone.now()
    _settle(
        source,
        due_at=now + _SOON if look.is_unsettled else source.next_look(now),
        last_checked_at=now,
        last_problem=look.problem or "",
        failures=0,
        memory=look.memory,
        needs_person_since=None,
        needs_person_reason="",
    )


def _failed(
    source: PriceListSource, problem: PriceListSource.Problem, *, memory: dict[str, object] | None = None
) -> None:
    now = timezone.now()
    failures = source.failures + 1
    needs_person: datetime | None = source.needs_person_since or (now if failures >= PATIENCE else None)
    _settle(
        source,
        due_at=min(now + RETRY_AFTER, source.next_look(now)) if failures < PATIENCE else source.next_look(now),
        last_checked_at=now,
        last_problem=problem,
        failures=failures,
        needs_person_since=needs_person,
        needs_person_reason=problem.label[:200] if needs_person else "",
        **({} if memory is None else {"memory": memory}),
    )
    log.warning("price-list-source-failed", source=source.pk, problem=problem.value, failures=failures)


def _settle(source: PriceListSource, **outcome: Any) -> None:
    """End the claim and write how the look went.

    Somebody else's claim is left alone, and so is a source that was edited meanwhile: it is due again, and what was
    found at the former place says nothing of the new one.
    """
    claimed = PriceListSource.objects.filter(pk=source.pk, claimed_until=source.claimed_until)
    if not claimed.filter(due_at=source.due_at).update(claimed_until=None, **outcome):
        claimed.update(claimed_until=None)
