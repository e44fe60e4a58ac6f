"""What else a part needs, as parts that fit the same car."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shop.catalog.companions import companions
from shop.catalog.frame import frame
from shop.catalog.listed import ListedPart, listed_parts
from shop.catalog.models import Category
from shop.lib.addresses import address_of
from shop.offers.choosing import Wish, soonest_parts
from vehicles.models import Modification

# More than a few is a second catalogue.
MOST: Final = 4


@dataclass(frozen=True)
class Needed:
    """``part`` is the soonest that goes with the car; None without a car, or when nobody offers one."""

    category: Category
    why: str
    part: ListedPart | None = None
    price: Decimal | None = None

    @property
    def address(self) -> str:
        """Of the part, else of the category."""
        if self.part is None:
            return self.category.get_absolute_url()
        return address_of("storefront:part", self.part.brand.slug, self.part.article_key)


def needed_with(
    categories: Collection[int], car: Modification | None, *, without: Collection[int] = ()
) -> list[Needed]:
    """For parts of ``categories``, nothing of those in ``without``. Two queries, none when nothing is needed."""
    known = frame().by_id
    pairs = {
        pair.needed_id: pair
        for category in categories
        for pair in companions().get(category, [])
        if pair.needed_id in known and pair.needed_id not in without
    }
    wanted = list(pairs.values())[:MOST]
    choices = soonest_parts([Wish(pair.needed_id) for pair in wanted], car, most=1)
    ids = [choice.part_id for found in choices for choice in found]
    parts = {part.pk: part for part in listed_parts(ids)} if ids else {}
    return [
        Needed(
            known[pair.needed_id].category,
            pair.why,
            parts.get(found[0].part_id) if found else None,
            found[0].price if found else None,
        )
        for pair, found in zip(wanted, choices, strict=True)
    ]
