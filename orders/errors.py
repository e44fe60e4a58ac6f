"""What can be refused here. Each refusal says it in words a customer or a manager can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from orders.models import Order
    from orders.recheck import CheckedLine


class OrdersError(Exception):
    """Base of this app's refusals; ``str(error)`` is a sentence in the page's language."""


class BasketEmpty(OrdersError):
    def __str__(self) -> str:
        return _("Кошик порожній: додайте деталь, а тоді оформлюйте замовлення.")


class OrderChanged(OrdersError):
    """The same placement key came with other content; ``order`` is what was placed, None when nothing was."""

    def __init__(self, order: "Order | None" = None) -> None:
        super().__init__()
        self.order = order

    def __str__(self) -> str:
        if self.order is None:
            return _("Ця сторінка застаріла: кошик відтоді змінився. Перевірте його та оформіть ще раз.")
        return _(
            "З цієї сторінки вже оформлено замовлення № %(number)s, але з іншими даними. "
            "Щоб щось змінити в ньому, зателефонуйте нам."
        ) % {"number": self.order.number}


@dataclass(frozen=True)
class PriceChange:
    """What a piece of one line cost when the customer saw it, and what it costs now."""

    line: "CheckedLine"
    old: Decimal
    new: Decimal


class PriceChanged(OrdersError):
    """Pieces cost something else than the customer agreed to."""

    def __init__(self, changes: Sequence[PriceChange], *, shown_total: Decimal, total: Decimal) -> None:
        super().__init__()
        self.changes = changes
        self.shown_total = shown_total
        self.total = total

    def __str__(self) -> str:
        return _("Поки ви оформлювали замовлення, ціни змінилися. Погляньте на нову суму й підтвердьте її.")


class BasketChanged(OrdersError):
    """The basket holds something else than the customer saw on the page, be its sum the same."""

    def __str__(self) -> str:
        return _("Кошик змінився в іншій вкладці. Перевірте, що в ньому тепер, і натисніть кнопку ще раз.")


class TooManyOrders(OrdersError):
    """A guest has placed as many within the hour as people do not; nothing was saved."""

    def __str__(self) -> str:
        return _(
            "За останню годину звідси надійшло забагато замовлень. Це не записано; зателефонуйте нам, "
            "і оформимо його разом."
        )


class OutOfStock(OrdersError):
    """Some lines ask for more than there is; each line knows how many are left (``free_pieces``)."""

    def __init__(self, lines: "Sequence[CheckedLine]") -> None:
        super().__init__()
        self.lines = lines

    def __str__(self) -> str:
        return _("Поки ви оформлювали замовлення, деталей поменшало. Ось скільки лишилося.")


class StockGone(OrdersError):
    """The order's pieces went to others after its hold had ended; a person has to find new ones."""

    def __str__(self) -> str:
        return _("Термін резерву минув, і деталі вже продано. Знайдіть заміну або скасуйте замовлення.")


class WrongStatus(OrdersError):
    """The order is not in a state from which this step is allowed."""

    def __init__(self, status: str) -> None:
        super().__init__()
        self.status = status

    def __str__(self) -> str:
        return _("Так не можна: замовлення вже має стан «%(status)s».") % {"status": self.status}


class WrongWaybill(OrdersError):
    def __str__(self) -> str:
        return _("Номер накладної Нової пошти — це 14 цифр, наприклад 20450123456789.")


class WrongPaymentStatus(OrdersError):
    """The payment or refund is not in a state from which this step is allowed."""

    def __init__(self, status: str) -> None:
        super().__init__()
        self.status = status

    def __str__(self) -> str:
        return _("Так не можна: платіж уже має стан «%(status)s».") % {"status": self.status}


class RefundTooLarge(OrdersError):
    """More would go back than came in."""

    def __str__(self) -> str:
        return _("Повернути можна не більше, ніж надійшло.")


class NothingToPay(OrdersError):
    """No money is expected for the order."""

    def __str__(self) -> str:
        return _("За це замовлення зараз нічого платити.")


class PaymentWayClosed(OrdersError):
    """This way of paying is switched off, or the provider does not answer; the customer may choose another."""

    def __str__(self) -> str:
        return _("Цей спосіб оплати зараз не працює. Спробуйте за кілька хвилин або оберіть інший.")
