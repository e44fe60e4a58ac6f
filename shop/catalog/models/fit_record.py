"""What we ourselves know about a part on a car: who of the staff checked it, and what buyers did with it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.part import Part
from vehicles.models import Modification


class FitCheck(models.Model):
    """Somebody of the staff looked: the part fits the car, or it does not. Stronger than any supplier's list."""

    part = models.ForeignKey(
        Part, models.DO_NOTHING, related_name="fit_checks", db_index=False, verbose_name=_("деталь")
    )
    modification = models.ForeignKey(
        Modification, models.DO_NOTHING, related_name="+", db_index=False, verbose_name=_("автомобіль")
    )
    fits = models.BooleanField(_("підходить"), choices=[(True, _("підходить")), (False, _("не підходить"))])
    note = models.CharField(
        _("примітка"), max_length=200, blank=True, help_text=_("Її бачать покупці: коротко, звідки це відомо.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("хто перевірив"),
    )
    checked_at = models.DateTimeField(_("коли"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("перевірка придатності")
        verbose_name_plural = _("перевірки придатності")
        constraints: ClassVar = [
            # This order serves both questions: one car with many parts, and all cars of one part.
            models.UniqueConstraint(fields=["part", "modification"], name="fit_check_once")
        ]

    def __str__(self) -> str:
        return f"{self.part_id} × {self.modification_id}"


class FitSales(models.Model):
    """How many orders brought the part to owners of this car, and how many of them sent it back.

    Counted from completed orders by ``orders.fit_counts``; ``returned`` waits for returns to be counted.
    """

    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="fit_sales", db_index=False)
    modification = models.ForeignKey(Modification, models.DO_NOTHING, related_name="+", db_index=False)
    sold = models.PositiveIntegerField(_("куплено"))
    returned = models.PositiveIntegerField(_("повернуто"), default=0, db_default=0)

    class Meta:
        verbose_name = _("продажі для авто")
        verbose_name_plural = _("продажі для авто")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "modification"], name="fit_sales_once"),
            models.CheckConstraint(condition=Q(returned__lte=F("sold")), name="fit_sales_returned_were_sold"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} × {self.modification_id}: {self.sold}"
