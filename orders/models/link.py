"""A basket given to somebody else."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils import timezone

from orders.models.basket import Basket


def _new_token() -> str:
    return secrets.token_urlsafe(18)


class SharedBasket(models.Model):
    """What a basket held when its link was made: part, warehouse, car and pieces of each line, and nobody's name.

    Whoever opens the link puts these lines into a basket of their own, at the prices of that day.
    """

    token = models.CharField(max_length=24, unique=True, default=_new_token, editable=False)
    basket = models.ForeignKey(Basket, models.SET_NULL, null=True, related_name="shared")
    content_hash = models.CharField(max_length=32, editable=False)
    lines = models.JSONField(help_text="[[part id, warehouse id, modification id or null, pieces], …]")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["basket", "content_hash"], name="shared_basket_once_per_content")
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="shared_basket_expires")]

    def __str__(self) -> str:
        return f"shared basket {self.pk}"
