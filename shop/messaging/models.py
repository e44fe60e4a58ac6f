"""Outgoing messages, written in the same transaction as the event they tell of."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.lib.crypto import EncryptedTextField, keyed_hash


class Channel(models.TextChoices):
    EMAIL = "email", _("лист")
    SMS = "sms", _("SMS")


class Message(models.Model):
    """One e-mail or SMS to one receiver. ``key`` is unique per event, channel and receiver: told once.

    ``text`` and ``html`` may hold placeholders such as ``[[order-page]]``; their values are in ``sealed``
    (encrypted JSON), are filled in at the handing-over and dropped when the message is settled.
    ``handing_over_since`` says that a try began and nobody wrote down how it ended: see ``leases``.
    Every change after a lease is one UPDATE fenced by ``attempts``: a worker that lost its lease changes nothing.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("чекає")
        LEASED = "leased", _("передається")
        ACCEPTED = "accepted", _("прийнято шлюзом")
        DELIVERED = "delivered", _("доставлено")
        REJECTED = "rejected", _("відхилено")
        NEEDS_PERSON = "needs-person", _("потребує уваги")

    class Queue(models.TextChoices):
        CODES = "codes", _("коди")
        ORDERS = "orders", _("замовлення")

    key = models.CharField(_("ключ"), max_length=120, unique=True)
    channel = models.CharField(_("канал"), max_length=5, choices=Channel.choices)
    queue = models.CharField(_("черга"), max_length=6, choices=Queue.choices, default=Queue.ORDERS)
    receiver = models.CharField(_("одержувач"), max_length=254)
    language = models.CharField(_("мова"), max_length=5, default="uk")
    subject = models.CharField(_("тема"), max_length=200, blank=True)
    text = models.TextField(_("текст"))
    html = models.TextField(blank=True)
    sealed = EncryptedTextField(blank=True, default="", editable=False)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=64)
    status = models.CharField(_("стан"), max_length=12, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("спроб"), default=0)
    available_at = models.DateTimeField(_("не раніше"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    gateway = models.CharField(_("шлюз"), max_length=40, blank=True)
    gateway_message_id = models.CharField(_("номер у шлюзі"), max_length=120, blank=True)
    error = models.CharField(_("помилка"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("створено"), auto_now_add=True)
    handing_over_since = models.DateTimeField(null=True, blank=True, editable=False)
    handed_over_at = models.DateTimeField(_("передано"), null=True, blank=True)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("повідомлення")
        verbose_name_plural = _("повідомлення")
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status="leased") | Q(leased_until__isnull=False), name="message_lease_has_end"
            ),
            models.CheckConstraint(
                condition=~Q(status="needs-person") | Q(needs_person_since__isnull=False),
                name="message_needs_person_since",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queue", "channel", "available_at", "id"],
                condition=Q(status__in=["waiting", "leased"]),
                name="message_due",
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="message_subject"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def gateway_key(self) -> str:
        """What gateways know this message by: 32 hex digits, the same at every try."""
        return keyed_hash("message", f"{self.key} {self.created_at.isoformat()}")[:32]


class WebhookEvent(models.Model):
    """A notice that another company's server sent us, kept before it is looked at, and handled once.

    ``body`` is what came, byte for byte, because signatures are over bytes; it is encrypted, and dropped by retention.
    ``key`` is a hash of provider and body: the same notice delivered again finds the first one. ``outcome`` is a code,
    never words of the sender.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("чекає")
        APPLIED = "applied", _("застосовано")
        REPEATED = "repeated", _("уже відомо")
        STALE = "stale", _("застаріло")
        REFUSED = "refused", _("відхилено")

    key = models.CharField(max_length=64, unique=True, editable=False)
    provider = models.CharField(_("хто"), max_length=20)
    body = EncryptedTextField(blank=True, default="", editable=False)
    signature = models.TextField(blank=True, default="", editable=False)
    received_at = models.DateTimeField(_("надійшло"), default=timezone.now)
    deliveries = models.PositiveIntegerField(_("скільки разів"), default=1)
    handled_at = models.DateTimeField(_("опрацьовано"), null=True, blank=True)
    outcome = models.CharField(_("чим скінчилося"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    problem = models.CharField(_("чому відхилено"), max_length=40, blank=True)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("сповіщення від системи")
        verbose_name_plural = _("сповіщення від систем")
        ordering: ClassVar = ["-received_at"]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], condition=Q(handled_at__isnull=True), name="webhook_event_unhandled"),
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="webhook_event_needs_person",
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="webhook_event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"
