"""What staff see first: one queue over all apps, new orders, messages that did not arrive, the day's orders.

No table of its own: each app marks its rows ``needs_person_since`` with a reason, and this unites the querysets.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db.models import Case, CharField, Count, Expression, F, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Enquiry, FiscalReceipt, Order, Payment, Refund, Status
from shop.catalog.models import CatalogFile
from shop.messaging.models import Message, WebhookEvent
from shop.offers.models import ExchangeRate, PriceListSource, PriceListVersion

# Rows on the first screen; the lists behind the headings hold the rest.
SHOWN = 20
# A message that waits longer than this is stuck: the tick runs every few seconds.
STUCK_AFTER = timedelta(minutes=10)

type Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Waiting:
    """Something a person has to look at: what, why, since when."""

    kind: str
    label: str
    reason: str
    since: datetime
    url: str


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
    queues = [
        _marked(model, label=queue.label)
        for model, queue in QUEUES.items()
        if _may(person, f"{model._meta.app_label}.view_{model._meta.model_name}")
    ]
    if not queues:
        return []
    first, *others = queues
    rows = first.union(*others, all=True).order_by("since")[:SHOWN]
    kinds = {f"{model._meta.app_label}_{model._meta.model_name}": queue.kind for model, queue in QUEUES.items()}
    return [
        Waiting(
            kind=kinds[row["model"]],
            label=row["label"],
            reason=row["why"],
            since=row["since"],
            url=reverse(f"admin:{row['model']}_change", args=[row["pk"]]),
        )
        for row in rows
    ]


_NO_LABEL = Value("")


@dataclass(frozen=True)
class Queue:
    """Rows of one model that wait for a person: what they are called, and what tells one from another."""

    kind: Any
    label: Expression | Combinable = _NO_LABEL


# Every model here has needs_person_since, needs_person_reason and a page of its own in the admin.
QUEUES: dict[Any, Queue] = {
    Order: Queue(_("Замовлення"), Concat(Value("№ "), F("number"))),
    Message: Queue(_("Повідомлення")),
    Enquiry: Queue(_("Запит")),
    Payment: Queue(_("Платіж"), F("reference")),
    Refund: Queue(_("Повернення коштів"), F("reference")),
    FiscalReceipt: Queue(_("Фіскальний чек"), Coalesce("payment__reference", "refund__reference")),
    WebhookEvent: Queue(_("Сповіщення платіжної системи"), F("provider")),
    CatalogFile: Queue(_("Файл каталогу"), F("file_name")),
    PriceListVersion: Queue(
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
    PriceListSource: Queue(
        _("Джерело прайс-листа"),
        Concat(Coalesce("price_list__supplier__name", Value("")), Value(" · "), F("price_list__name")),
    ),
    ExchangeRate: Queue(_("Курс валюти"), F("currency")),
}


def _marked(model: Any, *, label: Expression | Combinable) -> QuerySet[Any, dict[str, Any]]:
    meta = model._meta
    marked: QuerySet[Any, dict[str, Any]] = (
        model.objects.filter(needs_person_since__isnull=False)
        .order_by()
        .values(
            "pk",
            model=Value(f"{meta.app_label}_{meta.model_name}", CharField()),
            label=Cast(label, CharField()),
            why=F("needs_person_reason"),
            since=F("needs_person_since"),
        )
    )
    return marked


def undelivered() -> QuerySet[Message]:
    """Messages nobody received and no worker will bring any further by itself, or that are stuck; the newest first."""
    stuck = Q(status__in=[Message.Status.WAITING, Message.Status.LEASED], available_at__lt=timezone.now() - STUCK_AFTER)
    lost = Q(status__in=[Message.Status.REJECTED, Message.Status.NEEDS_PERSON])
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
