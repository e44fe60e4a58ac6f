"""Placing: a basket becomes an order, once."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Customer
from orders import notices
from orders.checkout import CheckoutData, lines_hash
from orders.errors import (
    BasketChanged,
    BasketEmpty,
    OfferChanged,
    OrderChanged,
    OutOfStock,
    PriceChange,
    PriceChanged,
)
from orders.fits import fits_of_lines
from orders.freezing import frozen_line
from orders.holds import hold_end
from orders.models import ONLINE, Basket, Hold, Order, OrderEvent, OrderLine, Payment, PaymentKind
from orders.models.order import new_number
from orders.payments.requesting import request_payment
from orders.recheck import CheckedLine, recheck
from shop.lib.crypto import keyed_hash
from shop.lib.statements import Found
from shop.offers import errors as offers_errors
from shop.offers.models import StockItem
from shop.offers.shelf import refresh_shelf
from shop.privacy.models import Consent, LegalDocument

_NUMBER_TRIES = 5

# Looks at the checkout beside the lines as they are now, and raises one of this app's errors.
Check = Callable[[CheckoutData, Sequence[CheckedLine]], None]


def place_order(
    basket: Basket,
    checkout: CheckoutData,
    *,
    shown_total: Decimal,
    placed_by: Customer | None = None,
    check: Check | None = None,
) -> Order:
    """Turn a basket into an order, hold its pieces, ask for the money and write the messages.

    ``shown_total`` is the sum the customer agreed to, delivery and taxes included. The basket's placement key makes a
    second click give back the same order. Raises BasketEmpty, BasketChanged (not the lines or the sum that were
    shown), PriceChanged, OutOfStock, OfferChanged (another version of the public offer is in force) or OrderChanged
    (same key, other content), and whatever ``check`` raises about delivery and payment; nothing is saved then. Without
    ``check`` the caller vouches for them: staff (``placed_by``) may agree to other terms.
    """
    for _try in range(_NUMBER_TRIES):
        try:
            return _place(basket, checkout, shown_total, placed_by, check)
        except IntegrityError as error:
            # Another order drew the same ten digits: everything is rolled back, draw again.
            if "orders_order_number" not in str(error):
                raise
    raise RuntimeError("no free order number found")


@transaction.atomic
def _place(
    basket: Basket, checkout: CheckoutData, shown_total: Decimal, placed_by: Customer | None, check: Check | None
) -> Order:
    # The lock makes the second click wait; it then reads the key that the first one has changed.
    content_hash = checkout.content_hash(shown_total)
    try:
        basket = Basket.objects.locked(basket.pk)
    except Basket.DoesNotExist:
        # It has just joined the basket of an account, in another tab.
        return _placed_before(checkout, content_hash)
    if checkout.key != basket.placement_key:
        return _placed_before(checkout, content_hash)
    with override(checkout.language):
        lines = recheck(basket.read_lines())
        goods_total = _agreed_total(lines, checkout, shown_total)
        if check is not None:
            check(checkout, lines)
        offer = _agreed_offer(checkout)
        _reserve(lines)
        order = _create_order(checkout, content_hash, goods_total, offer, placed_by)
        order_lines = _freeze_lines(order, lines)
        _take_holds(order, order_lines, lines)
        OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.PLACED, author=placed_by)
        _record_consent(order)
        basket.start_over()
        _ask_for_money(order)
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


def _agreed_total(lines: Sequence[CheckedLine], checkout: CheckoutData, shown_total: Decimal) -> Decimal:
    """The price of the goods, if the customer saw it, with the delivery, for these very lines, and every piece is
    there."""
    if not lines:
        raise BasketEmpty
    if lines_hash(line.line for line in lines) != checkout.shown_lines:
        raise BasketChanged
    if short := [line for line in lines if line.is_short]:
        raise OutOfStock(short)
    goods_total = sum((line.total for line in lines), Decimal(0))
    total = goods_total + checkout.delivery_total
    changes = [PriceChange(line, line.line.price_seen, line.price) for line in lines if line.is_price_changed]
    if changes:
        raise PriceChanged(changes, shown_total=shown_total, total=total)
    if total != shown_total:
        raise BasketChanged
    return goods_total


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


def _agreed_offer(checkout: CheckoutData) -> LegalDocument:
    """The public offer in force, if it is the one that was shown."""
    offer = offer_in_force()
    if checkout.offer_version not in (None, offer.version):
        raise OfferChanged(offer)
    return offer


def _create_order(
    checkout: CheckoutData,
    content_hash: str,
    goods_total: Decimal,
    offer: LegalDocument,
    placed_by: Customer | None,
) -> Order:
    return Order.objects.create(
        number=new_number(),
        placement_key=checkout.key,
        content_hash=content_hash,
        language=checkout.language,
        customer_id=checkout.customer_id,
        surname=checkout.surname,
        given_name=checkout.given_name,
        patronymic=checkout.patronymic,
        phone=checkout.phone,
        email=checkout.email,
        modification_id=checkout.modification_id,
        car=checkout.car,
        vin=checkout.vin,
        comment=checkout.comment,
        wants_fit_check=checkout.wants_fit_check,
        delivery_kind=checkout.delivery_kind,
        carrier_id=checkout.sent_by.pk,
        settlement_id=checkout.town.pk,
        pickup_point=checkout.pickup_point,
        street=checkout.street,
        house=checkout.house,
        flat=checkout.flat,
        address=checkout.address(),
        payment_kind=checkout.payment_kind,
        goods_total=goods_total,
        delivery_total=checkout.delivery_total,
        discount_total=Decimal(0),
        total=goods_total + checkout.delivery_total,
        prepayment=checkout.prepayment,
        offer_document=offer,
        placed_by=placed_by,
    )


def offer_in_force() -> LegalDocument:
    """The newest published version of the public offer, without its text. Raises DoesNotExist."""
    for document in _published(kind=LegalDocument.Kind.OFFER, today=timezone.localdate()):
        return document
    raise LegalDocument.DoesNotExist


def _freeze_lines(order: Order, lines: Sequence[CheckedLine]) -> list[OrderLine]:
    """With the answer to "does it fit" as the page gave it."""
    fits = fits_of_lines([checked.line for checked in lines])
    return OrderLine.objects.bulk_create(
        frozen_line(
            order,
            checked.line.part,
            checked.line.warehouse,
            quantity=checked.line.quantity,
            price=checked.price,
            ready_on=checked.ready_on,
            modification=checked.line.modification,
            fit=fits[checked.line.pk].fit.value if checked.line.pk in fits else "",
        )
        for checked in lines
    )


def _take_holds(order: Order, order_lines: Sequence[OrderLine], lines: Sequence[CheckedLine]) -> None:
    """Own pieces only: what a supplier's list vouches for is looked at again when the order is confirmed."""
    ends_at = hold_end(order)
    Hold.objects.bulk_create(
        Hold(line=order_line, stock_item=checked.stock_item, pieces=order_line.quantity, ends_at=ends_at)
        for order_line, checked in zip(order_lines, lines, strict=True)
        if checked.stock_item
    )


def _ask_for_money(order: Order) -> None:
    """What is paid before the parcel leaves is asked for at once; where it is paid is the buyer's next step."""
    if order.payment_kind in ONLINE or order.payment_kind == PaymentKind.INVOICE:
        request_payment(order, order.total, kind=order.payment_kind)
    elif order.prepayment:
        # Any way of the payment page will do; a transfer is what needs no provider.
        request_payment(order, order.prepayment, kind=PaymentKind.INVOICE, purpose=Payment.Purpose.PREPAYMENT)


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
