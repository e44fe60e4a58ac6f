"""Who pays less than retail."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CustomerGroup(models.Model):
    """Customers who pay retail × ``factor``, never below ``min_margin_percent`` over the purchase price."""

    name_uk = models.CharField(_("назва"), max_length=60, unique=True)
    factor = models.DecimalField(_("множник ціни"), max_digits=5, decimal_places=4, default=Decimal(1))
    min_margin_percent = models.DecimalField(
        _("найменша націнка, %"), max_digits=5, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("група покупців")
        verbose_name_plural = _("групи покупців")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(factor__gt=0, factor__lte=1), name="customer_group_factor_is_discount")
        ]

    def __str__(self) -> str:
        return self.name_uk
