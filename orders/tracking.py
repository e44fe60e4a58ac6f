"""Where parcels are: carriers are asked in turn, and what they say changes parcels, orders and what customers know."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Case, DurationField, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import override

from orders import parcel_notices
from orders.completion import complete_order
from orders.models import Order, OrderEvent, Shipment, Status
from orders.models.shipment import PARCEL_MOVES
from shop.delivery.carriers import carrier_client, carriers_that_are_on
from shop.delivery.carriers.protocol import CarrierError, ParcelNews
from shop.delivery.models import Carrier
from shop.delivery.states import ParcelState
from shop.lib.money import format_money

log = structlog.get_logger(__name__)

# Numbers in one call, and calls of one carrier in one run: the rest is due at the next tick.
_BATCH = 100
_MOST_BATCHES = 10
_INTERVALS = {
    ParcelState.OUT_FOR_DELIVERY: timedelta(minutes=30),
    ParcelState.RETURNING: timedelta(hours=6),
    # Its receiver has it, its money is still with the carrier.
    ParcelState.DELIVERED: timedelta(hours=12),
}
_INTERVAL = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=60)
# Nova Poshta does not know a number at once, and tells by codes of its own where the money for the goods is.
_NOT_FOUND = (Carrier.NOVA_POSHTA, "3")
_FRESH = timedelta(days=1)
_MONEY_PAID_OUT = (Carrier.NOVA_POSHTA, "11")
_TELLS_OF_MONEY = frozenset({Carrier.NOVA_POSHTA})


def track_due_shipments() -> int:
    """Ask every carrier that is on about its parcels that are due; how many were asked about."""
    return sum(track_of(code) for code in carriers_that_are_on())


def track_of(code: str) -> int:
    """The due parcels of one carrier, by batches; it ends at the first call that fails. Outside of transactions."""
    client, asked = carrier_client(code), 0
    for _batch in range(_MOST_BATCHES):
        leased = _lease(code)
        if not leased:
            break
        asked += len(leased)
        try:
            heard = client.track(list(leased))
        except CarrierError as error:
            log.warning("parcels-not-tracked", carrier=code, parcels=len(leased), error=str(error))
            break
        for news in heard:
            if news.number in leased:
                apply_news(leased[news.number], news)
    return asked


def _lease(code: str) -> dict[str, int]:
    """Number to parcel of a batch; whoever moves the time of its next look has it, a second worker skips it."""
    now = timezone.now()
    with transaction.atomic():
        due = (
            Shipment.objects.filter(carrier__code=code, ask_at__lte=now)
            .exclude(waybill_number="")
            .order_by("ask_at")
            .select_for_update(skip_locked=True, of=("self",))
        )
        parcels = list(due.only("pk", "waybill_number", "return_number")[:_BATCH])
        Shipment.objects.filter(pk__in=[parcel.pk for parcel in parcels]).update(
            ask_at=Now() + _next_look(), asked_times=F("asked_times") + 1
        )
    _give_up_on([parcel.pk for parcel in parcels], now)
    return {parcel.number_to_track: parcel.pk for parcel in parcels}


def _next_look() -> Case:
    whens = [When(state=state, then=Value(interval)) for state, interval in _INTERVALS.items()]
    return Case(*whens, default=Value(_INTERVAL), output_field=DurationField())


def _give_up_on(pks: list[int], now: datetime) -> None:
    """Asked this time and not again: nobody's parcel is on its way for so long."""
    for parcel in Shipment.objects.filter(pk__in=pks, shipped_at__lt=now - _GIVE_UP_AFTER):
        Shipment.objects.filter(pk=parcel.pk).update(ask_at=None)
        parcel.ask_a_person("Посилка в дорозі понад 60 днів: з’ясуйте в перевізника, більше ми не питаємо.")


@transaction.atomic
def apply_news(shipment_id: int, news: ParcelNews) -> None:
    """Take a carrier's word about a parcel. The same word twice, or an older one, changes nothing."""
    order_id = Shipment.objects.values_list("order_id", flat=True).get(pk=shipment_id)
    order = Order.objects.select_for_update().get(pk=order_id)
    shipment = Shipment.objects.select_for_update(of=("self",)).select_related("carrier").get(pk=shipment_id)
    shipment.order = order
    if _is_old(shipment, news):
        return
    was, said_before = ParcelState(shipment.state), shipment.state_code
    shipment.state_code, shipment.state_text = news.code, news.text
    shipment.state_at = news.happened_at or shipment.state_at or timezone.now()
    shipment.expected_on = news.expected_on or shipment.expected_on
    if news.return_number and news.state is ParcelState.RETURNING:
        shipment.return_number = news.return_number[:40]
    if news.paid_storage_from:
        shipment.storage_ends_on = news.paid_storage_from - timedelta(days=1)
    shipment.save(
        update_fields=["state_code", "state_text", "state_at", "expected_on", "return_number", "storage_ends_on"]
    )
    with override("uk"):
        _move(shipment, was, _meant(shipment, was, news), is_new=news.code != said_before)
        _follow_money(shipment, is_new=news.code != said_before)
        if news.return_number and shipment.state == ParcelState.DELIVERED and news.code != said_before:
            shipment.ask_a_person(f"Покупець надсилає деталі назад: накладна {news.return_number[:40]}.")


def _is_old(shipment: Shipment, news: ParcelNews) -> bool:
    """About a number that is no more the parcel's, or from before what we know."""
    if news.number != shipment.number_to_track:
        return True
    return bool(news.happened_at and shipment.state_at and news.happened_at < shipment.state_at)


def _meant(shipment: Shipment, was: ParcelState, news: ParcelNews) -> ParcelState | None:
    """The number of the way back is "delivered" when the parcel is with us."""
    if shipment.return_number and news.number == shipment.return_number:
        return ParcelState.RETURNED if news.state is ParcelState.DELIVERED else was
    return news.state


def _move(shipment: Shipment, was: ParcelState, state: ParcelState | None, *, is_new: bool) -> None:
    if state is None:
        if is_new:
            _unknown(shipment)
    elif state is ParcelState.CANCELLED:
        # Taking a parcel apart is an act of ours; here only its paper is gone.
        if is_new and was is not ParcelState.CANCELLED:
            Shipment.objects.filter(pk=shipment.pk).update(ask_at=None)
            shipment.ask_a_person("Накладну видалено в кабінеті перевізника: створіть нову або розберіть посилку.")
    elif state is not was:
        if was in PARCEL_MOVES.get(state, ()):
            _moved(shipment, state)
        elif is_new and state.is_final:
            shipment.ask_a_person(f"Було «{was.label}», а перевізник каже: «{shipment.state_text}». З’ясуйте.")


def _unknown(shipment: Shipment) -> None:
    if (shipment.carrier.code, shipment.state_code) == _NOT_FOUND:
        if timezone.now() - (shipment.waybill_asked_at or shipment.shipped_at) > _FRESH:
            shipment.ask_a_person("Перевізник не знає такої накладної: перевірте номер.")
        else:
            # So that the same word is heard again when the number is not fresh any more.
            Shipment.objects.filter(pk=shipment.pk).update(state_code="")
        return
    shipment.ask_a_person(f"Невідомий стан посилки: «{shipment.state_text}» ({shipment.state_code}).")


def _moved(shipment: Shipment, state: ParcelState) -> None:
    happened_at = shipment.state_at
    fields: dict[str, object] = {}
    if state is ParcelState.READY:
        fields["arrived_at"] = shipment.arrived_at or happened_at
    elif state is ParcelState.DELIVERED:
        fields["delivered_at"] = happened_at
    if state.is_final and not (state is ParcelState.DELIVERED and _owes_money(shipment)):
        fields["ask_at"] = None
    shipment.move_to(state, **fields)
    note = f"{shipment.waybill_number}: {state.label}"
    OrderEvent.objects.create(order=shipment.order, kind=OrderEvent.Kind.PARCEL, note=note)
    match state:
        case ParcelState.READY:
            parcel_notices.arrived(shipment)
        case ParcelState.PROBLEM:
            parcel_notices.not_handed_over(shipment)
            shipment.ask_a_person(f"Не вдалося вручити: «{shipment.state_text}». Зателефонуйте покупцеві.")
        case ParcelState.RETURNING:
            parcel_notices.returning(shipment)
            shipment.ask_a_person(f"Посилка повертається: «{shipment.state_text}». Зв’яжіться з покупцем.")
        case ParcelState.RETURNED:
            shipment.ask_a_person("Посилка повернулася: прийміть деталі на полицю й домовтеся з покупцем про гроші.")
        case ParcelState.DELIVERED:
            Shipment.objects.filter(pk=shipment.pk).update(needs_person_since=None, needs_person_reason="")
            _complete(shipment.order)


def _complete(order: Order) -> None:
    """The order is done when every parcel of it is with the customer."""
    parcels = order.shipments.exclude(state=ParcelState.CANCELLED)
    if order.status == Status.SHIPPED and not parcels.exclude(state=ParcelState.DELIVERED).exists():
        complete_order(order, author=None)


def _owes_money(shipment: Shipment) -> bool:
    """Whether its carrier will still tell that it paid out what it took for the goods."""
    code = shipment.carrier.code
    is_paid_out = (code, shipment.state_code) == _MONEY_PAID_OUT
    return bool(shipment.cash_on_delivery and code in _TELLS_OF_MONEY and not is_paid_out)


def _follow_money(shipment: Shipment, *, is_new: bool) -> None:
    """Nova Poshta says "received" (9), "its money is on the way" (10) and "paid out" (11)."""
    if not is_new or shipment.state != ParcelState.DELIVERED or not shipment.cash_on_delivery:
        return
    sum_, number = format_money(shipment.cash_on_delivery), shipment.waybill_number
    if (shipment.carrier.code, shipment.state_code) == _MONEY_PAID_OUT:
        Shipment.objects.filter(pk=shipment.pk).update(ask_at=None)
        note = f"{number}: перевізник виплатив {sum_}"
        shipment.ask_a_person(f"Перевізник виплатив {sum_}: звірте з випискою та запишіть надходження.")
    elif shipment.carrier.code in _TELLS_OF_MONEY:
        if shipment.order.events.filter(note__startswith=f"{number}: гроші").exists():
            return
        note = f"{number}: гроші ({sum_}) у перевізника"
    else:
        note = f"{number}: гроші ({sum_}) у перевізника"
        shipment.ask_a_person(f"Покупець заплатив перевізникові {sum_}: дочекайтеся виплати й запишіть її.")
    OrderEvent.objects.create(order=shipment.order, kind=OrderEvent.Kind.PARCEL, note=note)


def remind_of_waiting_parcels() -> int:
    """Twice a day: who has not come for a parcel until its last free day but one; how many were reminded."""
    today = timezone.localdate()
    waiting = Shipment.objects.filter(
        Q(arrived_at__isnull=True) | Q(arrived_at__date__lt=today),
        state=ParcelState.READY,
        reminded_at__isnull=True,
        storage_ends_on__range=(today, today + timedelta(days=1)),
    )
    return sum(map(_remind, list(waiting.values_list("pk", flat=True))))


@transaction.atomic
def _remind(shipment_id: int) -> bool:
    """Once, and only of one that still waits: the row says so in the moment of writing."""
    mine = Shipment.objects.filter(pk=shipment_id, state=ParcelState.READY, reminded_at__isnull=True)
    if not mine.update(reminded_at=timezone.now()):
        return False
    parcel_notices.storage_ends(Shipment.objects.select_related("order", "carrier").get(pk=shipment_id))
    return True
