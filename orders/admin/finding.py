"""Parts by number, with who offers them now: what staff choose from when they edit or enter an order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from orders.checkout_form import is_id
from orders.models import MAX_PIECES
from shop.catalog.models import Part
from shop.catalog.numbers import search_key
from shop.offers.models import Offer

_MOST_NUMBERS = 20
_MOST_OFFERS = 60
_MOST_PARTS = 100
_BETWEEN = re.compile(r"[,;\n\r]+")


@dataclass(frozen=True)
class FoundOffer:
    """An offer with the fields of its row in a form: ``pick``, ``quantity`` and, in an edit, ``instead``."""

    offer: Offer
    is_picked: bool = False
    typed_quantity: str = "1"
    typed_instead: str = ""

    @property
    def key(self) -> str:
        return f"{self.offer.part_id}.{self.offer.warehouse_id}"

    @property
    def free(self) -> int:
        pieces: int = self.offer.free_pieces  # type: ignore[attr-defined]  # the annotation of with_pieces
        return pieces

    @property
    def quantity(self) -> int | None:
        """None when what was typed is no count of pieces."""
        typed = self.typed_quantity.strip()
        return int(typed) if is_id(typed) and 1 <= int(typed) <= MAX_PIECES else None

    @property
    def instead(self) -> int | None:
        return int(self.typed_instead) if is_id(self.typed_instead) else None

    @property
    def name(self) -> str:
        return f"{self.offer.part.brand.name} {self.offer.part.article_number}"


def offers_for(data: Mapping[str, Any], *, numbers: str, also: Iterable[tuple[int, int]] = ()) -> list[FoundOffer]:
    """What the typed ``numbers`` mean, after what ``data`` (a submitted form) has picked and what is wanted ``also``.

    Two queries. ``pick`` fields hold ``part.warehouse``; what is not offered any more is left out.
    """
    picked = [place for key in _all(data, "pick") if (place := _place(key))]
    places = list(dict.fromkeys([*picked, *also]))
    chosen = _offers(_of_places(places)) if places else []
    wanted = {(offer.part_id, offer.warehouse_id): offer for offer in chosen}
    rows = [_row(wanted[place], data, is_picked=True) for place in places if place in wanted]
    parts = _parts(numbers)
    if parts:
        found = _offers(Q(part__in=parts))[:_MOST_OFFERS]
        rows += [_row(offer, data) for offer in found if (offer.part_id, offer.warehouse_id) not in wanted]
    return rows


def numbers_not_found(numbers: str, rows: Sequence[FoundOffer]) -> list[str]:
    """The typed numbers that no row answers."""
    keys = [row.offer.part.search_key for row in rows]
    return [text for text in _split(numbers) if not any(key.startswith(search_key(text)) for key in keys)]


def _row(offer: Offer, data: Mapping[str, Any], *, is_picked: bool = False) -> FoundOffer:
    key = f"{offer.part_id}.{offer.warehouse_id}"
    return FoundOffer(offer, is_picked, str(data.get(f"quantity-{key}", "1")), str(data.get(f"instead-{key}", "")))


def _offers(where: Q) -> list[Offer]:
    offers = (
        Offer.objects.current()
        .with_pieces()
        .filter(where, part__is_active=True)
        .select_related("part__brand", "part__category", "warehouse__supplier")
        .order_by("part__article_key", "price", "id")
    )
    return list(offers)


def _of_places(places: Iterable[tuple[int, int]]) -> Q:
    where = Q(pk__in=[])
    for part, warehouse in places:
        where |= Q(part=part, warehouse=warehouse)
    return where


def _parts(numbers: str) -> list[int]:
    where = Q(pk__in=[])
    for text in _split(numbers):
        where |= Q(search_key__startswith=search_key(text))
    return list(Part.objects.filter(where, is_active=True).values_list("pk", flat=True)[:_MOST_PARTS])


def _split(numbers: str) -> list[str]:
    texts = [text.strip() for text in _BETWEEN.split(numbers.replace("\0", ""))]
    return [text for text in texts if len(search_key(text)) > 2][:_MOST_NUMBERS]


def _place(key: str) -> tuple[int, int] | None:
    part, _dot, warehouse = key.partition(".")
    return (int(part), int(warehouse)) if is_id(part) and is_id(warehouse) else None


def _all(data: Mapping[str, Any], name: str) -> list[str]:
    getlist = getattr(data, "getlist", None)
    return getlist(name) if getlist else []
