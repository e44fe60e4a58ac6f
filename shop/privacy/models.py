"""Who got personal data, who agreed to what, and the texts they agreed to.

A person is named by ``subject_kind`` and ``subject_id`` ("order", 17), without a foreign key upward; a contact
point without an account by the keyed hash of its e-mail or phone.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.lib.names import in_language


class Purpose(models.TextChoices):
    """Why data may leave the shop: to carry out an order, to answer the person, or because of a consent."""

    ORDER_MESSAGE = "order-message", _("повідомлення про замовлення")
    DELIVERY = "delivery", _("доставка замовлення")
    SIGN_IN_CODE = "sign-in-code", _("код для входу")
    PAYMENT = "payment", _("оплата замовлення")
    REQUEST = "request", _("відповідь на ваш запит")
    CAMPAIGN = "campaign", _("розсилка, на яку погодилися")


class Disclosure(models.Model):
    """Personal data handed to a third party. Added to, never edited (a trigger refuses it)."""

    receiver = models.CharField(_("кому"), max_length=60)
    purpose = models.CharField(_("навіщо"), max_length=20, choices=Purpose.choices)
    fields = ArrayField(models.CharField(max_length=40), verbose_name=_("які дані"))
    subject_kind = models.CharField(_("чиї: вид"), max_length=20)
    subject_id = models.CharField(_("чиї: номер"), max_length=64)
    handed_over_at = models.DateTimeField(_("коли"), auto_now_add=True)

    class Meta:
        verbose_name = _("передача даних")
        verbose_name_plural = _("передачі даних")
        ordering: ClassVar = ["-handed_over_at"]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="disclosure_subject")]


class LegalDocument(models.Model):
    """One version of a text that customers rely on. Published versions stay as they were."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("Політика приватності")
        OFFER = "offer", _("Публічна оферта")
        DELIVERY = "delivery", _("Доставка й оплата")
        RETURNS = "returns", _("Повернення та гарантія")
        CONTACTS = "contacts", _("Контакти")

    kind = models.CharField(_("документ"), max_length=10, choices=Kind.choices)
    version = models.PositiveIntegerField(_("версія"))
    valid_from = models.DateField(_("діє з"))
    body_uk = models.TextField(_("текст"), help_text=_("HTML без стилів і сценаріїв."))
    body_en = models.TextField(_("текст англійською"), blank=True)
    # Written by load(): such a text may be followed by a newer one of the same origin, a text of staff may not.
    came_with_shop = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("правовий документ")
        verbose_name_plural = _("правові документи")
        ordering: ClassVar = ["kind", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="legal_document_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.version}"

    @property
    def body(self) -> str:
        return in_language(self, "body")


class Consent(models.Model):
    """What a person agreed to, or took back. Added to, never edited (a trigger refuses it)."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("умови оферти")
        BACK_IN_STOCK = "back-in-stock", _("повідомити, коли деталь з’явиться")
        NEWSLETTER_EMAIL = "newsletter-email", _("листи з порадами та пропозиціями")

    kind = models.CharField(_("згода на"), max_length=20, choices=Kind.choices)
    is_given = models.BooleanField(_("надано"))
    document = models.ForeignKey(LegalDocument, models.PROTECT, null=True, blank=True, verbose_name=_("текст"))
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=64)
    contact_hash = models.CharField(max_length=64, blank=True)
    page = models.CharField(_("сторінка"), max_length=60)
    recorded_at = models.DateTimeField(_("коли"), auto_now_add=True)

    class Meta:
        verbose_name = _("згода")
        verbose_name_plural = _("згоди")
        ordering: ClassVar = ["-recorded_at"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="consent_subject"),
            models.Index(fields=["contact_hash"], name="consent_contact", condition=~Q(contact_hash="")),
        ]
