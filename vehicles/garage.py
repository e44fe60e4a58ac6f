"""The garage: the cars of one visitor. Rows for somebody with an account, the sealed cookie for everybody else."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from django.db import transaction

from shop.lib.crypto import keyed_hash
from vehicles.cookie import CookieCar
from vehicles.memory import known_cars
from vehicles.models import GarageVehicle, Modification
from vehicles.vin import masked

if TYPE_CHECKING:
    from vehicles.chosen import ChosenCar

# Enough for a small workshop, and as much as a cookie holds with names of this length.
LIMIT: Final = 20
LONGEST_NAME: Final = 30
_LONGEST_NAME_BYTES: Final = 60


class GarageFull(Exception):
    """There are LIMIT cars already."""


@dataclass(frozen=True, slots=True)
class GarageCar:
    """One car as pages show it. ``key`` names it within its garage; ``vin`` may be a frame number or empty."""

    key: int
    car: Modification
    name: str = ""
    vin: str = ""

    @property
    def label(self) -> str:
        return self.name or self.car.short_name()

    @property
    def masked_vin(self) -> str:
        return masked(self.vin)


class Garage(Protocol):
    """Keys of others are simply not there: what is asked about them changes nothing and answers None."""

    def cars(self) -> list[GarageCar]:
        """In the order they came; those taken off since are left out."""

    def keep(self, modification_id: int, *, name: str = "", vin: str = "") -> int:
        """Its key. The same car twice is one, and a VIN joins its car that had none. Raises GarageFull."""

    def describe(self, key: int, *, name: str, vin: str) -> None: ...

    def remove(self, key: int) -> None: ...


def find(garage: Garage, key: int) -> GarageCar | None:
    return next((car for car in garage.cars() if car.key == key), None)


class GuestGarage:
    """In the cookie of the visitor's browser."""

    def __init__(self, chosen: "ChosenCar") -> None:
        self._chosen = chosen

    def cars(self) -> list[GarageCar]:
        rows = self._rows
        known = known_cars([row.modification_id for row in rows]) if rows else {}
        return [
            GarageCar(row.key, known[row.modification_id], row.name, row.vin)
            for row in rows
            if row.modification_id in known
        ]

    def keep(self, modification_id: int, *, name: str = "", vin: str = "") -> int:
        for row in self._rows:
            if row.modification_id == modification_id and vin in ("", row.vin):
                return row.key
            if row.modification_id == modification_id and not row.vin:
                self.describe(row.key, name=row.name or name, vin=vin)
                return row.key
        if len(self._rows) >= LIMIT:
            raise GarageFull
        key = max((row.key for row in self._rows), default=0) + 1
        self._rows = (*self._rows, CookieCar(key, modification_id, _short(name), vin))
        return key

    def describe(self, key: int, *, name: str, vin: str) -> None:
        self._rows = tuple(replace(row, name=_short(name), vin=vin) if row.key == key else row for row in self._rows)

    def remove(self, key: int) -> None:
        self._rows = tuple(row for row in self._rows if row.key != key)

    @property
    def _rows(self) -> tuple[CookieCar, ...]:
        return self._chosen.kept.cars

    @_rows.setter
    def _rows(self, rows: tuple[CookieCar, ...]) -> None:
        self._chosen.kept = replace(self._chosen.kept, cars=rows)


class CustomerGarage:
    """Rows of one customer; nobody else's can be reached through it."""

    def __init__(self, owner_id: int) -> None:
        self._owner_id = owner_id

    def cars(self) -> list[GarageCar]:
        rows = list(GarageVehicle.objects.filter(owner=self._owner_id))
        known = known_cars([row.modification_id for row in rows])
        return [
            GarageCar(row.pk, known[row.modification_id], row.name, row.vin or "")
            for row in rows
            if row.modification_id in known
        ]

    @transaction.atomic
    def keep(self, modification_id: int, *, name: str = "", vin: str = "") -> int:
        rows = self._locked()
        same = [row for row in rows if row.modification_id == modification_id]
        for row in same:
            if vin in ("", row.vin):
                return row.pk
        for row in same:
            if not row.vin:
                self.describe(row.pk, name=row.name or name, vin=vin)
                return row.pk
        if len(rows) >= LIMIT:
            raise GarageFull
        return GarageVehicle.objects.create(
            owner_id=self._owner_id,
            modification_id=modification_id,
            name=name[:LONGEST_NAME],
            vin=vin,
            vin_hash=_hash(vin),
        ).pk

    @transaction.atomic
    def describe(self, key: int, *, name: str, vin: str) -> None:
        rows = {row.pk: row for row in self._locked()}
        row = rows.pop(key, None)
        if row is None:
            return
        for other in rows.values():
            # With this VIN it is the car that is there already.
            if (other.modification_id, other.vin) == (row.modification_id, vin):
                other.delete()
        row.name, row.vin, row.vin_hash = name[:LONGEST_NAME], vin, _hash(vin)
        row.save(update_fields=["name", "vin", "vin_hash"])

    def remove(self, key: int) -> None:
        GarageVehicle.objects.filter(owner=self._owner_id, pk=key).delete()

    def _locked(self) -> list[GarageVehicle]:
        """All cars, while nobody else adds one: the limit and the constraint are kept by asking first."""
        owner = GarageVehicle._meta.get_field("owner").related_model
        owner._default_manager.select_for_update(no_key=True).filter(pk=self._owner_id).first()
        return list(GarageVehicle.objects.filter(owner=self._owner_id))


def _short(name: str) -> str:
    """What a cookie has room for: thirty Ukrainian letters, fewer emoji."""
    return name[:LONGEST_NAME].encode()[:_LONGEST_NAME_BYTES].decode(errors="ignore")


def _hash(vin: str) -> str:
    return keyed_hash("vin", vin) if vin else ""
