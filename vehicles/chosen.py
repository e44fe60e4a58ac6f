"""The chosen car: one object on the request, remembered in a sealed cookie."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django_htmx.middleware import HtmxDetails

from vehicles import cookie
from vehicles.garage import CustomerGarage, Garage, GarageCar, GarageFull, GuestGarage, find
from vehicles.memory import known_car
from vehicles.models import Modification


class ShopRequest(HttpRequest):
    """The request as this shop's views see it. ``htmx`` tells htmx requests apart."""

    htmx: HtmxDetails
    chosen: "ChosenCar"


class ChosenCar:
    """The car a visitor shops for, and the garage it stands in; costs neither a session nor, mostly, a query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def id(self) -> int | None:
        """Its modification's id without a query; the car may have been taken off (then ``car`` is None)."""
        return self.kept.chosen

    @property
    def car(self) -> Modification | None:
        """With all its names. Shared by all requests of the process: not to be changed."""
        return None if self.id is None else known_car(self.id)

    @property
    def key(self) -> int | None:
        """Which car of the garage it is; None where it is not in the garage."""
        return self.kept.key

    @property
    def vin(self) -> str:
        """Looked up and waiting for the choice of its car; a VIN or a frame number, or empty."""
        return self.kept.vin

    @cached_property
    def garage(self) -> Garage:
        user = getattr(self._request, "user", None)
        return CustomerGarage(user.pk) if user is not None and user.is_authenticated else GuestGarage(self)

    @cached_property
    def garage_cars(self) -> list[GarageCar]:
        """For the header; asks the database only for somebody with an account."""
        return self.garage.cars()

    @property
    def garage_car(self) -> GarageCar | None:
        """The chosen car as it stands in the garage, with its name and VIN; None where it is not there."""
        return next((car for car in self.garage_cars if car.key == self.key), None)

    def choose(self, car: Modification) -> None:
        """Shop for ``car`` and put it into the garage, with the VIN that waits for it if its owner wants that kept.

        Raises GarageFull after choosing it: a full garage keeps nobody from shopping.
        """
        vin = self.kept.vin if self.kept.keeps_vin else ""
        self.kept = replace(self.kept, chosen=car.pk, key=None, vin="", keeps_vin=False)
        self.__dict__.pop("garage_cars", None)
        key = self.garage.keep(car.pk, vin=vin)
        self.kept = replace(self.kept, key=key)

    def choose_from_garage(self, key: int) -> GarageCar | None:
        """Shop for a car of the garage; None if it is not there."""
        if found := find(self.garage, key):
            self.kept = replace(self.kept, chosen=found.car.pk, key=key)
        return found

    def forget(self) -> None:
        """Shop for no car; the garage stays as it is."""
        self.kept = replace(self.kept, chosen=None, key=None)

    def remove(self, key: int) -> None:
        """Take a car out of the garage, and forget it if it was the chosen one."""
        self.__dict__.pop("garage_cars", None)
        self.garage.remove(key)
        if key == self.key:
            self.forget()

    def look_up(self, vin: str, *, keeps: bool = False) -> None:
        """Remember a clean VIN or frame number until its car is chosen; an empty one forgets it."""
        self.kept = replace(self.kept, vin=vin, keeps_vin=keeps and bool(vin))

    def move_in(self, owner_id: int) -> bool:
        """After signing in: the cars of this browser join those of the account. False if some found no room.

        The choice itself stays what it was.
        """
        garage, has_room = CustomerGarage(owner_id), True
        keys: dict[int, int] = {}
        for car in self.kept.cars:
            try:
                keys[car.key] = garage.keep(car.modification_id, name=car.name, vin=car.vin)
            except GarageFull:
                has_room = False
        key = keys.get(self.kept.key or 0)
        if key is None:
            key = next((car.key for car in garage.cars() if car.car.pk == self.id), None)
        self.kept = replace(self.kept, cars=(), key=key)
        self.__dict__.pop("garage", None)
        self.__dict__.pop("garage_cars", None)
        return has_room

    def leave(self) -> None:
        """After signing out: nothing of this person stays in the browser."""
        self.kept = cookie.CarCookie()

    def write(self, response: HttpResponse) -> None:
        """Tell the browser what changed, and once a day begin the cookie's term anew."""
        if self.kept != self._read or cookie.is_stale(self._read):
            cookie.write(response, self.kept)

    @cached_property
    def kept(self) -> cookie.CarCookie:
        """What the browser keeps; a new value is written with the response."""
        return self._read

    @cached_property
    def _read(self) -> cookie.CarCookie:
        return cookie.read(self._request)


class ChosenCarMiddleware:
    """Puts ``request.chosen`` where every view and template finds it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ShopRequest) -> HttpResponse:
        request.chosen = ChosenCar(request)
        response = self.get_response(request)
        request.chosen.write(response)
        return response
