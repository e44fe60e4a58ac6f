"""What a payment is for, line by line, as providers and the tax receipt want it: the lines add up to its amount."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.models import Order, Payment


@dataclass(frozen=True)
class Good:
    """``price`` of one piece in hryvnias."""

    code: str
    name: str
    price: Decimal
    quantity: int = 1

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


def payment_goods(payment: Payment, amount: Decimal | None = None) -> Sequence[Good]:
    """The order's lines and its delivery when ``amount`` (the payment's own by default) is for exactly them.

    A part of the sum, and an order with a discount, is one line with the order's number.
    """
    order, amount = payment.order, amount or payment.amount
    goods = [
        Good(line.article_number, f"{line.name} {line.brand_name} {line.article_number}", line.price, line.quantity)
        for line in order.lines.current()
    ]
    if order.delivery_total:
        goods.append(Good("delivery", "Доставка", order.delivery_total))
    if goods and sum(good.total for good in goods) == amount:
        return goods
    return [Good(order.number, part_name(order, payment), amount)]


def part_name(order: Order, payment: Payment) -> str:
    """Ukrainian: banks and the tax office read it."""
    what = {
        Payment.Purpose.PREPAYMENT: "Передоплата",
        Payment.Purpose.SURCHARGE: "Доплата",
        Payment.Purpose.REST: "Доплата",
    }.get(Payment.Purpose(payment.purpose), "Оплата")
    return f"{what} за замовлення № {order.number}"
