"""The part of the checkout that asks where to: a town, then its branches and lockers; or one of our stores."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.checkout import CARRIER_OF
from orders.checkout_form import is_id
from orders.models import TO_THE_DOOR, DeliveryKind
from shop.delivery.models import Carrier, PickupPoint, Settlement
from shop.delivery.places import points_in, points_like, towns_like, towns_near, unserved_town
from shop.lib.sorting import ukrainian_sort_key


@dataclass(frozen=True)
class DeliveryChoice:
    """``town`` once it is clear, with its ``points``; until then ``towns`` to choose from, or ``near`` ones when the
    carrier has no points in the ``unserved`` town.
    """

    typed: str
    town: Settlement | None = None
    points: Sequence[PickupPoint] = ()
    towns: Sequence[Settlement] = ()
    unserved: Settlement | None = None
    near: Sequence[Settlement] = ()
    point_like: str = ""
    has_more: bool = False

    @classmethod
    def of(
        cls,
        typed: str,
        settlement_id: str,
        *,
        delivery_kind: str = DeliveryKind.NOVA_POSHTA,
        point_like: str | None = None,
        point_id: str = "",
    ) -> "DeliveryChoice":
        """A chosen settlement counts while its name still begins as typed; typing on means another town.
        So does a neighbour of a town without points.

        Points are those of the carrier of ``delivery_kind``; what goes to a door, and what is collected, needs none.
        With ``point_like`` only the first that it means, and that of ``point_id``; without it, all.
        """
        carrier = CARRIER_OF.get(delivery_kind, Carrier.NOVA_POSHTA)
        has_points = delivery_kind not in TO_THE_DOOR | {DeliveryKind.PICKUP}
        typed = "".join(letter for letter in typed[:100] if letter.isprintable())

        def chosen(town: Settlement) -> DeliveryChoice:
            if not has_points:
                return cls(typed, town)
            if point_like is None:
                return cls(typed, town, points_in(town, carrier_code=carrier))
            wanted = "".join(letter for letter in point_like[:60] if letter.isprintable())
            points, has_more = points_like(wanted, town, carrier_code=carrier, chosen=point_id)
            return cls(typed, town, points, point_like=wanted, has_more=has_more)

        town = Settlement.objects.filter(pk=int(settlement_id)).first() if is_id(settlement_id) else None
        if town and _is_called(town, typed):
            return chosen(town)
        towns = towns_like(typed, carrier_code=Carrier.NOVA_POSHTA)
        if len(towns) == 1:
            return chosen(towns[0])
        if not towns and (unserved := unserved_town(typed)):
            near = towns_near(unserved, carrier_code=Carrier.NOVA_POSHTA)
            if town in near:
                return chosen(town)
            return cls(typed, unserved=unserved, near=near)
        return cls(typed, towns=towns)

    @property
    def branches(self) -> list[PickupPoint]:
        return [point for point in self.points if point.kind == PickupPoint.Kind.BRANCH]

    @property
    def lockers(self) -> list[PickupPoint]:
        return [point for point in self.points if point.kind == PickupPoint.Kind.LOCKER]


def _is_called(town: Settlement, typed: str) -> bool:
    name = typed.split("(")[0].split(",")[0].strip()
    return town.name_sort.startswith(ukrainian_sort_key(name)) or town.name_en.casefold().startswith(name.casefold())
