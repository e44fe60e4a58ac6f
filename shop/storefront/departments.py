"""The category tree as doors: what hangs under each root, with drawings, for everybody or cut down to one car."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from shop.catalog.drawings import drawing_of
from shop.catalog.frame import Node, frame
from shop.catalog.models import Fitment


@dataclass(frozen=True)
class Department:
    """A category and what to show under it. ``parts`` counts parts listed for one car; empty where no car is meant."""

    name: str
    address: str
    drawing: str
    parts: str
    groups: tuple["Department", ...] = ()


def departments() -> list[Department]:
    """All roots, each with its second level."""
    return [_door(root, groups=tuple(_door(child) for child in root.children)) for root in frame().roots]


def departments_for_car(modification_id: int) -> list[Department]:
    """Roots with parts listed for one car; under each the categories that hold them."""
    rows = (
        Fitment.objects.filter(modification=modification_id, part__is_active=True)
        .order_by()
        .values_list("category")
        .annotate(parts=Count("part", distinct=True))
    )
    parts: Mapping[int, int] = dict(rows)
    found = []
    for root in frame().roots:
        leaves = tuple(
            _door(leaf, parts=parts[leaf.category.pk]) for leaf in root.leaves() if leaf.category.pk in parts
        )
        if leaves:
            found.append(_door(root, groups=leaves, parts=sum(int(leaf.parts) for leaf in leaves)))
    return found


def universal_departments() -> list[Department]:
    """Roots whose goods belong to no car: oils, tools, tyres."""
    return [_door(root) for root in frame().roots if root.category.is_universal]


def _door(node: Node, *, groups: tuple[Department, ...] = (), parts: int | None = None) -> Department:
    category = node.category
    return Department(category.name, category.get_absolute_url(), drawing_of(node), str(parts or ""), groups)
