"""The order: who, what, for which car, for how much, and everything that happened to it."""

import secrets
from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Customer
from orders.errors import WrongStatus
from shop.catalog.models import Part
from shop.delivery.models import Carrier, PickupPoint, Settlement
from shop.lib.crypto import EncryptedTextField, is_link_secret, link_secret
from shop.lib.money import MoneyField
from shop.messaging.models import Message
from shop.offers.models import Warehouse
from shop.privacy.models import LegalDocument
from vehicles.models import Modification


class Status(models.TextChoices):
    PLACED = "placed", _("прийнято")
    CONFIRMED = "confirmed", _("підтверджено")
    SHIPPED = "shipped", _("відправлено")
    COMPLETED = "completed", _("виконано")
    CANCELLED = "cancelled", _("скасовано")


# From which states a state may be reached. Everything else raises WrongStatus.
MOVES: dict[Status, frozenset[Status]] = {
    Status.CONFIRMED: frozenset({Status.PLACED}),
    Status.SHIPPED: frozenset({Status.CONFIRMED}),
    Status.COMPLETED: frozenset({Status.SHIPPED}),
    Status.CANCELLED: frozenset({Status.PLACED, Status.CONFIRMED}),
}
# The one way back: a parcel that the carrier never took is unpacked again.
MOVES_BACK: dict[Status, frozenset[Status]] = {Status.CONFIRMED: frozenset({Status.SHIPPED})}


NUMBER_DIGITS = 10
_LINK_PURPOSE = "order"


def new_number() -> str:
    """Ten random digits: says nothing of how many orders there are, and reaches none without its secret."""
    return str(secrets.randbelow(9 * 10 ** (NUMBER_DIGITS - 1)) + 10 ** (NUMBER_DIGITS - 1))


class DeliveryKind(models.TextChoices):
    NOVA_POSHTA = "nova-poshta", _("Нова пошта: відділення або поштомат")
    NOVA_POSHTA_DOOR = "nova-poshta-door", _("Нова пошта: кур’єр на адресу")
    UKRPOSHTA = "ukrposhta", _("Укрпошта: відділення")
    MEEST = "meest", _("Meest: відділення")
    COURIER = "courier", _("наш кур’єр на адресу")
    PICKUP = "self-pickup", _("самовивіз")


# What goes to a door has an address of its own and no pick-up point.
TO_THE_DOOR = frozenset({DeliveryKind.NOVA_POSHTA_DOOR, DeliveryKind.COURIER})


class PaymentKind(models.TextChoices):
    ON_DELIVERY = "on-delivery", _("під час отримання")
    LIQPAY = "liqpay", _("карткою через LiqPay")
    MONOBANK = "monobank", _("через monobank")
    WAYFORPAY = "wayforpay", _("карткою через WayForPay")
    INVOICE = "invoice", _("за рахунком на IBAN")


# Paid at once on a provider's own page; no card field ever stands on ours.
ONLINE = frozenset({PaymentKind.LIQPAY, PaymentKind.MONOBANK, PaymentKind.WAYFORPAY})


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.exclude(status__in=[Status.COMPLETED, Status.CANCELLED])

    def of_customer(self, customer: Customer) -> "OrderQuerySet":
        """What stands in an account, newest first, with what a list shows."""
        return self.filter(customer=customer).select_related("carrier").prefetch_related("lines").order_by("-placed_at")

    def with_page_rows(self) -> "OrderQuerySet":
        """With lines, versions, events, parcels, talk and the accepted offer, as the customer's page shows them."""
        return self.select_related("offer_document", "carrier", "customer").prefetch_related(
            "lines__part__brand",
            "lines__part__category",
            "revisions",
            "events",
            "shipments__carrier",
            "shipments__lines__line",
            "notes",
        )

    def under_secret(self, number: str, secret: str) -> "Order | None":
        """The order behind a secret address; None for a wrong number and for a wrong secret alike."""
        order = self.filter(number=number).first() if number.isascii() and number.isdecimal() else None
        # Without a row the same work is done, so that the answer's time tells nothing about numbers.
        subject = order.link_subject if order else f"{number}:0"
        return order if is_link_secret(secret, _LINK_PURPOSE, subject) else None


class Order(models.Model):
    """A contract with a customer. Never deleted; names and prices are frozen on it and its lines.

    The customer's page stands under ``number`` and an unguessable part derived from it and ``access_version``;
    raising the version closes links already sent.
    """

    number = models.CharField(_("номер"), max_length=10, unique=True, editable=False)
    access_version = models.PositiveSmallIntegerField(default=1, editable=False)
    placement_key = models.UUIDField(unique=True, editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    status = models.CharField(_("стан"), max_length=10, choices=Status.choices, default=Status.PLACED)
    language = models.CharField(_("мова"), max_length=5, default="uk")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("людина")
    )

    surname = models.CharField(_("прізвище"), max_length=60)
    given_name = models.CharField(_("ім'я"), max_length=60)
    patronymic = models.CharField(_("по батькові"), max_length=60, blank=True)
    phone = PhoneNumberField(_("телефон"))
    email = models.EmailField(_("електронна пошта"))

    modification = models.ForeignKey(
        Modification, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("автомобіль")
    )
    car = models.CharField(_("автомобіль"), max_length=200, blank=True)
    vin = EncryptedTextField("VIN", blank=True, default="")
    comment = models.TextField(_("коментар покупця"), blank=True)
    wants_fit_check = models.BooleanField(_("перевірити за VIN до відправлення"), default=False)
    fit_checked_at = models.DateTimeField(_("сумісність перевірено"), null=True, blank=True)
    fit_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("хто перевірив"),
    )
    fit_check_note = models.CharField(_("що перевірено"), max_length=200, blank=True)

    delivery_kind = models.CharField(_("доставка"), max_length=20, choices=DeliveryKind.choices)
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+", verbose_name=_("перевізник"))
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="+", verbose_name=_("населений пункт"))
    pickup_point = models.ForeignKey(
        PickupPoint, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("пункт видачі")
    )
    street = models.CharField(_("вулиця"), max_length=120, blank=True)
    house = models.CharField(_("будинок"), max_length=20, blank=True)
    flat = models.CharField(_("квартира"), max_length=20, blank=True)
    address = models.CharField(_("куди"), max_length=400)
    payment_kind = models.CharField(_("оплата"), max_length=20, choices=PaymentKind.choices)

    goods_total = MoneyField(_("товари"))
    delivery_total = MoneyField(_("доставка"), default=0)
    discount_total = MoneyField(_("знижка"), default=0)
    total = MoneyField(_("разом"))
    offer_document = models.ForeignKey(
        LegalDocument, models.PROTECT, related_name="+", verbose_name=_("прийнята оферта")
    )

    prepayment = MoneyField(_("передоплата"), default=0, help_text=_("Сплачується до відправлення."))
    revision = models.PositiveSmallIntegerField(_("версія"), default=1, editable=False)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("оформив працівник"),
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("відповідальний"),
    )

    placed_at = models.DateTimeField(_("оформлено"), auto_now_add=True)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True)
    messages = models.ManyToManyField(Message, related_name="orders", blank=True, verbose_name=_("повідомлення"))

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("замовлення")
        verbose_name_plural = _("замовлення")
        ordering: ClassVar = ["-placed_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(total=F("goods_total") + F("delivery_total") - F("discount_total")),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(prepayment__gte=0, prepayment__lte=F("total")), name="order_prepayment_within_total"
            ),
            models.CheckConstraint(
                condition=Q(pickup_point__isnull=False) | ~Q(street=""), name="order_has_point_or_street"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "-placed_at"], name="order_by_status"),
            models.Index(
                fields=["needs_person_since"], condition=Q(needs_person_since__isnull=False), name="order_needs_person"
            ),
            # The staff's search: by the beginning of a surname, by e-mail, by phone.
            models.Index(OpClass(Upper("surname"), "text_pattern_ops"), name="order_by_surname"),
            models.Index(Upper("email"), name="order_by_email"),
            models.Index(fields=["phone"], name="order_by_phone"),
            models.Index(
                fields=["responsible", "-placed_at"],
                condition=Q(responsible__isnull=False),
                name="order_by_responsible",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The customer's page in the language of the page at hand. It is a key: never log it."""
        return reverse("orders:order", args=[self.number, self.secret])

    @property
    def is_cancellable(self) -> bool:
        return self.status in MOVES[Status.CANCELLED]

    def receiver_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def is_open(self) -> bool:
        return self.status not in (Status.COMPLETED, Status.CANCELLED)

    @property
    def is_pickup(self) -> bool:
        return self.delivery_kind == DeliveryKind.PICKUP

    @property
    def is_by_invoice(self) -> bool:
        return self.payment_kind == PaymentKind.INVOICE

    @property
    def payment_purpose(self) -> str:
        """What the payer writes into the transfer, so that the money finds the order. Ukrainian: banks read it."""
        return f"Оплата за замовлення № {self.number}"

    @property
    def link_subject(self) -> str:
        return f"{self.number}:{self.access_version}"

    @property
    def secret(self) -> str:
        return link_secret(_LINK_PURPOSE, self.link_subject)

    def page_address(self) -> str:
        """The customer's page with scheme and host, in the order's language, for mails and texts."""
        with override(self.language):
            return f"{settings.PUBLIC_URL}{self.get_absolute_url()}"

    def move_to(self, status: Status) -> None:
        """Change the state if the table of moves allows it from where the row stands now. Raises WrongStatus."""
        self._move(status, MOVES[status])

    def move_back_to(self, status: Status) -> None:
        """As ``move_to``, by the table of ways back."""
        self._move(status, MOVES_BACK[status])

    def _move(self, status: Status, allowed: frozenset[Status]) -> None:
        moved = Order.objects.filter(pk=self.pk, status__in=allowed).update(status=status)
        if not moved:
            self.refresh_from_db(fields=["status"])
            raise WrongStatus(self.get_status_display())
        self.status = status

    def ask_a_person(self, reason: str) -> None:
        """Put the order into the staff's queue; the clock of an earlier reason keeps running."""
        Order.objects.filter(pk=self.pk).update(
            needs_person_since=models.functions.Coalesce("needs_person_since", timezone.now()),
            needs_person_reason=reason,
        )

    def person_is_done(self) -> None:
        """Take the order out of the staff's queue."""
        Order.objects.filter(pk=self.pk, needs_person_since__isnull=False).update(
            needs_person_since=None, needs_person_reason=""
        )

    def link_messages(self, messages: Iterable[Message]) -> None:
        """Let the order say what was told about it; the second time changes nothing."""
        link = Order.messages.through
        link.objects.bulk_create(
            [link(order_id=self.pk, message_id=message.pk) for message in messages], ignore_conflicts=True
        )


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def current(self) -> "OrderLineQuerySet":
        """Without what edits took out."""
        return self.filter(removed_in__isnull=True)


class OrderLine(models.Model):
    """A frozen copy of what was sold: names, numbers, price, warranty, return rule, promise, fit, car.

    Never rewritten (a trigger refuses it): an edit takes a line out (``removed_in``) and puts another in.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+", verbose_name=_("деталь"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("склад"))
    modification = models.ForeignKey(Modification, models.PROTECT, null=True, blank=True, related_name="+")
    brand_name = models.CharField(_("бренд"), max_length=60)
    article_number = models.CharField(_("артикул"), max_length=60)
    name = models.CharField(_("назва"), max_length=200)
    car = models.CharField(_("для авто"), max_length=200, blank=True)
    quantity = models.PositiveSmallIntegerField(_("кількість"))
    price = MoneyField(_("ціна"))
    total = models.GeneratedField(
        expression=F("price") * F("quantity"), output_field=MoneyField(), db_persist=True, verbose_name=_("сума")
    )
    warranty_months = models.PositiveSmallIntegerField(_("гарантія, міс."))
    ready_on = models.DateField(_("обіцяно до"), null=True)
    fit = models.CharField(_("сумісність"), max_length=20, blank=True, help_text=_("Як показано під час замовлення."))
    return_days = models.PositiveSmallIntegerField(_("повернення, днів"), default=14)
    weight_kg = models.DecimalField(_("вага, кг"), max_digits=8, decimal_places=3, null=True, blank=True)
    added_in = models.ForeignKey(
        "orders.OrderRevision", models.PROTECT, null=True, blank=True, related_name="added", editable=False
    )
    removed_in = models.ForeignKey(
        "orders.OrderRevision", models.PROTECT, null=True, blank=True, related_name="removed", editable=False
    )
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("рядок замовлення")
        verbose_name_plural = _("рядки замовлення")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_quantity")]

    def __str__(self) -> str:
        return f"{self.brand_name} {self.article_number} × {self.quantity}"


class OrderEvent(models.Model):
    """One thing that happened to an order. Added to, never edited (a trigger refuses it)."""

    class Kind(models.TextChoices):
        PLACED = "placed", _("оформлено")
        CONFIRMED = "confirmed", _("підтверджено")
        SHIPPED = "shipped", _("відправлено")
        COMPLETED = "completed", _("виконано")
        CANCELLED = "cancelled", _("скасовано")
        EDITED = "edited", _("змінено")
        PAID = "paid", _("сплачено")
        REFUNDED = "refunded", _("повернуто кошти")
        FIT_CHECKED = "fit-check", _("сумісність перевірено")
        PARCEL = "parcel", _("посилка")
        NOTE = "note", _("примітка")
        CLAIMED = "claimed", _("додано до облікового запису")

    order = models.ForeignKey(Order, models.PROTECT, related_name="events")
    kind = models.CharField(_("подія"), max_length=10, choices=Kind.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("хто"),
        help_text=_("Порожнє — покупець або сам магазин."),
    )
    note = models.CharField(_("примітка"), max_length=400, blank=True)
    happened_at = models.DateTimeField(_("коли"), auto_now_add=True)

    class Meta:
        verbose_name = _("подія")
        verbose_name_plural = _("історія")
        ordering: ClassVar = ["happened_at", "id"]
