"""Waybills: made by a task after the commit, once per parcel, looked up when the answer was lost.

A parcel without a number says by two times how far it is:

| ``ask_at`` | ``waybill_asked_at`` | means |
| --- | --- | --- |
| empty | empty | nobody wants a waybill, or the carrier refused |
| set | empty | wanted; to be asked for then |
| set | set | a worker is asking, or its answer was lost: then it is looked up |
| empty | set | lost and not found: a person looks into the carrier's cabinet |
"""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Customer
from orders import notices, parcel_notices
from orders.errors import ParcelOnItsWay, WaybillNotMade
from orders.models import Order, OrderEvent, Shipment
from orders.shipping import WITHOUT_WAYBILL
from orders.waybill_words import GONE, words_of
from shop.delivery.carriers import carrier_client
from shop.delivery.carriers.protocol import (
    CarrierClient,
    CarrierError,
    CarrierRefused,
    CarrierUnavailable,
    OutcomeUnknown,
    Waybill,
    WaybillRequest,
)
from shop.delivery.models import PickupPoint
from shop.delivery.states import ParcelState
from shop.lib.publishing import publish
from shop.privacy.handing_over import Receiver, ReceiverKind, hand_over
from shop.privacy.models import Purpose
from shop.privacy.subjects import Subject

log = structlog.get_logger(__name__)

# Longer than any call may take: a worker that was killed while it asked leaves the row to be looked up.
_LOOK_AFTER = timedelta(minutes=2)
_MOST_PAUSE = timedelta(hours=1)
_ASK_PERSON_AFTER = 4
_FIRST_TRACKING = timedelta(minutes=30)
_AT_ONCE = 50


def has_client(shipment: Shipment) -> bool:
    """Whether the shop can make this parcel's waybill itself."""
    if shipment.order.delivery_kind in WITHOUT_WAYBILL:
        return False
    try:
        return carrier_client(shipment.carrier.code).is_on
    except LookupError:
        return False


@transaction.atomic
def request_waybill(shipment: Shipment, *, author: Customer, weight_kg: Decimal, size_cm: tuple[int, int, int]) -> None:
    """Want a waybill; a worker makes it right after the commit. ``size_cm`` is length, width, height.

    A second press changes nothing while the first is being worked on. Raises WaybillNotMade.
    """
    order = Order.objects.select_for_update().get(pk=shipment.order_id)
    parcel = Shipment.objects.select_for_update().select_related("carrier", "order").get(pk=shipment.pk)
    if parcel.state != ParcelState.LABELLED:
        raise ParcelOnItsWay
    if parcel.waybill_number:
        raise WaybillNotMade(_("Накладна вже є: %(number)s.") % {"number": parcel.waybill_number})
    if not has_client(parcel):
        raise WaybillNotMade(_("Накладні цього перевізника магазин не створює: впишіть номер із його кабінету."))
    _check_place(order)
    if parcel.ask_at is None:
        # Whatever happened before, "asked_times" makes the worker look before it asks.
        Shipment.objects.filter(pk=parcel.pk).update(
            weight_kg=weight_kg,
            length_cm=size_cm[0],
            width_cm=size_cm[1],
            height_cm=size_cm[2],
            author=author,
            waybill_asked_at=None,
            ask_at=timezone.now(),
            needs_person_since=None,
            needs_person_reason="",
        )
    _wake(parcel.pk)


def make_due_waybills() -> int:
    """From the timetable: what no worker has made yet, or whose answer was lost; the number of parcels tried."""
    due = Shipment.objects.filter(waybill_number="", state=ParcelState.LABELLED, ask_at__lte=timezone.now())
    pks = list(due.order_by("ask_at").values_list("pk", flat=True)[:_AT_ONCE])
    for pk in pks:
        create_waybill(pk)
    return len(pks)


def create_waybill(shipment_id: int) -> None:
    """One step towards the waybill of one parcel, for whoever comes first; nothing when it is not due.

    Outside of transactions. The claim is a conditional UPDATE, so two workers never ask for two waybills.
    """
    shipment = Shipment.objects.select_related(
        "carrier", "order__pickup_point", "order__settlement", "order__carrier"
    ).get(pk=shipment_id)
    now = timezone.now()
    if shipment.ask_at is None or shipment.ask_at > now or shipment.waybill_number:
        return
    if not _claim(shipment, now):
        return
    client = carrier_client(shipment.carrier.code)
    if shipment.waybill_asked_at is not None:
        _look_up_lost(shipment, client)
    else:
        _ask(shipment, client)


def _claim(shipment: Shipment, now: datetime) -> bool:
    mine = Shipment.objects.filter(
        pk=shipment.pk,
        state=ParcelState.LABELLED,
        waybill_number="",
        ask_at=shipment.ask_at,
        waybill_asked_at=shipment.waybill_asked_at,
    )
    later = now + _LOOK_AFTER
    return bool(
        mine.update(waybill_asked_at=shipment.waybill_asked_at or now, ask_at=later, asked_times=F("asked_times") + 1)
    )


def _ask(shipment: Shipment, client: CarrierClient) -> None:
    try:
        # After any earlier try there may be one already, whatever was said then.
        made = _find(shipment, client) if shipment.asked_times else None
        made = made or client.create_waybill(_request(shipment))
    except CarrierUnavailable as error:
        _try_later(shipment, error)
    except OutcomeUnknown as error:
        log.warning("waybill-outcome-unknown", shipment=shipment.pk, error=str(error))
    except CarrierRefused as error:
        _refused(shipment, error)
    else:
        _write_down(shipment, made)


def _look_up_lost(shipment: Shipment, client: CarrierClient) -> None:
    """The answer was lost. What is not in the carrier's books after all looks is for a person to decide."""
    try:
        found = _find(shipment, client)
    except CarrierError as error:
        log.warning("waybill-not-looked-up", shipment=shipment.pk, error=str(error))
        found = None
    if found is not None:
        _write_down(shipment, found)
        return
    is_last = shipment.asked_times + 1 >= _ASK_PERSON_AFTER
    ask_at = None if is_last else timezone.now() + _pause(shipment.asked_times)
    Shipment.objects.filter(pk=shipment.pk, waybill_number="").update(ask_at=ask_at)
    if is_last:
        with override("uk"):
            shipment.ask_a_person(
                _("Невідомо, чи створено накладну: перевірте в кабінеті перевізника, тоді створіть ще раз.")
            )


def _find(shipment: Shipment, client: CarrierClient) -> Waybill | None:
    return client.find_waybill(shipment.our_number, since=timezone.localdate(shipment.shipped_at))


def _try_later(shipment: Shipment, error: CarrierError) -> None:
    """Surely not taken: due again, after a growing pause."""
    Shipment.objects.filter(pk=shipment.pk, waybill_number="").update(
        waybill_asked_at=None, ask_at=timezone.now() + _pause(shipment.asked_times)
    )
    log.warning("waybill-postponed", shipment=shipment.pk, error=str(error))
    if shipment.asked_times + 1 >= _ASK_PERSON_AFTER:
        with override("uk"):
            shipment.ask_a_person(_("Перевізник не відповідає: накладну можна створити в його кабінеті."))


def _refused(shipment: Shipment, error: CarrierRefused) -> None:
    Shipment.objects.filter(pk=shipment.pk, waybill_number="").update(waybill_asked_at=None, ask_at=None)
    log.warning("waybill-refused", shipment=shipment.pk, codes=error.codes)
    with override("uk"):
        shipment.ask_a_person(words_of(error.codes))


def _write_down(shipment: Shipment, made: Waybill) -> None:
    """The number is kept, the customer is told; a parcel taken apart or numbered meanwhile has one waybill too many."""
    try:
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=shipment.order_id)
            written = Shipment.objects.filter(pk=shipment.pk, state=ParcelState.LABELLED, waybill_number="").update(
                waybill_number=made.number,
                waybill_ref=made.ref,
                carrier_price=made.price,
                expected_on=made.expected_on,
                ask_at=timezone.now() + _FIRST_TRACKING,
                asked_times=0,
                needs_person_since=None,
                needs_person_reason="",
            )
            if written:
                shipment.refresh_from_db()
                OrderEvent.objects.create(
                    order=order, kind=OrderEvent.Kind.PARCEL, author=shipment.author, note=made.number
                )
                tell_number(shipment)
    except IntegrityError as error:
        if "shipment_waybill_once" not in str(error.__cause__):
            raise
        written = 0
    if not written:
        now = Shipment.objects.get(pk=shipment.pk)
        if now.waybill_number != made.number:
            log.error("waybill-without-parcel", shipment=shipment.pk)
            with override("uk"):
                shipment.ask_a_person(
                    _("Накладна %(number)s зайва: видаліть її в кабінеті перевізника.") % {"number": made.number}
                )


def tell_number(shipment: Shipment) -> None:
    """The first number comes with the news of the parcel; another one in its place with a letter of its own."""
    order = shipment.order
    if order.messages.filter(key=f"order-shipped:{order.pk}:{shipment.pk}").exists():
        parcel_notices.renumbered(shipment)
    else:
        notices.order_shipped(order, shipment=shipment)


def delete_waybill(shipment: Shipment, *, author: Customer) -> None:
    """Have the carrier forget the waybill, before it took the parcel. Outside of transactions; harmless when repeated.

    Raises ParcelOnItsWay and WaybillNotMade.
    """
    if shipment.state != ParcelState.LABELLED:
        raise ParcelOnItsWay
    if not shipment.waybill_ref:
        raise WaybillNotMade(_("Цю накладну створено не тут: видаліть її в кабінеті перевізника."))
    try:
        carrier_client(shipment.carrier.code).delete_waybill(shipment.waybill_ref)
    except CarrierRefused as error:
        if not GONE.intersection(error.codes):
            raise WaybillNotMade(words_of(error.codes)) from error
    except CarrierError as error:
        raise WaybillNotMade(_("Перевізник не відповідає. Спробуйте за хвилину.")) from error
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=shipment.order_id)
        forgotten = Shipment.objects.filter(pk=shipment.pk, waybill_ref=shipment.waybill_ref).update(
            waybill_number="",
            waybill_ref="",
            waybill_asked_at=None,
            carrier_price=None,
            ask_at=None,
            asked_times=0,
            needs_person_since=None,
            needs_person_reason="",
        )
        if forgotten:
            said = f"Накладну {shipment.waybill_number} видалено"
            OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.PARCEL, author=author, note=said)


def label_pdf(shipment: Shipment) -> bytes:
    """The label to be stuck on the parcel. Outside of transactions. Raises WaybillNotMade."""
    if not shipment.waybill_ref:
        raise WaybillNotMade(_("Етикетка є лише в накладних, створених тут."))
    try:
        return carrier_client(shipment.carrier.code).label(shipment.waybill_ref)
    except CarrierRefused as error:
        raise WaybillNotMade(words_of(error.codes)) from error
    except CarrierError as error:
        raise WaybillNotMade(_("Перевізник не дав етикетки. Спробуйте за хвилину.")) from error


def _check_place(order: Order) -> None:
    point = order.pickup_point
    if point is not None and not point.city_ref:
        raise WaybillNotMade(
            _("Цього відділення немає в довіднику перевізника: оновіть довідник або впишіть номер вручну.")
        )


def _request(shipment: Shipment) -> WaybillRequest:
    """What the carrier gets, written down as handed over."""
    order, point = shipment.order, shipment.order.pickup_point
    address = ", ".join(filter(None, (order.street, order.house, order.flat)))
    data: dict[str, Any] = hand_over(
        {
            "surname": order.surname,
            "given_name": order.given_name,
            "patronymic": order.patronymic,
            "phone": str(order.phone),
            "settlement": order.settlement.name_uk,
            "pickup_point": point.code if point else "",
            "address": "" if point else address,
            "declared_value": str(shipment.declared_value or ""),
        },
        receiver=Receiver(ReceiverKind.CARRIER, shipment.carrier.name_uk),
        purpose=Purpose.DELIVERY,
        subject=Subject("order", str(order.pk)),
    )
    is_to_door = point is None
    return WaybillRequest(
        our_number=shipment.our_number,
        city_ref=point.city_ref if point else "",
        point_ref=data.get("pickup_point", ""),
        is_locker=point is not None and point.kind == PickupPoint.Kind.LOCKER,
        surname=data["surname"],
        given_name=data["given_name"],
        patronymic=data.get("patronymic", ""),
        phone=data["phone"],
        weight_kg=shipment.weight_kg or Decimal(1),
        size_cm=(
            Decimal(shipment.width_cm or 1),
            Decimal(shipment.length_cm or 1),
            Decimal(shipment.height_cm or 1),
        ),
        description="Автозапчастини",
        declared_value=shipment.declared_value or Decimal(0),
        cash_on_delivery=shipment.cash_on_delivery,
        settlement_uk=data["settlement"],
        oblast_uk=order.settlement.oblast_uk,
        street=order.street if is_to_door else "",
        house=order.house if is_to_door else "",
        flat=order.flat if is_to_door else "",
    )


def _pause(asked_times: int) -> timedelta:
    pause: timedelta = timedelta(minutes=1) * 2 ** min(asked_times, 6)
    return min(pause, _MOST_PAUSE)


def _wake(shipment_id: int) -> None:
    from orders.tasks import make_waybill  # the tasks import what they do

    transaction.on_commit(partial(publish, make_waybill, shipment_id), robust=True)
