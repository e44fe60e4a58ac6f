"""What carriers ask now, put into our tariffs at night: from our town to the largest ones, by weight.

Rows whose price a person has written stay as they are.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

import structlog
from django.conf import settings
from django.db.models import Q

from shop.delivery.carriers import carrier_client
from shop.delivery.carriers.protocol import CarrierClient, CarrierRefused
from shop.delivery.models import Carrier, DeliveryTariff, PickupPoint, Settlement, Way
from shop.delivery.quoting import DAYS
from shop.lib.version import bump_catalogue_version

log = structlog.get_logger(__name__)

# Asked for where a carrier has no rows yet.
_STEPS_KG = (Decimal(2), Decimal(10), Decimal(30))
# The declared value that all of them take without a charge of its own.
_VALUE = Decimal(500)
# A price may depend on the distance: the dearest of so many large towns is shown, so that nobody pays more.
_TOWNS = 3
_ZONES = DeliveryTariff.Zone
# Whose couriers go to a door.
_TO_THE_DOOR: Mapping[str, str] = MappingProxyType({Carrier.NOVA_POSHTA: Way.NOVA_POSHTA_DOOR})


def refresh_prices(code: str) -> int:
    """How many tariffs of a carrier are other than before. Raises CarrierUnavailable or OutcomeUnknown."""
    client, written = carrier_client(code), 0
    for way in (code, *([_TO_THE_DOOR[code]] if code in _TO_THE_DOOR else [])):
        for zone in _ZONES:
            points = _points(code, zone)
            for step in _steps(way, zone) if points else ():
                price = _dearest(client, points, step, is_to_door=way != code)
                written += _write(way, zone, step, price) if price else 0
    log.info("carrier-prices-refreshed", carrier=code, written=written)
    if written:
        bump_catalogue_version()
    return written


def _points(code: str, zone: str) -> list[PickupPoint]:
    """One branch in each town that is asked for."""
    here = Q(slug=settings.SENDER_SETTLEMENT)
    towns = Settlement.objects.filter(here if zone == _ZONES.TOWN else ~here, population__gt=0)
    served = PickupPoint.objects.open().of(code).filter(in_directory=True, kind=PickupPoint.Kind.BRANCH)
    found = served.filter(settlement__in=towns).order_by("-settlement__population", "settlement_id", "pk")
    return list(found.distinct("settlement__population", "settlement_id")[:_TOWNS])


def _steps(way: str, zone: str) -> Sequence[Decimal]:
    rows = DeliveryTariff.objects.filter(way=way, zone=zone)
    if not rows.exists():
        return _STEPS_KG
    return list(rows.filter(by_hand=False).values_list("max_weight_kg", flat=True))


def _dearest(
    client: CarrierClient, points: Sequence[PickupPoint], weight_kg: Decimal, *, is_to_door: bool
) -> Decimal | None:
    """None when it takes no parcels so heavy."""
    try:
        prices = [
            client.price(
                city_ref=point.city_ref,
                point_ref=point.code,
                weight_kg=weight_kg,
                value=_VALUE,
                is_to_door=is_to_door,
            )
            for point in points
        ]
    except CarrierRefused as error:
        log.warning("carrier-price-refused", codes=error.codes, weight_kg=str(weight_kg))
        return None
    return max(prices, default=None)


def _write(way: str, zone: str, step: Decimal, price: Decimal) -> int:
    days_from, days_to = DAYS[way]
    row, is_new = DeliveryTariff.objects.get_or_create(
        way=way, zone=zone, max_weight_kg=step, defaults={"price": price, "days_from": days_from, "days_to": days_to}
    )
    if is_new:
        return 1
    return DeliveryTariff.objects.filter(pk=row.pk, by_hand=False).exclude(price=price).update(price=price)
