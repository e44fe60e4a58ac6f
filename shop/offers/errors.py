"""What can be refused here."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class OffersError(Exception):
    """Base of this app's refusals."""


class OutOfStock(OffersError):
    """Fewer pieces are free than were asked for; ``stock_item_id`` says of what."""

    def __init__(self, stock_item_id: int) -> None:
        super().__init__(f"stock item {stock_item_id}")
        self.stock_item_id = stock_item_id


class CountRefused(OffersError):
    """A count of pieces that cannot be true; ``str(error)`` says why in the page's language."""


class CountBelowReserved(CountRefused):
    """Fewer pieces than orders were promised; ``reserved`` says how many."""

    def __init__(self, reserved: int) -> None:
        super().__init__()
        self.reserved = reserved

    def __str__(self) -> str:
        return ngettext(
            "У замовленнях уже %(count)d штука: на полиці не може бути менше. Спершу скасуйте замовлення.",
            "У замовленнях уже %(count)d штук: на полиці не може бути менше. Спершу скасуйте замовлення.",
            self.reserved,
        ) % {"count": self.reserved}


class CountOutdated(CountRefused):
    """Pieces came or left while the count was being typed; ``on_hand`` says how many there are now."""

    def __init__(self, on_hand: int) -> None:
        super().__init__()
        self.on_hand = on_hand

    def __str__(self) -> str:
        return _("Поки сторінка була відкрита, залишок змінився: зараз %(count)d. Перевірте й збережіть ще раз.") % {
            "count": self.on_hand
        }


class PriceListError(OffersError):
    """A version of a price list cannot do what was asked; ``str(error)`` says why in the page's language."""


class WrongVersionStatus(PriceListError):
    """The version has moved on since the page was shown."""

    def __str__(self) -> str:
        return _("Стан прайс-листа вже змінився. Оновіть сторінку.")


class VersionForgotten(PriceListError):
    """Its rows are no longer kept: only the last ten versions are."""

    def __str__(self) -> str:
        return _("Рядки цієї версії вже не зберігаються: повернутися можна до однієї з останніх десяти.")


class NoWarehouse(PriceListError):
    """The supplier has no warehouse its goods could leave from."""

    def __str__(self) -> str:
        return _("У постачальника немає чинного складу. Додайте склад і спробуйте ще раз.")


class SpellingTaken(OffersError):
    """Somebody has said meanwhile that the spelling is of another brand."""

    def __init__(self, brand: object) -> None:
        super().__init__()
        self.brand = brand

    def __str__(self) -> str:
        return _("Це написання вже належить бренду «%(brand)s».") % {"brand": self.brand}


class BrandExists(OffersError):
    """There is such a brand: the name is a spelling of it."""

    def __init__(self, brand: object) -> None:
        super().__init__()
        self.brand = brand

    def __str__(self) -> str:
        return _("Такий бренд уже є: «%(brand)s». Оберіть «Це написання бренда, який уже є».") % {"brand": self.brand}
