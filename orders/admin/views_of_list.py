"""The list's saved views: what is to be done now, each with its count."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderLine, Payment, Status

PARAMETER = "view"
_OPEN = [Status.PLACED, Status.CONFIRMED]


@dataclass(frozen=True)
class SavedView:
    """``key`` stands in the address; ``count`` is filled in for the page."""

    key: str
    title: Any
    count: int = 0
    is_current: bool = False


_TITLES = {
    "new": _("Нові, нічиї"),
    "confirm": _("Підтвердити"),
    "pack": _("Зібрати"),
    "unpaid": _("Чекаємо оплату"),
    "late": _("Прострочені"),
    "fit": _("Перевірити VIN"),
    "mine": _("Мої"),
}


SAVED_VIEWS = [SavedView(key, title) for key, title in _TITLES.items()]


def conditions(person_id: int) -> dict[str, Q]:
    """Each view as a condition over open orders."""
    open_payment = Payment.objects.open().filter(order=OuterRef("pk"))
    late_line = OrderLine.objects.current().filter(order=OuterRef("pk"), ready_on__lt=timezone.localdate())
    return {
        "new": Q(status=Status.PLACED, responsible__isnull=True),
        "confirm": Q(status=Status.PLACED),
        "pack": Q(status=Status.CONFIRMED),
        "unpaid": Q(Exists(open_payment)),
        "late": Q(Exists(late_line)),
        "fit": Q(wants_fit_check=True, fit_checked_at__isnull=True),
        "mine": Q(responsible=person_id),
    }


def view_of(rows: QuerySet[Order], key: str, person_id: int) -> QuerySet[Order]:
    """The rows of one view; all of them for a name that is none."""
    condition = conditions(person_id).get(key)
    return rows if condition is None else rows.filter(condition, status__in=_OPEN)


def saved_views(person_id: int, *, current: str) -> list[SavedView]:
    """All views with their counts; one query over open orders."""
    counts = (
        Order.objects.filter(status__in=_OPEN)
        .order_by()
        .aggregate(**{key: Count("pk", filter=condition) for key, condition in conditions(person_id).items()})
    )
    return [SavedView(key, title, counts[key], key == current) for key, title in _TITLES.items()]
