"""What stands on each paper, taken from the rows of the order and written the way it is printed.

Papers are Ukrainian whatever the customer reads. Everything is text here, so that no template reckons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from orders.leaving import lines_left
from orders.models import Hold, Order, OrderLine, Shipment, Status
from orders.papers.words import sum_in_words
from orders.payments.balance import order_balance
from orders.payments.invoice import invoice_of
from shop.delivery.states import ParcelState
from shop.lib.money import format_money
from shop.lib.seller import Seller, printed_phone, seller


@dataclass(frozen=True)
class Row:
    number: int
    name: str
    article: str
    pieces: int
    price: str
    total: str


@dataclass(frozen=True)
class Side:
    """Who sells or who buys: a name and the lines below it."""

    name: str
    details: list[str]


@dataclass(frozen=True)
class SaleData:
    """An invoice or a delivery note; ``sums`` are pairs of words and amount, the last is the one to pay."""

    number: str
    day: str
    seller: Side
    buyer: Side
    rows: list[Row]
    sums: list[tuple[str, str]]
    in_words: str
    order: str
    requisites: list[tuple[str, str]]
    qr: str = ""
    until: str = ""
    waybill: str = ""


@dataclass(frozen=True)
class PickingRow:
    article: str
    name: str
    warehouse: str
    pieces: int
    note: str


@dataclass(frozen=True)
class PickingOrder:
    """Nobody's name, phone or address: whoever packs needs none of them."""

    number: str
    day: str
    delivery: str
    note: str
    pieces: int
    rows: list[PickingRow]


@dataclass(frozen=True)
class PickingData:
    printed: str
    orders: list[PickingOrder]


def invoice_data(order: Order) -> SaleData:
    """The whole order with what of it is still to be paid; two queries besides those of its lines."""
    balance = order_balance(order)
    invoice = invoice_of(order, balance.due or order.total)
    lines = _current(order)
    sums = [*_order_sums(order), ("Разом", format_money(order.total))]
    if balance.kept:
        sums += [("Отримано", format_money(balance.kept)), ("До сплати", format_money(balance.due))]
    with override("uk"):
        return SaleData(
            number=order.number,
            day=_day(order.placed_at),
            seller=_seller(seller()),
            buyer=_buyer(order),
            rows=[_row(place, line, line.quantity) for place, line in enumerate(lines, 1)],
            sums=sums,
            in_words=sum_in_words(invoice.amount),
            order=order.number,
            requisites=[
                ("Отримувач", invoice.seller.legal_name),
                ("Код ЄДРПОУ" if invoice.seller.is_company else "РНОКПП", invoice.seller.tax_number),
                ("IBAN", invoice.seller.iban_printed),
                ("Банк", invoice.seller.bank),
                ("Призначення", invoice.purpose),
                ("Сума", format_money(invoice.amount)),
            ],
            qr=str(invoice.picture) if balance.due else "",
            until=_until(order),
        )


def delivery_note_data(order: Order, shipment: Shipment) -> SaleData:
    """What one parcel holds. Delivery and discount stand on the note of the last parcel of a sent order, so that all
    notes together come to the order's total."""
    packed = list(shipment.lines.select_related("line"))
    parcels = [each.pk for each in parcels_of(order.shipments.all())]
    goods = sum((each.line.price * each.pieces for each in packed), Decimal(0))
    is_last = bool(parcels) and parcels[-1] == shipment.pk and order.status in (Status.SHIPPED, Status.COMPLETED)
    total = goods + (order.delivery_total - order.discount_total if is_last else Decimal(0))
    sums = [("Товари", format_money(goods)), *_extra_sums(order)] if is_last and _extra_sums(order) else []
    with override("uk"):
        place = parcels.index(shipment.pk) + 1 if shipment.pk in parcels else 1
        return SaleData(
            number=order.number if len(parcels) == 1 else f"{order.number}-{place}",
            day=_day(shipment.shipped_at),
            seller=_seller(seller()),
            buyer=_buyer(order),
            rows=[_row(nth, each.line, each.pieces) for nth, each in enumerate(packed, 1)],
            sums=[*sums, ("Разом", format_money(total))],
            in_words=sum_in_words(total),
            order=order.number,
            requisites=[],
            waybill=shipment.waybill_number,
        )


def picking_data(orders: Iterable[Order], *, printed: str) -> PickingData:
    """What has not left of each order, our own shelves first."""
    return PickingData(printed=printed, orders=[_picking(order) for order in orders])


def parcels_of(shipments: Iterable[Shipment]) -> list[Shipment]:
    """Those of an order that hold pieces, in the order of their packing."""
    parcels = [each for each in shipments if each.state != ParcelState.CANCELLED]
    return sorted(parcels, key=lambda parcel: parcel.pk)


def _picking(order: Order) -> PickingOrder:
    left = sorted(lines_left(order).items(), key=lambda pair: (not pair[0].warehouse.is_ours, pair[0].pk))
    with override("uk"):
        return PickingOrder(
            number=order.number,
            day=_day(order.placed_at),
            delivery=order.get_delivery_kind_display(),
            note=_picking_note(order),
            pieces=sum(count for _line, count in left),
            rows=[
                PickingRow(
                    article=f"{line.brand_name} {line.article_number}",
                    name=line.name,
                    warehouse=_place(line),
                    pieces=count,
                    note="",
                )
                for line, count in left
            ],
        )


def _picking_note(order: Order) -> str:
    if order.wants_fit_check and order.fit_checked_at is None:
        return "Перед відправленням перевірити сумісність за VIN."
    return ""


def _place(line: OrderLine) -> str:
    return str(line.warehouse) if line.warehouse.is_ours else f"від постачальника: {line.warehouse}"


def _current(order: Order) -> Sequence[OrderLine]:
    return list(order.lines.current())


def _row(number: int, line: OrderLine, pieces: int) -> Row:
    return Row(
        number=number,
        name=line.name,
        article=f"{line.brand_name} {line.article_number}",
        pieces=pieces,
        price=_amount(line.price),
        total=_amount(line.price * pieces),
    )


def _order_sums(order: Order) -> list[tuple[str, str]]:
    extra = _extra_sums(order)
    return [("Товари", format_money(order.goods_total)), *extra] if extra else []


def _extra_sums(order: Order) -> list[tuple[str, str]]:
    extra = []
    if order.delivery_total:
        extra.append(("Доставка", format_money(order.delivery_total)))
    if order.discount_total:
        extra.append(("Знижка", f"−{format_money(order.discount_total)}"))
    return extra


def _seller(card: Seller) -> Side:
    code = "код ЄДРПОУ" if card.is_company else "РНОКПП"
    phones = ", ".join(printed for _phone, printed in card.phones_printed)
    return Side(
        card.legal_name, [f"{code} {card.tax_number}", f"IBAN {card.iban_printed}, {card.bank}", card.address, phones]
    )


def _buyer(order: Order) -> Side:
    return Side(order.receiver_name(), [printed_phone(str(order.phone)), order.email])


def _until(order: Order) -> str:
    end = Hold.objects.of(order).open().filter(ends_at__isnull=False).order_by("ends_at").first()
    return date_format(localtime(end.ends_at), "j E Y, H:i") if end and end.ends_at else ""


def _day(moment: object) -> str:
    return date_format(localtime(moment), "j E Y") + " р."  # type: ignore[arg-type]


def _amount(value: Decimal) -> str:
    """As in a column under «грн»: always with kopecks, groups of three, a comma."""
    return f"{value:,.2f}".replace(",", "\u00a0").replace(".", ",")
