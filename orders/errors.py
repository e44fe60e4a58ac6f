"""What can be refused here. Each refusal says it in words a customer or a manager can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.lib.money import format_money

if TYPE_CHECKING:
    from orders.models import Order
    from orders.promises import BrokenPromise
    from orders.recheck import CheckedLine
    from shop.privacy.models import LegalDocument


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


class OfferChanged(OrdersError):
    """Another version of the public offer came into force since the page was shown; nothing was saved."""

    def __init__(self, offer: "LegalDocument") -> None:
        super().__init__()
        self.offer = offer

    def __str__(self) -> str:
        return _(
            "Публічна оферта оновилася: тепер діє версія %(version)d від %(day)s. "
            "Перегляньте її й натисніть кнопку ще раз."
        ) % {"version": self.offer.version, "day": date_format(self.offer.valid_from, "j E Y")}


class TermsChanged(OrdersError):
    """Delivery or the prepayment costs something else than the page showed."""

    def __str__(self) -> str:
        return _("Умови доставки або оплати змінилися. Погляньте на нову суму й натисніть кнопку ще раз.")


class TermsRefused(OrdersError):
    """This way of delivery or of payment cannot be chosen (any more); ``field`` of the form says which of the two."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__()
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        return self.reason or _("Для цього замовлення так не вийде. Оберіть інший спосіб.")


class OffersMoved(OrdersError):
    """The offers of a basket are not those any more from which the choice was shown; nothing was changed."""

    def __str__(self) -> str:
        return _("Пропозиції щойно змінилися. Погляньте на новий підрахунок і оберіть ще раз.")


class LinkTooOften(OrdersError):
    """More links to baskets were asked for than people need; nothing was sent."""

    def __str__(self) -> str:
        return _("Посилання вже надсилали кілька разів. Спробуйте за годину.")


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
    """Not a number as this carrier writes them; ``digits`` is how many it has, 0 where carriers differ."""

    def __init__(self, digits: int = 14) -> None:
        super().__init__()
        self.digits = digits

    def __str__(self) -> str:
        if self.digits == 14:
            return _("Номер накладної Нової пошти — це 14 цифр, наприклад 20450123456789.")
        if self.digits == 13:
            return _("Номер відправлення Укрпошти — це 13 цифр, наприклад 0500123456789.")
        return _("Номер накладної — це від 6 до 40 літер і цифр.")


class WaybillTaken(OrdersError):
    """Another parcel has this number; ``order_number`` says whose, empty when that came at the same moment."""

    def __init__(self, order_number: str = "") -> None:
        super().__init__()
        self.order_number = order_number

    def __str__(self) -> str:
        if not self.order_number:
            return _("Цей номер накладної вже має інша посилка. Перевірте номер.")
        return _("Цей номер накладної вже має посилка замовлення № %(number)s. Перевірте номер.") % {
            "number": self.order_number
        }


class PromisesBroken(OrdersError):
    """Suppliers no longer offer what they did: some lines have gone or became dearer. Staff decide."""

    def __init__(self, broken: "Sequence[BrokenPromise]") -> None:
        super().__init__()
        self.broken = broken

    def __str__(self) -> str:
        said = "; ".join(str(promise) for promise in self.broken)
        return _("Пропозиції постачальників змінилися: %(what)s.") % {"what": said}


class EditConflict(OrdersError):
    """Somebody else has changed the order since the page was shown."""

    def __str__(self) -> str:
        return _("Поки ви змінювали замовлення, його змінив хтось інший. Погляньте на нову версію й повторіть.")


class NothingChanged(OrdersError):
    def __str__(self) -> str:
        return _("Ви нічого не змінили.")


class NothingLeft(OrdersError):
    """An order without lines is a cancelled one."""

    def __str__(self) -> str:
        return _("У замовленні не лишиться жодної деталі. Якщо воно більше не потрібне, скасуйте його.")


class LineGone(OrdersError):
    """A line that is not (any more) in the order."""

    def __str__(self) -> str:
        return _("Цього рядка в замовленні вже немає.")


class LineShipped(OrdersError):
    """Pieces that have left stay in the order; ``pieces`` of ``line`` are in parcels."""

    def __init__(self, line: str, pieces: int) -> None:
        super().__init__()
        self.line = line
        self.pieces = pieces

    def __str__(self) -> str:
        return _("%(line)s: %(pieces)d шт. уже відправлено, менше лишити не можна.") % {
            "line": self.line,
            "pieces": self.pieces,
        }


class NotOffered(OrdersError):
    """Nobody offers the part from there, or not that many; ``free`` pieces are left."""

    def __init__(self, part: str, free: int) -> None:
        super().__init__()
        self.part = part
        self.free = free

    def __str__(self) -> str:
        if not self.free:
            return _("%(part)s: цієї пропозиції вже немає.") % {"part": self.part}
        return _("%(part)s: є лише %(free)d шт.") % {"part": self.part, "free": self.free}


class WrongQuantity(OrdersError):
    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        return _("Кількість — від 1 до %(most)d.") % {"most": self.most}


class WrongSum(OrdersError):
    """A price, delivery or discount below nothing, or a discount above everything."""

    def __str__(self) -> str:
        return _("Так не сходиться: ціни й доставка не бувають від’ємними, а знижка — не більша за всю суму.")


class NothingToShip(OrdersError):
    def __str__(self) -> str:
        return _("Оберіть, що відправляємо: усе інше вже в дорозі.")


class TooManyPieces(OrdersError):
    """More than is left to send of a line."""

    def __init__(self, line: str, left: int) -> None:
        super().__init__()
        self.line = line
        self.left = left

    def __str__(self) -> str:
        return _("%(line)s: лишилося відправити %(left)d шт.") % {"line": self.line, "left": self.left}


class NotPaidYet(OrdersError):
    """The parcel may not leave before ``missing`` hryvnias are here; a manager may decide otherwise, with a reason."""

    def __init__(self, missing: Decimal) -> None:
        super().__init__()
        self.missing = missing

    def __str__(self) -> str:
        return _("До відправлення треба отримати ще %(sum)s. Відправити без них може менеджер, вказавши причину.") % {
            "sum": format_money(self.missing)
        }


class FitNotChecked(OrdersError):
    """The customer asked to check the fit by VIN before dispatch, and nobody has."""

    def __str__(self) -> str:
        return _("Покупець просив перевірити сумісність за VIN, і цього ще не зроблено.")


class PartlyShipped(OrdersError):
    """Parcels have left: what remains can be taken out, the whole cannot be cancelled."""

    def __str__(self) -> str:
        return _("Частину замовлення вже відправлено. Решту можна прибрати зміною замовлення.")


class ParcelOnItsWay(OrdersError):
    """A parcel that the carrier has is not taken back."""

    def __str__(self) -> str:
        return _("Посилка вже в перевізника: розібрати її не можна.")


class NoteRefused(OrdersError):
    """Empty, too long, or too many from one order within the hour."""

    def __init__(self, most: int, *, is_too_often: bool = False) -> None:
        super().__init__()
        self.most = most
        self.is_too_often = is_too_often

    def __str__(self) -> str:
        if self.is_too_often:
            return _("Забагато повідомлень за годину. Зателефонуйте нам — так буде швидше.")
        return _("Напишіть від одного до %(most)d знаків.") % {"most": self.most}


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


class WaybillNotMade(OrdersError):
    """A step with a parcel's waybill that cannot be taken now; ``reason`` says why, in words for staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class AlreadyClaimed(OrdersError):
    """The order stands in an account; whose it is, is not told."""

    def __str__(self) -> str:
        return _("Це замовлення вже є в обліковому записі. Увійдіть, щоб його побачити.")


class MailboxTaken(OrdersError):
    """The phone of an order was proved, but its mailbox belongs to an account that has not proved this phone."""

    def __str__(self) -> str:
        return _("З поштою цього замовлення вже є обліковий запис. Підтвердьте пошту: надішлемо код листом.")


class CodeRefused(OrdersError):
    """A wrong code, or one that is too old; ``is_over`` when another one has to be asked for."""

    def __init__(self, *, is_over: bool = False) -> None:
        super().__init__()
        self.is_over = is_over

    def __str__(self) -> str:
        if self.is_over:
            return _("Цей код більше не діє. Надішліть новий.")
        return _("Код не той. Перевірте цифри.")


class TooManyWatches(OrdersError):
    """More parts are waited for under one contact than people wait for; nothing was saved."""

    def __str__(self) -> str:
        return _("На цю адресу вже чекає багато деталей. Зателефонуйте нам, і ми перевіримо все разом.")
