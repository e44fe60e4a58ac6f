"""What staff changed in a placed order, and what was said about it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from shop.lib.money import MoneyField


class OrderRevision(models.Model):
    """One edit of a placed order: who, why, and the sums before and after. Added to, never edited.

    The old version needs no copy: a line is never rewritten. What an edit takes out keeps its row and is marked with
    the revision that removed it (``OrderLine.removed_in``); what it puts in is a new row (``OrderLine.added_in``).
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="revisions", verbose_name=_("замовлення"))
    number = models.PositiveSmallIntegerField(_("версія"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("хто"))
    reason = models.CharField(_("чому"), max_length=200)
    goods_before = MoneyField(_("товари до"))
    delivery_before = MoneyField(_("доставка до"))
    discount_before = MoneyField(_("знижка до"))
    total_before = MoneyField(_("разом до"))
    total_after = MoneyField(_("разом після"))
    made_at = models.DateTimeField(_("коли"), auto_now_add=True)

    class Meta:
        verbose_name = _("зміна замовлення")
        verbose_name_plural = _("зміни замовлення")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "number"], name="order_revision_once")]

    def __str__(self) -> str:
        return f"{self.order_id} · {self.number}"


class OrderNote(models.Model):
    """A line of the talk about an order. Without an author the customer wrote it; internal ones stay with staff."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="notes", verbose_name=_("замовлення"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    text = models.TextField(_("текст"), max_length=1000)
    is_internal = models.BooleanField(_("лише для працівників"), default=False)
    key = models.UUIDField(unique=True, editable=False, help_text="Of the form: a second press writes nothing.")
    written_at = models.DateTimeField(_("коли"), auto_now_add=True)

    class Meta:
        verbose_name = _("нотатка")
        verbose_name_plural = _("нотатки")
        ordering: ClassVar = ["written_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(is_internal=False) | models.Q(author__isnull=False),
                name="order_note_internal_has_author",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]
