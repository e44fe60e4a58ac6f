"""Changing a placed order: by staff, with a reason. The old version stays, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import override

from accounts.models import Customer
from orders import notices
from orders.edit_stock import move_holds
from orders.errors import (
    EditConflict,
    LineGone,
    LineShipped,
    NothingChanged,
    NothingLeft,
    NotOffered,
    WrongQuantity,
    WrongStatus,
    WrongSum,
)
from orders.fits import fits_of_lines
from orders.freezing import frozen_line, same_line
from orders.leaving import has_parcels, lines_left, pieces_sent
from orders.models import MAX_PIECES, Order, OrderEvent, OrderLine, OrderRevision, ShipmentLine, Status
from orders.settling import settle_difference
from shop.lib.money import KOPECK, format_money
from shop.offers.arrival import ready_on
from shop.offers.models import Offer

EDITABLE = frozenset({Status.PLACED, Status.CONFIRMED})


@dataclass(frozen=True)
class LineChange:
    """Another quantity or price for line ``line_id``; None leaves it."""

    line_id: int
    quantity: int | None = None
    price: Decimal | None = None


@dataclass(frozen=True)
class NewLine:
    """A part from a warehouse; ``replaces`` is the line it comes in place of. ``price`` None is the offer's own."""

    part_id: int
    warehouse_id: int
    quantity: int
    price: Decimal | None = None
    replaces: int | None = None


@dataclass(frozen=True)
class OrderEdit:
    """What is to be different; None for a sum leaves it. ``taken_out`` are line ids."""

    taken_out: frozenset[int] = frozenset()
    changed: tuple[LineChange, ...] = ()
    added: tuple[NewLine, ...] = ()
    delivery_total: Decimal | None = None
    discount_total: Decimal | None = None


@dataclass
class _Plan:
    """The edit against the lines as they stand: which rows go, which come."""

    out: dict[int, OrderLine] = field(default_factory=dict)
    new: list[OrderLine] = field(default_factory=list)


def edit_order(order: Order, edit: OrderEdit, *, author: Customer, reason: str, seen_revision: int) -> OrderRevision:
    """Make the edit a new version of the order, all of it or nothing.

    ``seen_revision`` is the version that was on the manager's page. Raises WrongStatus, EditConflict, NothingChanged,
    NothingLeft, LineGone, LineShipped, NotOffered, WrongQuantity or WrongSum.
    """
    with transaction.atomic():
        return _edit(order, edit, author, reason, seen_revision)


def _edit(order: Order, edit: OrderEdit, author: Customer, reason: str, seen_revision: int) -> OrderRevision:
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.status not in EDITABLE:
        raise WrongStatus(now.get_status_display())
    if now.revision != seen_revision:
        raise EditConflict
    lines = {line.pk: line for line in now.lines.current().select_related("part", "warehouse")}
    plan = _plan(now, lines, edit)
    staying = [line for pk, line in lines.items() if pk not in plan.out]
    goods = sum((line.price * line.quantity for line in [*staying, *plan.new]), Decimal(0))
    delivery, discount = _sums(now, edit, goods)
    if not plan.out and not plan.new and (delivery, discount) == (now.delivery_total, now.discount_total):
        raise NothingChanged
    if not staying and not plan.new:
        raise NothingLeft
    revision = _new_version(now, author, reason, goods, delivery, discount)
    _write(now, plan, revision)
    move_holds(now, plan.out.values(), plan.new)
    said = f"{format_money(revision.total_before)} → {format_money(revision.total_after)}. {reason}"
    OrderEvent.objects.create(order=now, kind=OrderEvent.Kind.EDITED, author=author, note=said[:400])
    if revision.total_before != revision.total_after:
        settle_difference(now, author=author, reason=reason)
    notices.order_changed(now, revision)
    if has_parcels(now) and not lines_left(now):
        now.move_to(Status.SHIPPED)
        OrderEvent.objects.create(order=now, kind=OrderEvent.Kind.SHIPPED, author=author)
    order.refresh_from_db(fields=["status", "revision", "goods_total", "delivery_total", "discount_total", "total"])
    return revision


def _plan(order: Order, lines: Mapping[int, OrderLine], edit: OrderEdit) -> _Plan:
    plan = _Plan()
    sent = pieces_sent(order)
    replaced = {new.replaces for new in edit.added if new.replaces is not None}
    for pk in edit.taken_out | replaced:
        plan.out[pk] = _line(lines, pk)
        if sent[pk]:
            raise LineShipped(_called(plan.out[pk]), sent[pk])
    for change in edit.changed:
        if change.line_id in plan.out:
            continue
        line = _line(lines, change.line_id)
        quantity = line.quantity if change.quantity is None else change.quantity
        price = line.price if change.price is None else _money(change.price)
        if (quantity, price) == (line.quantity, line.price):
            continue
        if not 1 <= quantity <= MAX_PIECES:
            raise WrongQuantity(MAX_PIECES)
        if quantity < sent[line.pk]:
            raise LineShipped(_called(line), sent[line.pk])
        if quantity > line.quantity and not line.warehouse.is_ours:
            _offer(line.part_id, line.warehouse_id, quantity, _called(line))
        plan.out[line.pk] = line
        plan.new.append(same_line(line, quantity=quantity, price=price))
    with override(order.language):
        plan.new.extend(_added(order, lines, edit.added))
    return plan


def _added(order: Order, lines: Mapping[int, OrderLine], added: Iterable[NewLine]) -> list[OrderLine]:
    made = []
    for new in added:
        if not 1 <= new.quantity <= MAX_PIECES:
            raise WrongQuantity(MAX_PIECES)
        offer = _offer(new.part_id, new.warehouse_id, new.quantity, "")
        old = lines[new.replaces] if new.replaces is not None else None
        line = frozen_line(
            order,
            offer.part,
            offer.warehouse,
            quantity=new.quantity,
            price=offer.price if new.price is None else _money(new.price),
            ready_on=ready_on(offer.lead_days, offer.warehouse.cut_off),
            modification=old.modification if old else order.modification,
        )
        line.replaces = old
        # Answers are found by the line's key, which an unsaved one has not: one line at a time.
        if answer := fits_of_lines([line]).get(line.pk):
            line.fit = answer.fit
        made.append(line)
    return made


def _offer(part_id: int, warehouse_id: int, quantity: int, called: str) -> Offer:
    """What is offered there now, with enough pieces; own pieces are counted by their holds."""
    offer = (
        Offer.objects.current()
        .filter(part=part_id, warehouse=warehouse_id, part__is_active=True)
        .select_related("part__brand", "part__category", "warehouse")
        .order_by("price", "id")
        .first()
    )
    if offer is None:
        raise NotOffered(called, 0)
    if not offer.warehouse.is_ours and (offer.pieces or 0) < quantity:
        raise NotOffered(called or f"{offer.part.brand.name} {offer.part.article_number}", offer.pieces or 0)
    return offer


def _sums(order: Order, edit: OrderEdit, goods: Decimal) -> tuple[Decimal, Decimal]:
    delivery = order.delivery_total if edit.delivery_total is None else _money(edit.delivery_total)
    discount = order.discount_total if edit.discount_total is None else _money(edit.discount_total)
    if discount > goods + delivery:
        raise WrongSum
    return delivery, discount


def _money(value: Decimal) -> Decimal:
    if value < 0 or value != value.quantize(KOPECK):
        raise WrongSum
    return value


def _line(lines: Mapping[int, OrderLine], pk: int) -> OrderLine:
    if pk not in lines:
        raise LineGone
    return lines[pk]


def _called(line: OrderLine) -> str:
    return f"{line.brand_name} {line.article_number}"


def _new_version(
    order: Order, author: Customer, reason: str, goods: Decimal, delivery: Decimal, discount: Decimal
) -> OrderRevision:
    """Writes the sums too: a rule of the database compares them with the lines at the commit."""
    total = goods + delivery - discount
    revision = OrderRevision.objects.create(
        order=order,
        number=order.revision + 1,
        author=author,
        reason=reason[:200],
        goods_before=order.goods_total,
        delivery_before=order.delivery_total,
        discount_before=order.discount_total,
        total_before=order.total,
        total_after=total,
    )
    order.revision = revision.number
    order.goods_total, order.delivery_total, order.discount_total, order.total = goods, delivery, discount, total
    order.prepayment = min(order.prepayment, total)
    order.save(update_fields=["revision", "goods_total", "delivery_total", "discount_total", "total", "prepayment"])
    return revision


def _write(order: Order, plan: _Plan, revision: OrderRevision) -> None:
    OrderLine.objects.filter(pk__in=plan.out).update(removed_in=revision)
    for line in plan.new:
        line.added_in = revision
    OrderLine.objects.bulk_create(plan.new)
    for line in plan.new:
        # Pieces of the old line that are in parcels are pieces of the line that took its place.
        if line.replaces_id is not None:
            ShipmentLine.objects.filter(shipment__order=order, line=line.replaces_id).update(line=line)
