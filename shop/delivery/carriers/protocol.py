"""What the shop needs of a carrier, and how one may answer. One module per carrier keeps to this.

Callers write personal data down with hand_over() first, and call from tasks, outside transactions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from shop.delivery.states import ParcelState


@dataclass(frozen=True)
class FoundPoint:
    """A branch or locker as the carrier's directory has it; the two refs of a town are different things."""

    ref: str
    number: str
    kind: str
    name_uk: str
    address_uk: str
    city_ref: str
    settlement_ref: str
    settlement_uk: str
    max_weight_kg: Decimal | None
    is_open: bool
    oblast_uk: str = ""
    district_uk: str = ""
    lat: Decimal | None = None
    lon: Decimal | None = None


@dataclass(frozen=True)
class WaybillRequest:
    """A parcel from our branch to a branch or locker, or to a door: then ``point_ref`` is empty and the address is
    there. Sums in hryvnias, sizes in centimetres.

    ``our_number`` is of this parcel alone: by it a waybill is found whose answer was lost.
    """

    our_number: str
    city_ref: str
    point_ref: str
    is_locker: bool
    surname: str
    given_name: str
    patronymic: str
    phone: str
    weight_kg: Decimal
    size_cm: tuple[Decimal, Decimal, Decimal]
    description: str
    declared_value: Decimal
    cash_on_delivery: Decimal
    settlement_uk: str = ""
    oblast_uk: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""

    @property
    def is_to_door(self) -> bool:
        return bool(self.street) and not self.point_ref


@dataclass(frozen=True)
class Waybill:
    """``ref`` is the carrier's own key, needed to delete it."""

    number: str
    ref: str
    price: Decimal | None = None
    expected_on: date | None = None


@dataclass(frozen=True)
class ParcelNews:
    """What the carrier says of one parcel; ``state`` is None for codes that we do not know, ``code`` is as it came."""

    number: str
    code: str
    text: str
    state: ParcelState | None
    happened_at: datetime | None = None
    expected_on: date | None = None
    paid_storage_from: date | None = None
    return_number: str = ""


class CarrierError(Exception):
    """Base of what may go wrong with a carrier; holds codes, never personal data."""


class CarrierUnavailable(CarrierError):
    """Surely nothing happened: refused connection, too many requests, wrong key."""


class OutcomeUnknown(CarrierError):
    """It may have happened: a time-out after sending, a page of HTML in place of an answer."""


class CarrierRefused(CarrierError):
    """The carrier said no; ``codes`` are its own."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


class CarrierClient(Protocol):
    @property
    def is_on(self) -> bool:
        """Whether its keys are there."""

    def directory(self) -> Iterator[FoundPoint]:
        """Every point, page by page."""

    def price(
        self, *, city_ref: str, weight_kg: Decimal, value: Decimal, point_ref: str = "", is_to_door: bool = False
    ) -> Decimal:
        """In hryvnias, from our branch to a branch or a door; some carriers need the point as well as its city."""

    def create_waybill(self, asked: WaybillRequest) -> Waybill:
        """Raises OutcomeUnknown when there may be a waybill now: look it up before asking again; and CarrierRefused
        with the code ``door`` where waybills to a door are made by hand."""

    def find_waybill(self, our_number: str, *, since: date) -> Waybill | None:
        """The waybill made for our number since that day."""

    def delete_waybill(self, ref: str) -> None:
        """Before the carrier took the parcel; raises CarrierRefused afterwards."""

    def label(self, ref: str) -> bytes:
        """A PDF to be stuck on the parcel."""

    def track(self, numbers: Sequence[str]) -> list[ParcelNews]:
        """Any count of numbers; those the carrier does not mention are left out."""
