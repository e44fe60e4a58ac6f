"""Whose numbers there are: every spelling of every brand and of every car maker."""

from collections import defaultdict

from shop.catalog.models import BrandAlias
from shop.catalog.numbers import brand_key
from vehicles.models import VehicleMake


def brand_ids() -> dict[str, int]:
    """By ``brand_key``."""
    return dict(BrandAlias.objects.values_list("key", "brand_id"))


def make_ids() -> dict[str, int]:
    """By ``brand_key``; a spelling of two makers is of neither."""
    named: dict[str, set[int]] = defaultdict(set)
    for pk, name, name_uk, aliases in VehicleMake.objects.values_list("pk", "name", "name_uk", "aliases"):
        for spelling in (name, name_uk, *aliases, *name.split("/"), *name_uk.split("/")):
            if key := brand_key(spelling):
                named[key].add(pk)
    return {key: makes.pop() for key, makes in named.items() if len(makes) == 1}
