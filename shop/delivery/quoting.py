"""What delivery costs, how long it takes and what cannot be sent that way: from local tables, never the network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from shop.delivery.models import Carrier, CarrierLimit, DeliveryTariff, PickupPoint, Settlement, Way
from shop.lib.money import format_money

_FREE = Decimal(0)
# What a parcel may hold that has to be handled with care.
LIQUID, GLASS, BATTERY = "liquid", "glass", "battery"


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


# Days on the road between big towns, as the carriers say; a tariff knows better.
DAYS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        Way.NOVA_POSHTA: (1, 3),
        Way.NOVA_POSHTA_DOOR: (1, 3),
        Way.UKRPOSHTA: (3, 5),
        Way.MEEST: (2, 4),
        Way.PICKUP: (0, 0),
    }
)
# Ways that end at a carrier's point.
_CARRIERS: Mapping[str, str] = MappingProxyType(
    {
        Way.NOVA_POSHTA: Carrier.NOVA_POSHTA,
        Way.UKRPOSHTA: "ukrposhta",
        Way.MEEST: "meest",
    }
)
# Paid to us together with the goods.
_OURS = frozenset({Way.COURIER, Way.PICKUP})


@dataclass(frozen=True)
class _Parcel:
    weight_kg: Decimal | None
    value: Decimal
    cash: Decimal
    handling: frozenset[str]


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
    """One way of delivery to ``settlement``, and to ``point`` when it is chosen; two queries."""
    return _quote(
        kind,
        _Parcel(weight_kg, goods_total, cash_on_delivery, handling),
        point=point,
        limits=CarrierLimit.objects.filter(way=kind),
        tariffs=DeliveryTariff.objects.filter(way=kind, zone=_zone(settlement)),
    )


def delivery_options(
    settlement: Settlement, *, weight_kg: Decimal | None, goods_total: Decimal, handling: frozenset[str]
) -> list[tuple[str, DeliveryQuote]]:
    """Every way that there is, with its price and limits; three queries."""
    parcel = _Parcel(weight_kg, goods_total, _FREE, handling)
    limits, tariffs = list(CarrierLimit.objects.all()), list(DeliveryTariff.objects.filter(zone=_zone(settlement)))
    served = set(
        PickupPoint.objects.open().filter(settlement=settlement).values_list("carrier__code", flat=True).distinct()
    )
    options = []
    for kind in (*DAYS, Way.COURIER):
        asked = _quote(
            kind,
            parcel,
            point=None,
            limits=[limit for limit in limits if limit.way == kind],
            tariffs=[tariff for tariff in tariffs if tariff.way == kind],
        )
        if kind in _CARRIERS and _CARRIERS[kind] not in served:
            refusal = _("У цьому місті немає відділень.")
            asked = DeliveryQuote(asked.ours, None, asked.paid_to, refusal=refusal)
        options.append((str(kind), asked))
    return options


def _quote(
    kind: str,
    parcel: _Parcel,
    *,
    point: PickupPoint | None,
    limits: Iterable[CarrierLimit],
    tariffs: Iterable[DeliveryTariff],
) -> DeliveryQuote:
    paid_to: Literal["carrier", "shop"] = "shop" if kind in _OURS else "carrier"
    tariff = _tariff(sorted(tariffs, key=lambda each: each.max_weight_kg), parcel.weight_kg, is_ours=kind in _OURS)
    if kind not in DAYS and tariff is None:
        return DeliveryQuote(_FREE, None, paid_to, refusal=_("У такий спосіб до цього міста ми зараз не доставляємо."))
    days = (tariff.days_from, tariff.days_to) if tariff else DAYS[kind]
    refusal = _refusal(parcel, point, limits)
    if kind not in _OURS:
        # Without a weight there is no honest estimate.
        return DeliveryQuote(_FREE, tariff.price if tariff and parcel.weight_kg else None, paid_to, *days, refusal)
    is_free = tariff is None or (tariff.free_from is not None and parcel.value >= tariff.free_from)
    return DeliveryQuote(_FREE if is_free or tariff is None else tariff.price, _FREE, paid_to, *days, refusal)


def _tariff(tariffs: Sequence[DeliveryTariff], weight_kg: Decimal | None, *, is_ours: bool) -> DeliveryTariff | None:
    """The lightest band that holds the parcel; our own price for parcels of unknown weight is the highest."""
    if weight_kg is None:
        return tariffs[-1 if is_ours else 0] if tariffs else None
    return next((tariff for tariff in tariffs if weight_kg <= tariff.max_weight_kg), None)


def _refusal(parcel: _Parcel, point: PickupPoint | None, limits: Iterable[CarrierLimit]) -> str:
    if parcel.handling & {LIQUID, GLASS, BATTERY} and point and point.kind == PickupPoint.Kind.LOCKER:
        return _("Рідини, скло й акумулятори в поштомат не надсилаємо: оберіть відділення.")
    if point and (refusal := _too_heavy(parcel.weight_kg, point.max_weight_kg)):
        return refusal
    for limit in limits:
        holds = not limit.point_kind or (point is not None and point.kind == limit.point_kind)
        if holds and (refusal := _refused_by(limit, parcel)):
            return refusal
    return ""


def _refused_by(limit: CarrierLimit, parcel: _Parcel) -> str:
    if refusal := _too_heavy(parcel.weight_kg, limit.max_weight_kg):
        return refusal
    if limit.max_value is not None and parcel.value > limit.max_value:
        return _("Так надсилають посилки вартістю до %(limit)s.") % {"limit": format_money(limit.max_value)}
    if parcel.cash and not limit.takes_cash:
        return _("Так не можна заплатити за товар під час отримання: оберіть іншу оплату або доставку.")
    refused = {
        LIQUID: ("" if limit.takes_liquids else _("Рідини так не надсилають: оберіть іншу доставку.")),
        GLASS: ("" if limit.takes_glass else _("Скло так не надсилають: оберіть іншу доставку.")),
        BATTERY: ("" if limit.takes_batteries else _("Акумулятори так не надсилають: оберіть іншу доставку.")),
    }
    return next((text for handling, text in refused.items() if text and handling in parcel.handling), "")


def _too_heavy(weight_kg: Decimal | None, limit: Decimal | None) -> str:
    if not weight_kg or not limit or weight_kg <= limit:
        return ""
    return _("Сюди приймають посилки до %(limit)s кг, а ваша важить %(weight)s кг.") % {
        "limit": f"{limit.normalize():f}",
        "weight": f"{weight_kg.normalize():f}",
    }


def _zone(settlement: Settlement) -> DeliveryTariff.Zone:
    is_here = settlement.slug == settings.SENDER_SETTLEMENT
    return DeliveryTariff.Zone.TOWN if is_here else DeliveryTariff.Zone.COUNTRY
