"""Placing: a basket becomes an order, once."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from orders import notices
from orders.checkout import CheckoutData, lines_hash
from orders.errors import BasketChanged, BasketEmpty, OrderChanged, OutOfStock, PriceChange, PriceChanged
from orders.models import Basket, Hold, Order, OrderEvent, OrderLine
from orders.models.order import PaymentKind, new_number
from orders.recheck import CheckedLine, recheck
from shop.lib.crypto import keyed_hash
from shop.lib.statements import Found
from shop.offers import errors as offers_errors
from shop.offers.models import StockItem
from shop.offers.shelf import refresh_shelf
from shop.privacy.models import Consent, LegalDocument

# Own pieces wait this long for the money of an invoice; an order paid on delivery waits for its confirmation.
INVOICE_HOLD = timedelta(hours=48)
_NUMBER_TRIES = 5


def place_order(basket: Basket, checkout: CheckoutData, *, shown_total: Decimal) -> Order:
    """Turn a basket into an order, hold its pieces and write the messages.

    ``shown_total`` is the sum the customer agreed to, taxes included. The basket's placement key makes a
    second click give back the same order. Raises BasketEmpty, BasketChanged (not the lines that were shown),
    PriceChanged, OutOfStock or OrderChanged (same key, other content); nothing is saved then.
    """
    for _try in range(_NUMBER_TRIES):
        try:
            return _place(basket, checkout, shown_total)
        except IntegrityError as error:
            # Another order drew the same ten digits: everything is rolled back, draw again.
            if "orders_order_number" not in str(error):
                raise
    raise RuntimeError("no free order number found")


@transaction.atomic
def _place(basket: Basket, checkout: CheckoutData, shown_total: Decimal) -> Order:
    # The lock makes the second click wait; it then reads the key that the first one has changed.
    basket = Basket.objects.locked(basket.pk)
    content_hash = checkout.content_hash(shown_total)
    if checkout.key != basket.placement_key:
        return _placed_before(checkout, content_hash)
    with override(checkout.language):
        lines = recheck(basket.read_lines())
        total = _agreed_total(lines, checkout.shown_lines, shown_total)
        _reserve(lines)
        order = _create_order(checkout, content_hash, total)
        order_lines = _freeze_lines(order, lines)
        _take_holds(order, order_lines, lines)
        OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.PLACED)
        _record_consent(order)
        basket.start_over()
        notices.order_placed(order, order_lines)
    own_parts = {line.line.part_id for line in lines if line.stock_item}
    if own_parts:
        # A shelf row that lags misleads a list for minutes at most: the checkout asks the stock itself.
        transaction.on_commit(lambda: refresh_shelf(own_parts), robust=True)
    return order


def _placed_before(checkout: CheckoutData, content_hash: str) -> Order:
    order = Order.objects.filter(placement_key=checkout.key).first()
    if order is None or order.content_hash != content_hash:
        raise OrderChanged(order)
    return order


def _agreed_total(lines: Sequence[CheckedLine], shown_lines: str, shown_total: Decimal) -> Decimal:
    """The sum to be paid, if the customer saw it for these very lines and every piece is there."""
    if not lines:
        raise BasketEmpty
    if lines_hash(line.line for line in lines) != shown_lines:
        raise BasketChanged
    if short := [line for line in lines if line.is_short]:
        raise OutOfStock(short)
    total = sum((line.total for line in lines), Decimal(0))
    changes = [PriceChange(line, line.line.price_seen, line.price) for line in lines if line.is_price_changed]
    if changes:
        raise PriceChanged(changes, shown_total=shown_total, total=total)
    if total != shown_total:
        raise BasketChanged
    return total


def _reserve(lines: Sequence[CheckedLine]) -> None:
    pieces: Counter[int] = Counter()
    for line in lines:
        if line.stock_item:
            pieces[line.stock_item.pk] += line.line.quantity
    try:
        StockItem.objects.reserve(pieces)
    except offers_errors.OutOfStock:
        # Somebody was faster between the reading and the promise: read again to say how many are left.
        again = recheck([line.line for line in lines])
        raise OutOfStock([line for line in again if line.is_short]) from None


def _create_order(checkout: CheckoutData, content_hash: str, total: Decimal) -> Order:
    point = checkout.pickup_point
    return Order.objects.create(
        number=new_number(),
        placement_key=checkout.key,
        content_hash=content_hash,
        language=checkout.language,
        surname=checkout.surname,
        given_name=checkout.given_name,
        patronymic=checkout.patronymic,
        phone=checkout.phone,
        email=checkout.email,
        modification_id=checkout.modification_id,
        car=checkout.car,
        vin=checkout.vin,
        comment=checkout.comment,
        delivery_kind=checkout.delivery_kind,
        carrier_id=point.carrier_id,
        settlement_id=point.settlement_id,
        pickup_point=point,
        address=checkout.address(),
        payment_kind=checkout.payment_kind,
        goods_total=total,
        # Nova Poshta is paid to the carrier at its own tariff, collecting is free: neither is our money.
        delivery_total=Decimal(0),
        discount_total=Decimal(0),
        total=total,
        offer_document=_offer_in_force(),
    )


def _offer_in_force() -> LegalDocument:
    for document in _published(kind=LegalDocument.Kind.OFFER, today=timezone.localdate()):
        return document
    raise LegalDocument.DoesNotExist


def _freeze_lines(order: Order, lines: Sequence[CheckedLine]) -> list[OrderLine]:
    frozen = []
    for checked in lines:
        line, part = checked.line, checked.line.part
        frozen.append(
            OrderLine(
                order=order,
                part=part,
                warehouse=line.warehouse,
                modification=line.modification,
                brand_name=part.brand.name,
                article_number=part.article_number,
                name=part.name,
                car=line.modification.full_name()[:200] if line.modification else "",
                quantity=line.quantity,
                price=checked.price,
                warranty_months=part.warranty_months,
                ready_on=checked.ready_on,
            )
        )
    return OrderLine.objects.bulk_create(frozen)


def _take_holds(order: Order, order_lines: Sequence[OrderLine], lines: Sequence[CheckedLine]) -> None:
    ends_at = timezone.now() + INVOICE_HOLD if order.payment_kind == PaymentKind.INVOICE else None
    Hold.objects.bulk_create(
        Hold(line=order_line, stock_item=checked.stock_item, pieces=order_line.quantity, ends_at=ends_at)
        for order_line, checked in zip(order_lines, lines, strict=True)
        if checked.stock_item
    )


def _record_consent(order: Order) -> None:
    Consent.objects.create(
        kind=Consent.Kind.OFFER,
        is_given=True,
        document=order.offer_document,
        subject_kind="order",
        subject_id=str(order.pk),
        contact_hash=keyed_hash("email", order.email.casefold()),
        page="orders:checkout",
    )


_published = Found(
    lambda kind, today: (
        LegalDocument.objects.filter(kind=kind, valid_from__lte=today)
        .defer("body_uk", "body_en")
        .order_by("-version")[:1]
    )
)
