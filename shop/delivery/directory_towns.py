"""Which of our towns a carrier means. Names repeat all over the country, so a carrier's own id decides where it can."""

from collections import defaultdict
from decimal import Decimal

from shop.delivery.carriers.protocol import FoundPoint
from shop.delivery.models import Carrier, PickupPoint, Settlement
from shop.delivery.places import oblast_key
from shop.lib.sorting import ukrainian_sort_key

# Degrees: a city is wide, and a point may stand at its edge.
_CITY, _CITY_DEGREES, _TOWN_DEGREES = 50_000, Decimal("0.3"), Decimal("0.1")
# Coordinates outside of it are a carrier's nonsense.
_SOUTH, _NORTH, _WEST, _EAST = 44, 53, 22, 41


class Towns:
    """Towns by a carrier's id, kept by its points; by name and place for an id that is new."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._by_ref: dict[str, int] = dict(
            PickupPoint.objects.filter(carrier=carrier, in_directory=True)
            .exclude(settlement_ref="")
            .order_by("pk")
            .values_list("settlement_ref", "settlement_id")
        )
        self._by_name: dict[str, list[Settlement]] = defaultdict(list)
        for town in Settlement.objects.order_by("-population", "pk"):
            self._by_name[town.name_uk.casefold()].append(town)

    def id_of(self, found: FoundPoint) -> int | None:
        """Added when we do not have it; None for one without a name, or without a place on the map."""
        if found.settlement_ref in self._by_ref:
            return self._by_ref[found.settlement_ref]
        if not found.settlement_uk:
            return None
        candidates = self._by_name[found.settlement_uk.casefold()]
        town = next((town for town in candidates if _is_there(town, found)), None) or self._add(found)
        if town is None:
            return None
        if found.settlement_ref:
            self._by_ref[found.settlement_ref] = town.pk
        return town.pk

    def _add(self, found: FoundPoint) -> Settlement | None:
        place = _place(found)
        if place is None or not found.settlement_ref:
            return None
        name = found.settlement_uk[:100]
        town, _is_new = Settlement.objects.get_or_create(
            slug=f"{self._carrier.code}-{found.settlement_ref}"[:80].casefold(),
            defaults={
                "name_uk": name,
                "name_sort": ukrainian_sort_key(name),
                "oblast_uk": _oblast(found),
                "lat": place[0],
                "lon": place[1],
            },
        )
        self._by_name[name.casefold()].append(town)
        return town


def _is_there(town: Settlement, found: FoundPoint) -> bool:
    place = _place(found)
    if place is None:
        return oblast_key(town.oblast_uk) == oblast_key(found.oblast_uk)
    degrees = _CITY_DEGREES if town.population >= _CITY else _TOWN_DEGREES
    return abs(town.lat - place[0]) <= degrees and abs(town.lon - place[1]) <= degrees * 3 / 2


def _place(found: FoundPoint) -> tuple[Decimal, Decimal] | None:
    if found.lat is None or found.lon is None:
        return None
    if not (_SOUTH <= found.lat <= _NORTH and _WEST <= found.lon <= _EAST):
        return None
    return found.lat.quantize(Decimal("0.01")), found.lon.quantize(Decimal("0.01"))


def _oblast(found: FoundPoint) -> str:
    """With the district: villages of one name stand in one oblast."""
    oblast = found.oblast_uk.removesuffix("область").removesuffix("обл.").strip().capitalize()
    oblast = f"{oblast} область" if oblast.endswith("ська") or oblast.endswith("цька") else oblast
    district = found.district_uk.removesuffix("район").removesuffix("р-н").strip().capitalize()
    return (f"{oblast}, {district} район" if district else oblast)[:100]
