"""What a person decides about a version. Opening an act's page changes nothing, sending its form acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.offers.models import PriceListVersion
from shop.offers.pricelists import merging
from shop.offers.pricelists.receiving import load_again
from shop.offers.pricelists.running import bulk_session
from shop.offers.pricelists.switching import discard, release, return_to
from shop.offers.pricelists.trial import Trial, compare_prices

_Status = PriceListVersion.Status
# A page may take so long to say what going back would change; a longer count is left to the act itself.
_PATIENCE = "5s"


@dataclass(frozen=True)
class Act:
    path: str
    title: Any
    question: Any
    explanation: Any
    done: Any
    logged: Any
    offered_in: tuple[str, ...]
    do: Callable[..., PriceListVersion | None]
    is_dangerous: bool = False


RELEASE = Act(
    "release",
    _("Увімкнути"),
    _("Увімкнути версію %(number)d?"),
    _("Ціни й залишки цього файлу почнуть діяти за кілька секунд. Повернути попередню версію можна буде будь-коли."),
    _("Версія вмикається."),
    _("Увімкнено версію."),
    (_Status.WAITING,),
    release,
)
DISCARD = Act(
    "discard",
    _("Відкинути"),
    _("Відкинути версію %(number)d?"),
    _("Нічого не зміниться: діятимуть ті ціни, що й зараз. Файл лишиться в історії."),
    _("Версію відкинуто: ціни лишилися ті самі."),
    _("Відкинуто версію."),
    (_Status.WAITING, _Status.REFUSED),
    discard,
    is_dangerous=True,
)
RETURN = Act(
    "return",
    _("Повернути цю версію"),
    _("Повернути версію %(number)d?"),
    _(
        "Знову діятимуть закупівельні ціни, залишки й терміни цього файлу; роздрібні ціни — за нинішніми націнками й"
        " курсами. Теперішню версію теж можна буде повернути."
    ),
    _("Версія повертається."),
    _("Повернуто версію."),
    (_Status.SUPERSEDED,),
    return_to,
)
AGAIN = Act(
    "again",
    _("Прочитати файл ще раз"),
    _("Прочитати файл версії %(number)d ще раз?"),
    _(
        "Це варто зробити, коли відтоді розібрано невідомі бренди чи деталі без категорії. Буде нова версія: спершу"
        " покажемо, що вона змінить, і нічого не ввімкнемо без вас."
    ),
    _("Файл читається ще раз."),
    _("Файл прочитано ще раз."),
    (_Status.ACTIVE,),
    load_again,
)
ACTS = {act.path: act for act in (RELEASE, DISCARD, RETURN, AGAIN)}


def acts_for(version: PriceListVersion) -> list[Act]:
    """What the state of a version allows now."""
    acts = [act for act in ACTS.values() if version.status in act.offered_in]
    if RETURN in acts and not version.chunks.exists():
        acts.remove(RETURN)
    return acts


def changes_of_return(version: PriceListVersion) -> Trial | None:
    """What going back to a version would change, counted now and changing nothing; None when that takes too long."""
    trial = Trial()
    try:
        with bulk_session() as cursor, transaction.atomic():
            cursor.execute(f"SET LOCAL statement_timeout = '{_PATIENCE}'")
            merging.restore_offers(cursor, version.price_list, version.pk, timezone.localdate())
            compare_prices(cursor, trial, merging.compare(cursor, version.price_list))
    except OperationalError:
        return None
    return trial
