"""What the customer sees of the money of an order: how much, where it stands in plain words, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import ONLINE, Order, Payment, PaymentKind, PaymentStatus, Refund, Status
from orders.payments.balance import Balance, balance_of
from orders.payments.choices import Goods, PaymentOption, payment_options
from orders.payments.invoice import Invoice, invoice_of
from orders.payments.requesting import asked_now
from shop.lib.money import format_money


@dataclass(frozen=True)
class PaymentOverview:
    """``to_pay`` is what is asked for now; ``attempt`` is the newest one; ``words`` say where it stands.

    ``ways`` are those still open, the one begun first; ``invoice`` has the requisites while a transfer is awaited.
    """

    balance: Balance
    to_pay: Decimal
    attempt: Payment | None
    words: str
    ways: Sequence[PaymentOption]
    invoice: Invoice | None
    refunds: Sequence[Refund]
    receipts: Sequence[str]

    @property
    def is_waiting(self) -> bool:
        """Whether the newest attempt is at a provider's page, or in the bank's hands."""
        return self.attempt is not None and self.attempt.status == PaymentStatus.PENDING and bool(self.to_pay)

    @property
    def is_settled(self) -> bool:
        return not self.to_pay


def payment_overview(order: Order) -> PaymentOverview:
    """Two queries when nothing is to be paid, a fixed few more otherwise."""
    payments = list(order.payments.select_related("receipt").order_by("created_at", "pk"))
    attempt = payments[-1] if payments else None
    refunds = list(
        Refund.objects.filter(payment__order=order).select_related("payment").exclude(status=Refund.Status.CANCELLED)
    )
    balance = balance_of(
        order,
        received=sum((payment.received for payment in payments), Decimal(0)),
        returned=sum((refund.amount for refund in refunds if refund.status != Refund.Status.FAILED), Decimal(0)),
    )
    to_pay = asked_now(order, balance, [payment for payment in payments if payment.is_open])
    asked = attempt.kind if attempt and attempt.is_open else "" if attempt else order.payment_kind
    is_by_invoice = bool(to_pay) and asked == PaymentKind.INVOICE
    return PaymentOverview(
        balance=balance,
        to_pay=to_pay,
        attempt=attempt,
        words=_words(order, balance, to_pay, attempt),
        ways=_ways(order, attempt) if to_pay else [],
        invoice=invoice_of(order, to_pay) if is_by_invoice else None,
        refunds=refunds,
        receipts=[payment.receipt.url for payment in payments if hasattr(payment, "receipt") and payment.receipt.url],
    )


def _ways(order: Order, attempt: Payment | None) -> list[PaymentOption]:
    options = [
        option
        for option in payment_options(goods_of(order), delivery_kind=order.delivery_kind, customer=order.customer)
        if option.is_allowed and option.kind in ONLINE | {PaymentKind.INVOICE}
    ]
    begun = attempt.kind if attempt else order.payment_kind
    return sorted(options, key=lambda option: option.kind != begun)


def goods_of(order: Order) -> Goods:
    """A placed order as the rules of payment look at it."""
    lines = list(order.lines.current().select_related("part", "warehouse"))
    weights = [line.weight_kg * line.quantity for line in lines if line.weight_kg is not None]
    return Goods(
        total=order.total,
        weight_kg=sum(weights, Decimal(0)) if len(weights) == len(lines) else None,
        category_ids=frozenset(line.part.category_id for line in lines),
        is_all_own_stock=all(line.warehouse.is_ours for line in lines),
    )


def _words(order: Order, balance: Balance, to_pay: Decimal, attempt: Payment | None) -> str:
    if not to_pay:
        return _settled_words(order, balance)
    if attempt is None or attempt.status == PaymentStatus.DUE:
        if (attempt.kind if attempt else order.payment_kind) == PaymentKind.INVOICE:
            return _("Чекаємо на ваш переказ. Щойно гроші надійдуть, напишемо.")
        return _("Чекаємо на оплату. Щойно гроші надійдуть, напишемо.")
    way = {"way": attempt.get_kind_display()}
    return {
        PaymentStatus.PENDING: _(
            "Оплату %(way)s почато, але підтвердження ще немає. Якщо ви щойно сплатили, воно надійде за хвилину-дві, "
            "платити вдруге не треба."
        )
        % way,
        PaymentStatus.FAILED: _(
            "Оплата %(way)s не пройшла, гроші не списано. Спробуйте ще раз або оберіть інший спосіб."
        )
        % way,
        PaymentStatus.EXPIRED: _("Час на оплату %(way)s минув, гроші не списано. Почніть ще раз.") % way,
        PaymentStatus.CANCELLED: _("Попередню оплату скасовано. Оберіть спосіб і сплатіть."),
        PaymentStatus.PAID: _("Частину суми отримали, лишилося доплатити."),
    }[PaymentStatus(attempt.status)]


def _settled_words(order: Order, balance: Balance) -> str:
    if order.status == Status.CANCELLED:
        if balance.surplus:
            return _("Замовлення скасовано. Сплачене повернемо, менеджер уже бачить це.")
        return _("Замовлення скасовано, платити нічого не треба.")
    if not balance.due:
        return _("Сплачено %(sum)s. Дякуємо!") % {"sum": format_money(balance.kept)}
    rest = {"sum": format_money(balance.due)}
    if order.status == Status.COMPLETED:
        return _("Під час отримання сплачено %(sum)s. Дякуємо!") % rest
    if balance.kept:
        return _("Передоплату отримали. Решту, %(sum)s, сплатите під час отримання.") % rest
    return _("%(sum)s сплатите під час отримання.") % rest
