"""The chosen car: one object on the request, remembered in the session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django_htmx.middleware import HtmxDetails

from vehicles.models import Modification

SESSION_KEY = "car"


class ShopRequest(HttpRequest):
    """The request as this shop's views see it. ``htmx`` tells htmx requests apart."""

    htmx: HtmxDetails
    chosen: "ChosenCar"


class ChosenCar:
    """The car a visitor shops for; read from the database at the first look only."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session

    @property
    def id(self) -> int | None:
        """Its modification's id without a query; the row may be gone (then ``car`` is None)."""
        value: int | None = self._session.get(SESSION_KEY)
        return value

    @cached_property
    def car(self) -> Modification | None:
        if self.id is None:
            return None
        return Modification.objects.active().with_names().filter(pk=self.id).first()

    def choose(self, car: Modification) -> None:
        self._session[SESSION_KEY] = car.pk
        self.car = car

    def forget(self) -> None:
        self._session.pop(SESSION_KEY, None)
        self.car = None


class ChosenCarMiddleware:
    """Puts ``request.chosen`` where every view and template finds it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ShopRequest) -> HttpResponse:
        request.chosen = ChosenCar(request)
        return self.get_response(request)
