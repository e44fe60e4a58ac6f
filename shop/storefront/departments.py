"""The category tree as doors: what hangs under each root, with drawings, for everybody or cut down to one car."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from shop.catalog.covered import covered_categories, parts_by_category
from shop.catalog.drawings import drawing_of
from shop.catalog.frame import Node, frame
from shop.lib.stencils import Stencil

_groups = Stencil("components/department-group.html")


@dataclass(frozen=True)
class Department:
    """A category and what to show under it. ``parts`` counts parts listed for one car; empty where no car is meant.
    ``doors`` are the groups as a list shows them."""

    name: str
    address: str
    drawing: str
    parts: str
    groups: tuple["Department", ...] = ()
    doors: str = ""


def departments() -> list[Department]:
    """All roots, each with its second level."""
    return [_door(root, groups=tuple(_door(child) for child in root.children)) for root in frame().roots]


def departments_for_car(modification_id: int) -> list[Department]:
    """Roots with parts listed for one car; under each the categories that hold them."""
    parts = parts_by_category(modification_id)
    found = []
    for root in frame().roots:
        leaves = tuple(
            _door(leaf, parts=parts[leaf.category.pk]) for leaf in root.leaves() if leaf.category.pk in parts
        )
        if leaves:
            found.append(_door(root, groups=leaves, parts=sum(int(leaf.parts) for leaf in leaves)))
    return found


def departments_for_cars(modification_ids: Collection[int], *, picker: str) -> list[Department]:
    """Roots with parts for any of the cars. Its doors lead on in the ``picker`` (an address): a category shows what
    fits once the engine is known, and opens then by itself."""
    covered = covered_categories(modification_ids)
    found = []
    for root in frame().roots:
        leaves = tuple(_door(leaf, picker=picker) for leaf in root.leaves() if leaf.category.pk in covered)
        if leaves:
            found.append(_door(root, groups=leaves, picker=picker))
    return found


def universal_departments() -> list[Department]:
    """Roots whose goods belong to no car: oils, tools, tyres."""
    return [_door(root) for root in frame().roots if root.category.is_universal]


def _door(node: Node, *, groups: tuple[Department, ...] = (), parts: int | None = None, picker: str = "") -> Department:
    category = node.category
    address = category.get_absolute_url()
    if picker:
        address = f"{picker}?{urlencode({'next': address})}"
    return Department(category.name, address, drawing_of(node), str(parts or ""), groups, _groups.render(groups))
