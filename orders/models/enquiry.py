"""A customer's question to our staff: a part that the search did not find, a number that is in doubt."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vehicles.models import Modification

MOST_QUESTION = 1000


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def since(self, span: timedelta) -> "EnquiryQuerySet":
        return self.filter(asked_at__gte=timezone.now() - span)

    def open(self) -> "EnquiryQuerySet":
        return self.filter(answered_at__isnull=True)


class Enquiry(models.Model):
    """Waits for a person from the moment it is asked until somebody marks it answered; then it stays as it is."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("запитання")
        CALL_BACK = "call-back", _("передзвонити")
        ONE_CLICK = "one-click", _("замовлення в один дотик")

    kind = models.CharField(_("що"), max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    question = models.TextField(_("запитання"), max_length=MOST_QUESTION)
    lines = models.JSONField(
        _("що замовляють"), default=list, blank=True, help_text="[[part id, warehouse id, pieces, price seen], …]"
    )
    order = models.ForeignKey(
        "orders.Order", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("замовлення")
    )
    name = models.CharField(_("ім’я"), max_length=60, blank=True)
    phone = models.CharField(_("телефон"), max_length=16)
    modification = models.ForeignKey(
        Modification, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("авто")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("покупець"),
    )
    language = models.CharField(_("мова"), max_length=5, default="uk")
    asked_at = models.DateTimeField(_("коли"), auto_now_add=True)
    answered_at = models.DateTimeField(_("відповіли"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    answer = models.CharField(_("що відповіли"), max_length=400, blank=True)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True, default=timezone.now)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("запит")
        verbose_name_plural = _("запити")
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="enquiry_needs_person",
            ),
            models.Index(fields=["phone", "asked_at"], name="enquiry_phone"),
            models.Index(fields=["asked_at"], name="enquiry_asked_at"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(needs_person_since__isnull=True),
                name="enquiry_answered_waits_for_nobody",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def answered(self, *, author: Any, note: str = "") -> bool:
        """Somebody answered; False when somebody else did before, and nothing changes then."""
        return bool(
            Enquiry.objects.open()
            .filter(pk=self.pk)
            .update(
                answered_at=timezone.now(),
                answered_by=author,
                answer=note,
                needs_person_since=None,
                needs_person_reason="",
            )
        )
