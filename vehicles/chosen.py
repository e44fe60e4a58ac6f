"""The chosen car: one object on the request, remembered in a sealed cookie."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django_htmx.middleware import HtmxDetails

from vehicles import cookie
from vehicles.memory import known_car
from vehicles.models import Modification


class ShopRequest(HttpRequest):
    """The request as this shop's views see it. ``htmx`` tells htmx requests apart."""

    htmx: HtmxDetails
    chosen: "ChosenCar"


class ChosenCar:
    """The car a visitor shops for; costs neither a session nor, mostly, a query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _read(self) -> cookie.CarCookie:
        return cookie.read(self._request)

    @cached_property
    def kept(self) -> cookie.CarCookie:
        """What the browser keeps; assign a new one to have it written."""
        return self._read

    @property
    def id(self) -> int | None:
        """Its modification's id without a query; the car may have been taken off (then ``car`` is None)."""
        return self.kept.chosen

    @property
    def car(self) -> Modification | None:
        """With all its names. Shared by all requests of the process: not to be changed."""
        return None if self.id is None else known_car(self.id)

    def choose(self, car: Modification) -> None:
        self.kept = replace(self.kept, chosen=car.pk, key=None)

    def forget(self) -> None:
        self.kept = replace(self.kept, chosen=None, key=None)

    def write(self, response: HttpResponse) -> None:
        """Tell the browser what changed, and once a day begin the cookie's term anew."""
        if self.kept != self._read or cookie.is_stale(self._read):
            cookie.write(response, self.kept)


class ChosenCarMiddleware:
    """Puts ``request.chosen`` where every view and template finds it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ShopRequest) -> HttpResponse:
        request.chosen = ChosenCar(request)
        response = self.get_response(request)
        request.chosen.write(response)
        return response
