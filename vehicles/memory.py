"""Cars in memory: every page for a chosen car names it, and asks no query for that.

Rows are kept under the version of the catalogue, which an edit of a car in the admin and the loaders change. They are
shared by all threads: read them, never change them.
"""

from collections.abc import Collection
from typing import Final

from shop.lib.version import PerVersion
from vehicles.models import Modification

# A few megabytes. Beyond this the memory starts anew: a crawler through all cars must not fill the process.
_MOST: Final = 1000

_kept: PerVersion[dict[int, Modification | None]] = PerVersion(dict)


def known_car(pk: int) -> Modification | None:
    """The car with all its names, or None for one that was taken off."""
    return known_cars([pk]).get(pk)


def known_cars(pks: Collection[int]) -> dict[int, Modification]:
    """Cars that can be chosen, by id; at most one query, none for those that were asked for before."""
    kept = _kept()
    if missing := [pk for pk in pks if pk not in kept]:
        found = Modification.objects.active().with_names().in_bulk(missing)
        if len(kept) + len(missing) > _MOST:
            kept.clear()
        kept.update({pk: found.get(pk) for pk in missing})
        # Another thread may have cleared the memory meanwhile.
        return {pk: car for pk in pks if (car := found.get(pk) or kept.get(pk))}
    return {pk: car for pk in pks if (car := kept.get(pk))}
