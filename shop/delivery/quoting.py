"""What delivery costs, how long it takes and what cannot be sent that way: from local tables, never the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from django.utils.translation import gettext as _

from shop.delivery.models import Carrier, PickupPoint, Settlement

_FREE = Decimal(0)


@dataclass(frozen=True)
class DeliveryQuote:
    """In hryvnias: ``ours`` is paid to us with the goods, ``carriers`` is the price of the carrier where it is known.

    ``refusal`` says in a sentence why a parcel cannot go that way; empty when it can.
    """

    ours: Decimal
    carriers: Decimal | None
    paid_to: Literal["carrier", "shop"]
    days_from: int | None = None
    days_to: int | None = None
    refusal: str = ""


# Days on the road between big towns, as the carriers say.
_DAYS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "nova-poshta": (1, 3),
        "nova-poshta-door": (1, 3),
        "ukrposhta": (3, 5),
        "meest": (2, 4),
        "self-pickup": (0, 0),
    }
)
_CARRIERS: Mapping[str, str] = MappingProxyType(
    {
        "nova-poshta": Carrier.NOVA_POSHTA,
        "ukrposhta": "ukrposhta",
        "meest": "meest",
    }
)


def quote(
    kind: str,
    *,
    settlement: Settlement,
    point: PickupPoint | None = None,
    weight_kg: Decimal | None,
    goods_total: Decimal,
    cash_on_delivery: Decimal,
    handling: frozenset[str],
) -> DeliveryQuote:
    """One way of delivery to ``settlement``, and to ``point`` when it is chosen."""
    refusal = ""
    if kind not in _DAYS:
        refusal = _("Так у це місто ми зараз не доставляємо.")
    elif point and weight_kg and point.max_weight_kg and weight_kg > point.max_weight_kg:
        refusal = _("Сюди приймають посилки до %(limit)s кг, а ваша важить %(weight)s кг.") % {
            "limit": f"{point.max_weight_kg.normalize():f}",
            "weight": f"{weight_kg.normalize():f}",
        }
    days = _DAYS.get(kind, (None, None))
    paid_to: Literal["carrier", "shop"] = "shop" if kind == Carrier.SELF_PICKUP else "carrier"
    return DeliveryQuote(_FREE, _FREE if paid_to == "shop" else None, paid_to, *days, refusal)


def delivery_options(
    settlement: Settlement, *, weight_kg: Decimal | None, goods_total: Decimal, handling: frozenset[str]
) -> list[tuple[str, DeliveryQuote]]:
    """Every way that there is, with its price and limits; one query."""
    served = set(
        PickupPoint.objects.open().filter(settlement=settlement).values_list("carrier__code", flat=True).distinct()
    )
    options = []
    for kind in (*_DAYS, "courier"):
        asked = quote(
            kind,
            settlement=settlement,
            weight_kg=weight_kg,
            goods_total=goods_total,
            cash_on_delivery=_FREE,
            handling=handling,
        )
        if kind in _CARRIERS and _CARRIERS[kind] not in served:
            refusal = _("У цьому місті немає відділень.")
            asked = DeliveryQuote(asked.ours, None, asked.paid_to, refusal=refusal)
        options.append((kind, asked))
    return options
