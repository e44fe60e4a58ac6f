"""Finding a town and its pick-up points while somebody fills in the checkout."""

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from shop.delivery.models import Carrier, PickupPoint, Settlement
from shop.lib.sorting import ukrainian_sort_key

_MAX_TOWNS = 8
# More of them than a person reads to the end.
MAX_POINTS = 50
_MAX_WORDS = 5
_LONGEST_ID = 19


def towns_like(text: str, *, carrier_code: str) -> list[Settlement]:
    """Towns with open points of a carrier whose name begins like ``text``, in any case and with any apostrophe.

    One town alone when ``text`` is its whole name and no other town is called so.
    """
    name = text.split("(")[0].split(",")[0].strip()
    if not name:
        return []
    key = ukrainian_sort_key(name)
    found = list(_served(carrier_code).filter(Q(name_sort__startswith=key) | Q(name_en__istartswith=name))[:_MAX_TOWNS])
    whole = [town for town in found if town.name_sort == key or town.name_en.casefold() == name.casefold()]
    return whole if len(whole) == 1 else found


def unserved_town(text: str) -> Settlement | None:
    """The largest town whose name begins like ``text``, whether or not anybody has points there."""
    key = ukrainian_sort_key(text.split("(")[0].split(",")[0].strip())
    return Settlement.objects.filter(name_sort__startswith=key).order_by("-population").first() if key else None


def towns_near(town: Settlement, *, carrier_code: str) -> list[Settlement]:
    """The three nearest towns where a carrier has points."""
    # Degrees are enough to rank neighbours; one of longitude is about two thirds of one of latitude here.
    distance = (F("lat") - town.lat) * (F("lat") - town.lat) * 9 + (F("lon") - town.lon) * (F("lon") - town.lon) * 4
    return list(_served(carrier_code).order_by(distance)[:3])


def points_in(settlement: Settlement, *, carrier_code: str) -> list[PickupPoint]:
    """Open points of a carrier in a town, branches before lockers, in the order of their numbers."""
    return list(_points(settlement, carrier_code))


def points_like(
    text: str, settlement: Settlement, *, carrier_code: str, chosen: str = ""
) -> tuple[list[PickupPoint], bool]:
    """The first of them that ``text`` means, by the beginning of the number or by words of name and address, and
    whether there are more. The one that is ``chosen`` already (its id as text) is always there: a city has thousands.
    """
    points = _points(settlement, carrier_code)
    found = points
    for word in text.split()[:_MAX_WORDS]:
        number = word.lstrip("№#")
        if number.isascii() and number.isdecimal():
            found = found.filter(name_uk__regex=rf"^[^0-9]*{number}")
        else:
            found = found.filter(Q(name_uk__icontains=word) | Q(address_uk__icontains=word))
    shown = list(found[: MAX_POINTS + 1])
    has_more, shown = len(shown) > MAX_POINTS, shown[:MAX_POINTS]
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < _LONGEST_ID:
        pk = int(chosen)
        if all(point.pk != pk for point in shown):
            shown = [*points.filter(pk=pk), *shown]
    return shown, has_more


def _points(settlement: Settlement, carrier_code: str) -> QuerySet[PickupPoint]:
    # «Відділення №12: вул. Київська, 7» is number 12; points without one come last.
    number = Cast(Func(F("name_uk"), Value("[0-9]{1,9}"), function="SUBSTRING"), IntegerField())
    points = PickupPoint.objects.open().of(carrier_code).filter(settlement=settlement)
    return points.order_by("kind", number.asc(nulls_last=True), "id")


def stores() -> list[PickupPoint]:
    """Our own counters."""
    points = PickupPoint.objects.open().of(Carrier.SELF_PICKUP).select_related("settlement")
    return list(points.order_by("-settlement__population", "id"))


def _served(carrier_code: str) -> QuerySet[Settlement]:
    points = PickupPoint.objects.open().of(carrier_code).filter(settlement=OuterRef("pk"))
    return Settlement.objects.filter(Exists(points)).order_by("-population", "name_sort")


def large_towns() -> list[Settlement]:
    """Towns of our own reference data, the largest first; not those that came with a carrier's directory."""
    return list(Settlement.objects.filter(population__gt=0).order_by("-population", "pk"))


def oblast_key(oblast: str) -> str:
    """``Київська область``, ``Київська обл.`` and ``київська`` are one; so is the city that is an oblast of its own."""
    key = oblast.casefold().removesuffix("область").removesuffix("обл.").removeprefix("м.").strip()
    return "київська" if key == "київ" else key
