"""Money in and money back, each with a state of its own."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.errors import WrongPaymentStatus
from orders.models.order import Order, PaymentKind
from shop.lib.money import MoneyField


class PaymentStatus(models.TextChoices):
    """``DUE`` is asked for and nobody has begun to pay; ``PENDING`` is at the provider's page or in its hands."""

    DUE = "due", _("очікує оплати")
    PENDING = "pending", _("оплачують")
    PAID = "paid", _("сплачено")
    FAILED = "failed", _("не вдалося")
    EXPIRED = "expired", _("час минув")
    CANCELLED = "cancelled", _("скасовано")


# From which states a state may be reached. Money that comes after the end of an attempt is money all the same.
PAYMENT_MOVES: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.PENDING: frozenset({PaymentStatus.DUE}),
    PaymentStatus.PAID: frozenset(
        {
            PaymentStatus.DUE,
            PaymentStatus.PENDING,
            PaymentStatus.FAILED,
            PaymentStatus.EXPIRED,
            PaymentStatus.CANCELLED,
        }
    ),
    PaymentStatus.FAILED: frozenset({PaymentStatus.DUE, PaymentStatus.PENDING}),
    PaymentStatus.EXPIRED: frozenset({PaymentStatus.DUE, PaymentStatus.PENDING}),
    PaymentStatus.CANCELLED: frozenset({PaymentStatus.DUE, PaymentStatus.PENDING, PaymentStatus.FAILED}),
}


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> "PaymentQuerySet":
        """Money that is still expected."""
        return self.filter(status__in=[PaymentStatus.DUE, PaymentStatus.PENDING])

    def paid(self) -> "PaymentQuerySet":
        return self.filter(status=PaymentStatus.PAID)

    def to_be_asked(self, now: datetime) -> "PaymentQuerySet":
        """Attempts whose provider should be asked by now, because its notice may never come."""
        return self.filter(ask_at__lte=now)

    def received(self) -> Decimal:
        """What came in altogether."""
        return self.aggregate(sum=Sum("received"))["sum"] or Decimal(0)


class Payment(models.Model):
    """One attempt to pay for an order. ``amount`` is what is asked for, ``received`` what came, both in hryvnias.

    ``reference`` is our own name of the attempt and the only one a provider is told. ``state_at`` is the provider's own
    time of the newest state that was applied: an older one is passed over. Never deleted.
    """

    class Purpose(models.TextChoices):
        ORDER = "order", _("за замовлення")
        PREPAYMENT = "prepayment", _("передоплата")
        REST = "rest", _("решта")
        SURCHARGE = "surcharge", _("доплата після змін")

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments", verbose_name=_("замовлення"))
    kind = models.CharField(_("спосіб"), max_length=20, choices=PaymentKind.choices)
    purpose = models.CharField(_("за що"), max_length=10, choices=Purpose.choices, default=Purpose.ORDER)
    amount = MoneyField(_("сума"))
    received = MoneyField(_("надійшло"), default=0)
    status = models.CharField(_("стан"), max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.DUE)
    reference = models.CharField(_("наш номер"), max_length=40, unique=True)
    provider_id = models.CharField(_("номер у платіжної системи"), max_length=80, blank=True)
    page = models.URLField(_("сторінка оплати"), max_length=500, blank=True)
    note = models.CharField(_("примітка"), max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("хто записав"),
        help_text=_("Порожнє — покупець або платіжна система."),
    )
    created_at = models.DateTimeField(_("створено"), auto_now_add=True)
    expires_at = models.DateTimeField(_("чинна до"), null=True, blank=True)
    paid_at = models.DateTimeField(_("сплачено"), null=True, blank=True)
    state_at = models.DateTimeField(null=True, blank=True, editable=False)
    ask_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_times = models.PositiveSmallIntegerField(default=0, editable=False)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("платіж")
        verbose_name_plural = _("платежі")
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=Q(received__gte=0), name="payment_received_not_negative"),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_at__isnull=False, received__gt=0), name="payment_paid_has_money"
            ),
            models.UniqueConstraint(
                fields=["kind", "provider_id"], condition=~Q(provider_id=""), name="payment_provider_id_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="payment_to_be_asked"),
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="payment_needs_person",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status in (PaymentStatus.DUE, PaymentStatus.PENDING)

    def move_to(self, status: PaymentStatus, **fields: object) -> None:
        """Change the state, and ``fields`` with it, if the table of moves allows it from where the row stands now.

        Raises WrongPaymentStatus; nothing is written then.
        """
        moved = Payment.objects.filter(pk=self.pk, status__in=PAYMENT_MOVES[status]).update(status=status, **fields)
        if not moved:
            self.refresh_from_db(fields=["status"])
            raise WrongPaymentStatus(self.get_status_display())
        self.status = status
        for name, value in fields.items():
            setattr(self, name, value)

    def ask_a_person(self, reason: str) -> None:
        """Put the payment on the attention list; the clock of an earlier reason keeps running."""
        _ask_a_person(Payment.objects.filter(pk=self.pk), reason)


class RefundQuerySet(models.QuerySet["Refund"]):
    def open(self) -> "RefundQuerySet":
        """Money that is on its way back, or about to be."""
        return self.filter(status__in=[Refund.Status.DUE, Refund.Status.SENDING])

    def standing(self) -> "RefundQuerySet":
        """Everything but what failed or was given up: counted against the payment."""
        return self.exclude(status__in=[Refund.Status.FAILED, Refund.Status.CANCELLED])

    def amounts(self) -> Decimal:
        return self.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


class Refund(models.Model):
    """Money back for one payment. The database keeps the sum of standing refunds below what the payment brought.

    ``SENDING`` means that the provider was asked and its answer is not written down yet: it is looked up, never asked
    again blindly. Ways without a provider (a transfer, cash) are marked as done by a person.
    """

    class Status(models.TextChoices):
        DUE = "due", _("треба повернути")
        SENDING = "sending", _("повертаємо")
        DONE = "done", _("повернуто")
        FAILED = "failed", _("не вдалося")
        CANCELLED = "cancelled", _("скасовано")

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        "sending": frozenset({"due"}),
        "done": frozenset({"due", "sending"}),
        "failed": frozenset({"due", "sending"}),
        "due": frozenset({"sending"}),
        "cancelled": frozenset({"due"}),
    }

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=_("платіж"))
    amount = MoneyField(_("сума"))
    status = models.CharField(_("стан"), max_length=10, choices=Status.choices, default=Status.DUE)
    reference = models.CharField(_("наш номер"), max_length=50, unique=True)
    provider_id = models.CharField(_("номер у платіжної системи"), max_length=80, blank=True)
    reason = models.CharField(_("чому"), max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    created_at = models.DateTimeField(_("створено"), auto_now_add=True)
    done_at = models.DateTimeField(_("повернуто"), null=True, blank=True)
    try_at = models.DateTimeField(null=True, blank=True, default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(_("спроб"), default=0, editable=False)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True)
    needs_person_reason = models.CharField(_("чому чекає"), max_length=200, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("повернення коштів")
        verbose_name_plural = _("повернення коштів")
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(condition=~Q(status="done") | Q(done_at__isnull=False), name="refund_done_has_time"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["try_at"], condition=Q(status__in=["due", "sending"]), name="refund_to_be_tried"),
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="refund_needs_person",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def move_to(self, status: "Refund.Status", **fields: object) -> None:
        """As ``Payment.move_to``."""
        moved = Refund.objects.filter(pk=self.pk, status__in=self.MOVES[status]).update(status=status, **fields)
        if not moved:
            self.refresh_from_db(fields=["status"])
            raise WrongPaymentStatus(self.get_status_display())
        self.status = status
        for name, value in fields.items():
            setattr(self, name, value)

    def ask_a_person(self, reason: str) -> None:
        _ask_a_person(Refund.objects.filter(pk=self.pk), reason)


def _ask_a_person(rows: "models.QuerySet[Payment] | models.QuerySet[Refund]", reason: str) -> None:
    rows.update(
        needs_person_since=models.functions.Coalesce("needs_person_since", timezone.now()),
        needs_person_reason=reason[:200],
    )


class FiscalReceipt(models.Model):
    """The tax receipt of one payment or one refund: whether it is due, and its number and link once it is there.

    ``receipt_id`` is chosen by us, so that asking twice for it makes one receipt (facts: Checkbox).
    """

    class Status(models.TextChoices):
        DUE = "due", _("треба видати")
        SENDING = "sending", _("видається")
        DONE = "done", _("видано")
        BY_PROVIDER = "by-provider", _("видає платіжна система")
        NOT_DUE = "not-due", _("не потрібен")

    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="receipt", verbose_name=_("платіж")
    )
    refund = models.OneToOneField(
        Refund, models.PROTECT, null=True, blank=True, related_name="receipt", verbose_name=_("повернення")
    )
    status = models.CharField(_("стан"), max_length=12, choices=Status.choices)
    receipt_id = models.UUIDField(_("номер запиту"), unique=True, editable=False)
    fiscal_code = models.CharField(_("фіскальний номер"), max_length=40, blank=True)
    url = models.URLField(_("чек"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("створено"), auto_now_add=True)
    done_at = models.DateTimeField(_("видано"), null=True, blank=True)
    try_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("фіскальний чек")
        verbose_name_plural = _("фіскальні чеки")
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, refund__isnull=True) | Q(payment__isnull=True, refund__isnull=False),
                name="fiscal_receipt_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | ~Q(fiscal_code=""), name="fiscal_receipt_done_has_number"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["try_at"], condition=Q(status__in=["due", "sending"]), name="fiscal_receipt_due"),
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="fiscal_receipt_needs_person",
            ),
        ]

    def __str__(self) -> str:
        return self.fiscal_code or str(self.receipt_id)


class PaymentRule(models.Model):
    """When a way of paying may be chosen; every filled condition must hold, and the strictest rule wins.

    A row without conditions says that the way is open to all. ``prepayment_percent`` of the goods (or
    ``prepayment_amount``) is paid before the parcel leaves. The basis is shown to customers.
    """

    kind = models.CharField(_("спосіб оплати"), max_length=20, choices=PaymentKind.choices)
    is_active = models.BooleanField(_("діє"), default=True)
    delivery_kind = models.CharField(_("лише для доставки"), max_length=20, blank=True)
    category = models.ForeignKey(
        "catalog.Category",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("для деталей із розділу"),
    )
    needs_own_stock = models.BooleanField(_("лише з нашого складу"), default=False)
    needs_account = models.BooleanField(_("лише для зареєстрованих"), default=False)
    min_total = MoneyField(_("сума від"), null=True, blank=True)
    max_total = MoneyField(_("сума до"), null=True, blank=True)
    max_weight_kg = models.DecimalField(_("вага до, кг"), max_digits=8, decimal_places=3, null=True, blank=True)
    prepayment_percent = models.PositiveSmallIntegerField(_("передоплата, %"), default=0)
    prepayment_amount = MoneyField(_("передоплата, ₴"), default=0)
    explanation_uk = models.CharField(_("пояснення покупцеві"), max_length=200, blank=True)
    explanation_en = models.CharField(_("пояснення англійською"), max_length=200, blank=True)
    legal_basis = models.CharField(_("правова підстава"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("правило оплати")
        verbose_name_plural = _("правила оплати")
        ordering: ClassVar = ["kind", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(prepayment_percent__lte=100), name="payment_rule_percent"),
            models.CheckConstraint(
                condition=Q(min_total__isnull=True) | Q(max_total__isnull=True) | Q(min_total__lte=F("max_total")),
                name="payment_rule_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} № {self.pk}"


def paid_for(orders: Iterable[Order]) -> dict[int, Decimal]:
    """Order id to what was received less what stands as given back; two queries for all of them."""
    pks = [order.pk for order in orders]
    sums = dict.fromkeys(pks, Decimal(0))
    received = Payment.objects.filter(order__in=pks).order_by().values("order").annotate(sum=Sum("received"))
    returned = Refund.objects.standing().filter(payment__order__in=pks).order_by()
    for row in received:
        sums[row["order"]] += row["sum"]
    for back in returned.values("payment__order").annotate(sum=Sum("amount")):
        sums[back["payment__order"]] -= back["sum"]
    return sums
