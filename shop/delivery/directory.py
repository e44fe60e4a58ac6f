"""Carriers' own directories of points, read at night into our table, so that a checkout never waits on their servers.

Points are upserted page by page; those that are gone are closed at the very end, and never deleted: orders refer to
them. When more than a fifth of a carrier's points would vanish nothing is closed, and a person is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import batched
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.delivery.carriers import carrier_client
from shop.delivery.carriers.protocol import CarrierError, FoundPoint
from shop.delivery.directory_towns import Towns
from shop.delivery.models import Carrier, PickupPoint
from shop.lib.locks import Lock, advisory_lock
from shop.lib.version import bump_catalogue_version

log = structlog.get_logger(__name__)

_PAGE = 500
# More than one point of so many vanishing at once is the carrier's mistake, until a person says otherwise.
_BRAKE = 5
# A directory that has not been read to the end for so long is told of.
_PATIENCE = timedelta(days=3)
_HEAVIEST_KG = Decimal("9999.99")
# What the carrier knows better than we do; the town, the English name and "works" are the word of our staff.
_FROM_CARRIER = (
    "kind",
    "name_uk",
    "address_uk",
    "max_weight_kg",
    "city_ref",
    "settlement_ref",
    "in_directory",
    "closed_at",
)


@dataclass(frozen=True)
class Refreshed:
    """How many points were added, changed and closed; ``held_back`` would have been closed but for the brake."""

    added: int = 0
    changed: int = 0
    closed: int = 0
    held_back: int = 0


def refresh_directory(code: str, *, is_approved: bool = False) -> Refreshed:
    """Bring the points of one carrier up to its directory; ``is_approved``: a person lets go of the brake.

    Raises Busy while another worker is at it, and CarrierError when the directory could not be read to the end: points
    read until then stay, none is closed.
    """
    carrier = Carrier.objects.get(code=code)
    with advisory_lock(Lock.CARRIER_DIRECTORY, carrier.pk):
        try:
            refreshed = _refresh(carrier, is_approved=is_approved)
        except CarrierError as error:
            _note_failure(carrier, error)
            raise
    log.info("carrier-directory-refreshed", carrier=code, **vars(refreshed))
    if refreshed.added or refreshed.changed or refreshed.closed:
        bump_catalogue_version()
    return refreshed


def _refresh(carrier: Carrier, *, is_approved: bool) -> Refreshed:
    before = set(_known(carrier).values_list("code", flat=True))
    towns, seen, added, changed = Towns(carrier), set[str](), 0, 0
    for page in batched(carrier_client(carrier.code).directory(), _PAGE):
        found = {point.ref: point for point in page if 0 < len(point.ref) <= _longest("code")}
        with transaction.atomic():
            new, other = _write(carrier, found, towns)
        added, changed = added + new, changed + other
        seen.update(ref for ref, point in found.items() if point.is_open)
    gone = before - seen
    if not seen or (len(gone) * _BRAKE > len(before) and not is_approved):
        _ask_person(carrier, gone=len(gone), of=len(before))
        return Refreshed(added, changed, held_back=len(gone))
    return Refreshed(added, changed, _close(carrier, gone))


def _known(carrier: Carrier) -> Any:
    return PickupPoint.objects.filter(carrier=carrier, in_directory=True, closed_at__isnull=True)


def _write(carrier: Carrier, found: dict[str, FoundPoint], towns: Towns) -> tuple[int, int]:
    """How many points of a page were new, and how many other than before."""
    kept = {point.code: point for point in PickupPoint.objects.filter(carrier=carrier, code__in=list(found))}
    new, changed = [], []
    for ref, each in found.items():
        values = _values(each)
        if point := kept.get(ref):
            if not each.is_open:
                values["closed_at"] = point.closed_at
            if any(getattr(point, name) != value for name, value in values.items()):
                changed.append(_set(point, values))
        elif each.is_open and (settlement_id := towns.id_of(each)):
            new.append(_set(PickupPoint(carrier=carrier, code=ref, settlement_id=settlement_id), values))
    # The lock makes us the only writer; the conflict is for a point that a person adds at this moment.
    PickupPoint.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["carrier", "code"], update_fields=_FROM_CARRIER
    )
    PickupPoint.objects.bulk_update(changed, _FROM_CARRIER)
    return len(new), len(changed)


def _values(found: FoundPoint) -> dict[str, Any]:
    weight = found.max_weight_kg
    return {
        "kind": found.kind,
        "name_uk": (found.name_uk or f"№ {found.number}")[: _longest("name_uk")],
        "address_uk": found.address_uk[: _longest("address_uk")],
        "max_weight_kg": weight.quantize(Decimal("0.01")) if weight and 0 < weight <= _HEAVIEST_KG else None,
        "city_ref": found.city_ref[: _longest("city_ref")],
        "settlement_ref": found.settlement_ref[: _longest("settlement_ref")],
        "in_directory": True,
        "closed_at": None,
    }


def _set(point: PickupPoint, values: dict[str, Any]) -> PickupPoint:
    for name, value in values.items():
        setattr(point, name, value)
    return point


def _longest(name: str) -> int:
    """The most letters that a column takes."""
    return int(getattr(PickupPoint._meta.get_field(name), "max_length", None) or 0)


@transaction.atomic
def _close(carrier: Carrier, gone: Iterable[str]) -> int:
    """Points that are gone, and the invented ones that stood in for the real until now."""
    now = timezone.now()
    stand_ins = PickupPoint.objects.filter(carrier=carrier, in_reference=True, in_directory=False, closed_at=None)
    closed: int = _known(carrier).filter(code__in=list(gone)).update(closed_at=now) + stand_ins.update(closed_at=now)
    Carrier.objects.filter(pk=carrier.pk).update(directory_at=now, needs_person_since=None, needs_person_reason="")
    return closed


def _ask_person(carrier: Carrier, *, gone: int, of: int) -> None:
    if gone:
        reason = _("У довіднику перевізника зникло %(gone)s із %(of)s пунктів. Нічого не закрито: перевірте самі.") % {
            "gone": gone,
            "of": of,
        }
    else:
        reason = _("Довідник перевізника порожній: перевірте ключі.")
    log.warning("carrier-directory-held-back", carrier=carrier.code, gone=gone, of=of)
    _mark(carrier, reason, timezone.now())


def _note_failure(carrier: Carrier, error: CarrierError) -> None:
    now = timezone.now()
    log.warning("carrier-directory-failed", carrier=carrier.code, error=type(error).__name__, code=str(error))
    if carrier.directory_at is None:
        _mark(carrier, _("Довідник перевізника ще не вдалося прочитати: перевірте ключі."), now)
    elif now - carrier.directory_at > _PATIENCE:
        _mark(carrier, _("Довідник перевізника не вдається оновити понад три дні."), now)


def _mark(carrier: Carrier, reason: str, now: datetime) -> None:
    """The clock of somebody who waits already is not set back."""
    Carrier.objects.filter(pk=carrier.pk).filter(
        Q(needs_person_since=None) | ~Q(needs_person_reason=reason[:200])
    ).update(needs_person_since=Coalesce("needs_person_since", now), needs_person_reason=reason[:200])
