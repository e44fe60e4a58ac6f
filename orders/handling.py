"""What carriers have to know about parts: that they may spill, break, or hold acid."""

from collections.abc import Iterable
from types import MappingProxyType

from shop.catalog.frame import frame
from shop.catalog.models import Part
from shop.delivery.quoting import BATTERY, GLASS, LIQUID

# By the category of the part or the one above it; its slug never changes.
_BY_CATEGORY = MappingProxyType(
    {
        "oils": LIQUID,
        "fluids": LIQUID,
        "windscreens": GLASS,
        "mirror-glass": GLASS,
        "headlights": GLASS,
        "batteries": BATTERY,
    }
)


def handling_of(parts: Iterable[Part]) -> frozenset[str]:
    """Without a query: the tree of categories is in memory."""
    found = set()
    for category_id in {part.category_id for part in parts}:
        node = frame().by_id.get(category_id)
        while node is not None:
            if kind := _BY_CATEGORY.get(node.category.slug):
                found.add(kind)
            node = node.parent
    return frozenset(found)
