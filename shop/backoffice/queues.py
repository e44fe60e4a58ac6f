"""What staff see first: one queue over all apps, new orders, messages that did not arrive, the day's orders.

No table of its own: each app marks its rows ``needs_person_since`` with a reason, and this unites the querysets.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db.models import (
    Case,
    CharField,
    Count,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Enquiry, FiscalReceipt, Order, Payment, Refund, Shipment, Status
from shop.catalog.models import CatalogFile
from shop.delivery.models import Carrier
from shop.messaging.models import Message, WebhookEvent
from shop.offers.models import ExchangeRate, PriceListSource, PriceListVersion

# Rows on the first screen; the lists behind the headings hold the rest.
SHOWN = 20
# A message that waits longer than this is stuck: the tick runs every few seconds.
STUCK_AFTER = timedelta(minutes=10)

type Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Waiting:
    """Something a person has to look at: what, why, since when; ``is_over`` when it waits longer than we allow."""

    kind: str
    label: str
    reason: str
    since: datetime
    url: str
    is_over: bool = False


@dataclass(frozen=True)
class DayTotal:
    """Orders placed since midnight in Kyiv that stand in one state now."""

    status: Status
    orders: int
    total: Decimal


@dataclass(frozen=True)
class Desk:
    """The first screen of one person; lists they may not see are None."""

    waiting: list[Waiting]
    new_orders: list[Order] | None
    new_orders_count: int
    undelivered: list[Message] | None
    today: list[DayTotal] | None

    has_rights: bool

    @property
    def is_empty_handed(self) -> bool:
        """Neither orders nor messages are this person's work."""
        return self.new_orders is None and self.undelivered is None

    @property
    def today_count(self) -> int:
        return sum(day.orders for day in self._counted_today())

    @property
    def today_total(self) -> Decimal:
        return sum((day.total for day in self._counted_today()), Decimal(0))

    def _counted_today(self) -> list[DayTotal]:
        return [day for day in self.today or [] if day.status != Status.CANCELLED]


def desk_of(person: Person) -> Desk:
    """Everything on the first screen, limited to what this person may see."""
    sees_orders = _may(person, "orders.view_order")
    sees_messages = _may(person, "messaging.view_message")
    new_orders = list(Order.objects.filter(status=Status.PLACED).order_by("placed_at")[:SHOWN]) if sees_orders else None
    today = _today() if sees_orders else None
    return Desk(
        waiting=waiting_for_person(person),
        new_orders=new_orders,
        new_orders_count=_count_new(new_orders),
        undelivered=list(undelivered()[:SHOWN]) if sees_messages else None,
        today=today,
        has_rights=isinstance(person, PermissionsMixin) and (person.is_superuser or bool(person.get_all_permissions())),
    )


def waiting_for_person(person: Person) -> list[Waiting]:
    """The queue: rows of all apps that need somebody now, the longest waiting first. One query."""
    queues = [_rows(place, queue) for place, queue in enumerate(ALL_QUEUES) if _may(person, queue.right)]
    if not queues:
        return []
    first, *others = queues
    rows = first.union(*others, all=True).order_by("since")[:SHOWN]
    now = timezone.now()
    waiting = []
    for row in rows:
        queue = ALL_QUEUES[row["in_queue"]]
        waiting.append(
            Waiting(
                kind=queue.kind,
                label=row["label"],
                reason=row["why"] or str(queue.reason),
                since=row["since"],
                url=reverse(f"admin:{queue.page}_change", args=[row["leads_to"]]),
                is_over=now - row["since"] > queue.limit,
            )
        )
    return waiting


_NO_LABEL = Value("")
_MARKED = Q(needs_person_since__isnull=False)
_REASON = F("needs_person_reason")
# No way of telling reached the customer: red from the first minute.
_KNOWS_NOTHING = Q(status__in=[Message.Status.REJECTED, Message.Status.UNDELIVERED, Message.Status.ACCEPTED])
_LINKED = Order.messages.through.objects.filter(message=OuterRef("pk"))
_ORDER_TOLD_OF = Coalesce(Subquery(_LINKED.values(of=Concat(Value("№ "), F("order__number")))[:1]), Value(""))
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Queue:
    """Rows of one model that wait for a person: what they are called, what tells one from another, how long they may.

    ``row`` is the key of the row whose page of the admin the queue leads to, and ``page`` that page; by default the
    waiting row's own. ``reason`` is said where the row has none.
    """

    model: Any
    kind: Any
    label: Expression | Combinable = _NO_LABEL
    limit: timedelta = _DAY
    where: Q = _MARKED
    since: str = "needs_person_since"
    why: Expression | Combinable = _REASON
    reason: Any = ""
    row: str = "pk"
    of: Any = None

    @property
    def page(self) -> str:
        meta = (self.of or self.model)._meta
        return f"{meta.app_label}_{meta.model_name}"

    @property
    def right(self) -> str:
        meta = (self.of or self.model)._meta
        return f"{meta.app_label}.view_{meta.model_name}"


ALL_QUEUES: list[Queue] = [
    Queue(Order, _("Замовлення"), Concat(Value("№ "), F("number")), limit=4 * _HOUR),
    Queue(
        Order,
        _("Перевірка за VIN"),
        Concat(Value("№ "), F("number")),
        limit=4 * _HOUR,
        where=Q(wants_fit_check=True, fit_checked_at__isnull=True, status__in=[Status.PLACED, Status.CONFIRMED]),
        since="placed_at",
        why=Value("", CharField()),
        reason=_("Звірте деталі з авто за VIN: без цього не відправляємо."),
    ),
    Queue(Shipment, _("Посилка"), Concat(Value("№ "), F("order__number")), limit=4 * _HOUR, row="order_id", of=Order),
    Queue(Message, _("Повідомлення"), _ORDER_TOLD_OF, limit=_HOUR, where=_MARKED & ~_KNOWS_NOTHING),
    Queue(Message, _("Нічого не знає"), _ORDER_TOLD_OF, limit=timedelta(0), where=_MARKED & _KNOWS_NOTHING),
    Queue(Enquiry, _("Запит"), limit=_HOUR),
    Queue(Payment, _("Платіж"), F("reference"), limit=4 * _HOUR),
    Queue(Refund, _("Повернення коштів"), F("reference")),
    Queue(FiscalReceipt, _("Фіскальний чек"), Coalesce("payment__reference", "refund__reference")),
    Queue(WebhookEvent, _("Сповіщення платіжної системи"), F("provider"), limit=4 * _HOUR),
    Queue(CatalogFile, _("Файл каталогу"), F("file_name")),
    Queue(
        PriceListVersion,
        _("Прайс-лист"),
        Concat(
            Coalesce("price_list__supplier__name", Value("")),
            Value(" · "),
            F("price_list__name"),
            Value(" · "),
            F("number"),
            output_field=CharField(),
        ),
    ),
    Queue(
        PriceListSource,
        _("Джерело прайс-листа"),
        Concat(Coalesce("price_list__supplier__name", Value("")), Value(" · "), F("price_list__name")),
    ),
    Queue(ExchangeRate, _("Курс валюти"), F("currency")),
    Queue(Carrier, _("Довідник перевізника"), F("name_uk")),
]


def _rows(place: int, queue: Queue) -> QuerySet[Any, dict[str, Any]]:
    rows: QuerySet[Any, dict[str, Any]] = (
        queue.model.objects.filter(queue.where)
        .order_by()
        .values(
            leads_to=F(queue.row),
            in_queue=Value(place, IntegerField()),
            label=Cast(queue.label, CharField()),
            why=queue.why,
            since=F(queue.since),
        )
    )
    return rows


def undelivered() -> QuerySet[Message]:
    """Messages nobody received and no worker will bring any further by itself, or that are stuck; the newest first."""
    stuck = Q(status__in=[Message.Status.WAITING, Message.Status.LEASED], available_at__lt=timezone.now() - STUCK_AFTER)
    lost = Q(status__in=[Message.Status.REJECTED, Message.Status.UNDELIVERED, Message.Status.NEEDS_PERSON])
    return Message.objects.filter(stuck | lost).defer("text", "html", "sealed").order_by("-created_at")


def _today() -> list[DayTotal]:
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    in_order = Case(*(When(status=status, then=Value(place)) for place, status in enumerate(Status.values)))
    rows = (
        Order.objects.filter(placed_at__gte=midnight)
        .order_by()
        .values("status")
        .annotate(orders=Count("pk"), total=Sum("total"))
        .order_by(in_order)
    )
    return [DayTotal(Status(row["status"]), row["orders"], row["total"]) for row in rows]


def _count_new(new_orders: list[Order] | None) -> int:
    if new_orders is None or len(new_orders) < SHOWN:
        return len(new_orders or [])
    return Order.objects.filter(status=Status.PLACED).count()


def _may(person: Person, right: str) -> bool:
    return isinstance(person, PermissionsMixin) and person.has_perm(right)
