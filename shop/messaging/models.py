"""Outgoing messages, written in the same transaction as the event they tell of."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.lib.crypto import EncryptedTextField, keyed_hash


class Channel(models.TextChoices):
    EMAIL = "email", _("лист")
    SMS = "sms", _("SMS")


class News(models.TextChoices):
    """What a gateway says about a message after it took it."""

    SENT = "sent", _("передано оператору")
    DELIVERED = "delivered", _("доставлено")
    READ = "read", _("прочитано")
    UNDELIVERED = "undelivered", _("не доставлено")
    DEFERRED = "deferred", _("відкладено")
    BOUNCED = "bounced", _("адреси немає")
    COMPLAINED = "complained", _("позначено як спам")


class Message(models.Model):
    """One e-mail or SMS to one receiver. ``key`` is unique per event, channel and receiver: told once.

    ``text`` and ``html`` may hold placeholders such as ``[[order-page]]``; their values are in ``sealed``
    (encrypted JSON), are filled in at the handing-over and dropped when the message is settled.
    ``handing_over_since`` says that a try began and nobody wrote down how it ended: see ``leases``.
    Every change after a lease is one UPDATE fenced by ``attempts``: a worker that lost its lease changes nothing.

    ``next_rung_at`` is when another way is tried unless the message has arrived; what is tried then points back by
    ``takes_place_of`` and was written with it, in reserve: see ``ladder``. ``asked_at`` is when the gateway was last
    asked. ``parts`` and ``price`` are of an SMS, as are ``can_wait`` (quiet hours) and ``may_exceed_limits`` (a person
    looked at it): see ``limits``. ``written_by`` and ``reason`` stand on what staff sent once more.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("чекає")
        LEASED = "leased", _("передається")
        ACCEPTED = "accepted", _("прийнято шлюзом")
        DELIVERED = "delivered", _("доставлено")
        UNDELIVERED = "undelivered", _("не доставлено")
        REJECTED = "rejected", _("відхилено")
        NEEDS_PERSON = "needs-person", _("потребує уваги")
        IN_RESERVE = "in-reserve", _("про запас")
        NOT_NEEDED = "not-needed", _("не знадобилося")

    class Queue(models.TextChoices):
        CODES = "codes", _("коди")
        ORDERS = "orders", _("замовлення")
        BULK = "bulk", _("розсилки")

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
    settled_at = models.DateTimeField(_("доставлено або ні"), null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    parts = models.PositiveSmallIntegerField(_("частин SMS"), default=0, db_default=0)
    price = models.DecimalField(_("вартість, ₴"), max_digits=9, decimal_places=4, null=True, blank=True)
    can_wait = models.BooleanField(_("може почекати до ранку"), default=False, db_default=False)
    may_exceed_limits = models.BooleanField(default=False, db_default=False, editable=False)
    takes_place_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replacements", verbose_name=_("замість")
    )
    next_rung_at = models.DateTimeField(null=True, blank=True, editable=False)
    template = models.CharField(_("шаблон"), max_length=40, blank=True, db_default="")
    template_version = models.PositiveIntegerField(
        _("версія шаблону"), default=0, db_default=0, help_text=_("0 — текст із файлу.")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("надіслав працівник"),
    )
    reason = models.CharField(_("чому ще раз"), max_length=200, blank=True, db_default="")

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
            # Callbacks name a message by the gateway's own id.
            models.Index(fields=["gateway_message_id"], condition=~Q(gateway_message_id=""), name="message_of_gateway"),
            # Whose fate is still open: asked of the gateway from time to time.
            models.Index(
                fields=["channel", "handed_over_at"], condition=Q(status="accepted"), name="message_fate_open"
            ),
            models.Index(fields=["next_rung_at"], condition=Q(next_rung_at__isnull=False), name="message_next_rung"),
            models.Index(fields=["receiver", "created_at"], name="message_receiver"),
            # What the limits of a day count, and what a month cost.
            models.Index(
                fields=["handing_over_since"],
                include=["parts", "receiver"],
                condition=Q(channel="sms", handing_over_since__isnull=False),
                name="message_sms_begun",
            ),
            models.Index(
                fields=["handed_over_at"],
                include=["gateway", "parts", "price"],
                condition=Q(channel="sms", handed_over_at__isnull=False),
                name="message_sms_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def gateway_key(self) -> str:
        """What gateways know this message by: 32 hex digits, the same at every try."""
        return keyed_hash("message", f"{self.key} {self.created_at.isoformat()}")[:32]


class DeliveryEvent(models.Model):
    """One piece of news about a message, by callback or by asking. Added to, never edited (a trigger refuses it).

    ``key`` is unique per message, news and moment, so that the same news told twice is written once. ``code`` is the
    gateway's own word for it, never the receiver's address.
    """

    message = models.ForeignKey(Message, models.PROTECT, related_name="delivery_events")
    key = models.CharField(max_length=64, unique=True, editable=False)
    news = models.CharField(_("що сталося"), max_length=12, choices=News.choices)
    code = models.CharField(_("код шлюзу"), max_length=60, blank=True)
    gateway = models.CharField(_("шлюз"), max_length=40)
    happened_at = models.DateTimeField(_("коли"))
    received_at = models.DateTimeField(_("дізналися"), auto_now_add=True)

    class Meta:
        verbose_name = _("звістка про доставку")
        verbose_name_plural = _("звістки про доставку")
        ordering: ClassVar = ["happened_at", "id"]

    def __str__(self) -> str:
        return f"{self.message_id} {self.news}"


class Suppression(models.Model):
    """A receiver that messages do not reach: nothing is sent there until the time has passed or staff lift it.

    The receiver is known by a keyed hash (``shop.messaging.suppression``); ``shown`` is masked, for staff's eyes.
    ``soft_bounces`` are the moments counted of late; too few of them close nothing, and ``until`` is past then.
    """

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard-bounce", _("адреси немає")
        SOFT_BOUNCE = "soft-bounce", _("скринька тимчасово не приймає")
        COMPLAINT = "complaint", _("позначили наш лист як спам")
        BAD_NUMBER = "bad-number", _("номера немає")
        STOP_LIST = "stop-list", _("абонент заборонив SMS")

    channel = models.CharField(_("канал"), max_length=5, choices=Channel.choices)
    receiver_hash = models.CharField(max_length=64, editable=False)
    shown = models.CharField(_("одержувач"), max_length=80)
    reason = models.CharField(_("чому"), max_length=12, choices=Reason.choices)
    since = models.DateTimeField(_("відколи"), default=timezone.now)
    until = models.DateTimeField(_("до"), null=True, blank=True, help_text=_("Порожнє — поки не зніме працівник."))
    times = models.PositiveSmallIntegerField(_("скільки разів"), default=1)
    soft_bounces = ArrayField(models.DateTimeField(), default=list, blank=True, editable=False)
    lifted_at = models.DateTimeField(_("знято"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("хто зняв")
    )
    lifted_why = models.CharField(_("чому знято"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("закрита адреса")
        verbose_name_plural = _("закриті адреси")
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "receiver_hash"], condition=Q(lifted_at__isnull=True), name="suppression_open_once"
            )
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def mark(self) -> str:
        """What stands on the page of whoever cannot be reached: ``Лист не доходить: адреси немає``."""
        words = _("SMS не доходить: %(why)s") if self.channel == Channel.SMS else _("Лист не доходить: %(why)s")
        return words % {"why": self.get_reason_display()}


class TemplateVersion(models.Model):
    """Words that staff put in place of a template's file; the newest active one of a kind and language counts.

    ``subject`` and ``text`` know the variables listed for the kind in ``shop.messaging.wording`` and nothing
    else: no tag, no filter, no code. Never rewritten: a change is another version.
    """

    kind = models.CharField(_("повідомлення"), max_length=40)
    channel = models.CharField(_("канал"), max_length=5, choices=Channel.choices)
    language = models.CharField(_("мова"), max_length=5)
    version = models.PositiveIntegerField(_("версія"))
    subject = models.CharField(_("тема"), max_length=200, blank=True)
    text = models.TextField(_("текст"))
    is_active = models.BooleanField(_("діє"), default=True)
    note = models.CharField(_("що змінено"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("хто"))
    created_at = models.DateTimeField(_("коли"), auto_now_add=True)

    class Meta:
        verbose_name = _("версія тексту")
        verbose_name_plural = _("версії текстів")
        ordering: ClassVar = ["kind", "channel", "language", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "channel", "language", "version"], name="template_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "channel", "language"], condition=Q(is_active=True), name="template_version_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.language} {self.version}"


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
