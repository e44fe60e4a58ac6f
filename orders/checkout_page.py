"""What the checkout shows: the basket, where to, how it is delivered and paid, what comes out, and for which car."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from accounts.models import Customer
from orders.checkout import CARRIER_OF, lines_hash
from orders.checkout_form import CheckoutForm, car_of, car_text
from orders.delivery_choice import DeliveryChoice
from orders.errors import BasketChanged, OrdersError, TooManyOrders
from orders.models import TO_THE_DOOR, Basket, DeliveryKind, Order, PaymentKind
from orders.overview import BasketOverview
from orders.placement import offer_in_force
from orders.terms import Terms, Wish, terms_of
from shop.delivery.models import PickupPoint
from shop.delivery.places import stores
from vehicles.chosen import ShopRequest
from vehicles.models import Modification

_VIN_LENGTH = 17
# What may be sent while choosing: nothing of it says who the buyer is.
CHOOSING = ("town", "settlement", "delivery_kind", "point_like", "pickup_point", "store", "payment_kind")


def customer_of(request: ShopRequest) -> Customer | None:
    return request.user if request.user.is_authenticated else None


def first_values(request: ShopRequest, overview: BasketOverview) -> dict[str, object]:
    """What the form begins with: the person's own data, the delivery of the order before, the car of the parts."""
    car = _car_of_parts(overview, request)
    values: dict[str, object] = {"car": car_text(car), "modification": str(car.pk) if car else ""}
    kept = request.chosen.garage_car
    if car and kept and kept.car.pk == car.pk and len(kept.vin) == _VIN_LENGTH:
        values["vin"] = kept.vin
    if customer := customer_of(request):
        names = ("surname", "given_name", "patronymic", "email")
        values |= {name: getattr(customer, name) for name in names} | {"phone": str(customer.phone)}
        values |= _as_last_time(customer)
    return values


def typed_values(data: QueryDict) -> dict[str, object]:
    """What was typed so far, as the form's beginning: nothing is checked yet."""
    values: dict[str, object] = {name: str(data[name]) for name in CheckoutForm.base_fields if name in data}
    return values | {"wants_fit_check": bool(data.get("wants_fit_check"))}


def checkout_context(
    request: ShopRequest, basket: Basket, form: CheckoutForm, *, refusal: OrdersError | None = None
) -> dict[str, Any]:
    """For the page and for its parts. The prices that it shows count as seen: sending the form is the agreement."""
    overview = BasketOverview.of(basket)
    if refusal is None and is_changed_elsewhere(request, overview):
        refusal = BasketChanged()
    changes = [(shown, shown.line.price_seen, shown.checked.price) for shown in overview.changed]
    overview.agree()
    basket.refresh_from_db(fields=["placement_key"])
    # Until the form is sent nothing is checked: a way that there is not is none.
    kind = _value(form, "delivery_kind")
    kind = kind if kind in DeliveryKind else DeliveryKind.NOVA_POSHTA
    choice = DeliveryChoice.of(
        _value(form, "town"),
        _value(form, "settlement"),
        delivery_kind=kind,
        point_like=_value(form, "point_like"),
        point_id=_value(form, "pickup_point"),
    )
    counters = stores()
    terms = _terms(request, overview, form, choice, counters)
    return {
        "form": form,
        "basket": overview,
        "changes": changes,
        "refusal": refusal,
        "is_too_often": isinstance(refusal, TooManyOrders),
        "key": basket.placement_key,
        "shown_lines": lines_hash(shown.line for shown in overview.lines),
        "terms": terms,
        "shown": {
            "total": f"{terms.total:.2f}",
            "delivery": f"{terms.delivery_total:.2f}",
            "prepayment": f"{terms.prepayment:.2f}",
        },
        "offer": offer_in_force(),
        "choice": choice,
        "is_to_the_door": kind in TO_THE_DOOR,
        "is_pickup": kind == DeliveryKind.PICKUP,
        "stores": counters,
        "on_delivery": PaymentKind.ON_DELIVERY,
    }


def is_changed_elsewhere(request: ShopRequest, overview: BasketOverview) -> bool:
    """Whether the page that was sent showed other lines; a look for a town or a mistyped name may not hide that."""
    if request.method != "POST" or "fit" in request.POST:
        return False
    return request.POST.get("shown_lines") != lines_hash(shown.line for shown in overview.lines)


def _terms(
    request: ShopRequest,
    overview: BasketOverview,
    form: CheckoutForm,
    choice: DeliveryChoice,
    counters: list[PickupPoint],
) -> Terms:
    # Until the form is sent nothing is checked: a way that there is not is none.
    kind = _value(form, "delivery_kind")
    kind = kind if kind in DeliveryKind else DeliveryKind.NOVA_POSHTA
    points = counters if kind == DeliveryKind.PICKUP else choice.points
    wanted = _value(form, "store" if kind == DeliveryKind.PICKUP else "pickup_point")
    wish = Wish(
        settlement=choice.town,
        delivery_kind=kind,
        point=next((point for point in points if str(point.pk) == wanted), None),
        payment_kind=_value(form, "payment_kind"),
    )
    return terms_of([shown.checked for shown in overview.lines], wish, customer=customer_of(request))


def _value(form: CheckoutForm, name: str) -> str:
    return str(form[name].value() or "")


def _car_of_parts(overview: BasketOverview, request: ShopRequest) -> Modification | None:
    """The one car that all parts are for, else the chosen one."""
    cars = {shown.line.modification_id for shown in overview.lines if shown.line.modification_id}
    if len(cars) == 1:
        return car_of(str(cars.pop()))
    return request.chosen.car


def _as_last_time(customer: Customer) -> Mapping[str, object]:
    """Where and how the customer's last order went; points that have closed since are left out by the page."""
    last = Order.objects.filter(customer=customer).select_related("settlement").first()
    if last is None or last.delivery_kind not in CARRIER_OF:
        return {}
    point = "store" if last.is_pickup else "pickup_point"
    return {
        "delivery_kind": last.delivery_kind,
        "town": last.settlement.name,
        "settlement": str(last.settlement_id),
        point: str(last.pickup_point_id or ""),
        "street": last.street,
        "house": last.house,
        "flat": last.flat,
        "payment_kind": last.payment_kind,
    }
