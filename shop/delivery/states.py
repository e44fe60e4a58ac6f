"""What a parcel can be doing, in the shop's own words; each carrier's codes are mapped to these."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParcelState(models.TextChoices):
    LABELLED = "labelled", _("готуємо до відправлення")
    IN_TRANSIT = "in-transit", _("у дорозі")
    OUT_FOR_DELIVERY = "out-for-delivery", _("везе кур’єр")
    READY = "ready", _("чекає на вас")
    PROBLEM = "problem", _("не вдалося вручити")
    DELIVERED = "delivered", _("отримано")
    RETURNING = "returning", _("повертається до нас")
    RETURNED = "returned", _("повернулося до нас")
    CANCELLED = "cancelled", _("накладну скасовано")

    @classmethod
    def moving(cls) -> "list[ParcelState]":
        """Those that a carrier has something new to say about."""
        return [cls.LABELLED, cls.IN_TRANSIT, cls.OUT_FOR_DELIVERY, cls.READY, cls.PROBLEM, cls.RETURNING]

    @property
    def is_final(self) -> bool:
        return self not in ParcelState.moving()
