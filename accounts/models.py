"""People with an account: customers and staff alike."""

from datetime import timedelta
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.channels import KEYS, PARCEL_KEYS
from shop.catalog.models import CustomerGroup, Part
from shop.messaging.models import Channel
from shop.privacy.models import Consent

# A registration that was never finished holds its mailbox for nobody, and is forgotten after this.
UNFINISHED_FOR = timedelta(days=2)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def unfinished(self) -> "CustomerQuerySet":
        """Registered, but the mailbox was never proved and nobody ever signed in."""
        addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
        return self.filter(
            Exists(addresses),
            ~Exists(addresses.filter(verified=True)),
            last_login__isnull=True,
            is_staff=False,
            phone_proved_at__isnull=True,
            orders__isnull=True,
        )


class CustomerManager(BaseUserManager.from_queryset(CustomerQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Customer":
        """Save a person; ``email`` is kept in lower case."""
        customer: Customer = self.model(email=email.strip().lower(), **fields)
        customer.set_password(password)
        customer.save(using=self._db)
        return customer

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Customer":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Customer":
        customer: Customer = self.get(email=(username or "").lower())
        return customer


class Customer(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail or proved phone; staff are customers with ``is_staff``."""

    email = models.EmailField(_("електронна пошта"), unique=True)
    phone = PhoneNumberField(_("телефон"), blank=True)
    phone_proved_at = models.DateTimeField(_("телефон підтверджено"), null=True, blank=True)
    surname = models.CharField(_("прізвище"), max_length=60, blank=True)
    given_name = models.CharField(_("ім'я"), max_length=60, blank=True)
    patronymic = models.CharField(_("по батькові"), max_length=60, blank=True)
    language = models.CharField(_("мова"), max_length=5, default="uk")
    group = models.ForeignKey(
        CustomerGroup, models.SET_NULL, null=True, blank=True, related_name="customers", verbose_name=_("група цін")
    )
    muted = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("не хоче отримувати"),
        default=list,
        blank=True,
        help_text=_("Що покупець вимкнув у кабінеті."),
    )
    is_active = models.BooleanField(_("може входити"), default=True)
    is_staff = models.BooleanField(_("працівник"), default=False)
    joined_at = models.DateTimeField(_("зареєстровано"), default=timezone.now)

    objects: ClassVar = CustomerManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        verbose_name = _("людина")
        verbose_name_plural = _("люди")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="customer_email_lower"),
            models.UniqueConstraint(
                fields=["phone"], condition=Q(phone_proved_at__isnull=False), name="customer_proved_phone_once"
            ),
            models.CheckConstraint(
                condition=Q(phone_proved_at__isnull=True) | ~Q(phone=""), name="customer_proved_phone_is_there"
            ),
            models.CheckConstraint(condition=Q(muted__contained_by=KEYS), name="customer_muted_allowed"),
            models.CheckConstraint(condition=~Q(muted__contains=PARCEL_KEYS), name="customer_hears_of_parcels"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def proved_phone(self) -> str:
        """E.164, or "" while nobody has shown that it is this person's."""
        return str(self.phone) if self.phone_proved_at else ""

    def proved_email(self) -> str:
        """The address, or "" while nobody has shown that it is this person's."""
        is_proved = EmailAddress.objects.filter(user=self, email=self.email, verified=True).exists()
        return self.email if is_proved else ""

    def get_full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    def get_short_name(self) -> str:
        return self.given_name or self.email

    def belongs_to_mailbox(self) -> None:
        """Its mailbox is proved for the first time, by somebody who has not shown to hold the phone as well.

        Whoever came in by the phone may have typed a stranger's address into an order: they are out, and the phone has
        to be proved anew. At registration the mailbox comes first, and nothing changes.
        """
        if self.phone_proved_at is not None:
            self.phone_proved_at = None
            self.set_unusable_password()  # which ends every session
            self.save(update_fields=["phone_proved_at", "password"])


class StockWatch(models.Model):
    """Somebody wants to hear when a part can be bought again. Told once, by one channel, then it is over.

    ``receiver`` is a guest's mailbox, or the customer's mailbox or proved phone; it is emptied once nothing more will
    be sent. The consent that was given with it is in the ledger, and so is its withdrawal.
    """

    part = models.ForeignKey(Part, models.PROTECT, related_name="+", verbose_name=_("деталь"))
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, null=True, blank=True, related_name="stock_watches", verbose_name=_("хто")
    )
    channel = models.CharField(_("канал"), max_length=5, choices=Channel.choices)
    receiver = models.CharField(_("куди"), max_length=254, blank=True)
    language = models.CharField(_("мова"), max_length=5, default="uk")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+", editable=False)
    asked_at = models.DateTimeField(_("коли попросили"), auto_now_add=True)
    told_at = models.DateTimeField(_("коли повідомили"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("коли передумали"), null=True, blank=True)

    class Meta:
        verbose_name = _("чекає на деталь")
        verbose_name_plural = _("чекають на деталі")
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["part", "channel", "receiver"],
                condition=Q(told_at__isnull=True, withdrawn_at__isnull=True),
                name="stock_watch_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(told_at__isnull=True, withdrawn_at__isnull=True, receiver=""),
                name="stock_watch_open_has_receiver",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["part"], condition=Q(told_at__isnull=True, withdrawn_at__isnull=True), name="stock_watch_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.channel}"


class SentCode(models.Model):
    """That a code went to somebody: what the limits of ``accounts.codes`` count. Neither the code nor the receiver.

    An SMS costs money and wakes people up; the cache, which may be empty at any moment, cannot guard that.
    """

    receiver_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64)
    is_sms = models.BooleanField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["receiver_hash", "sent_at"], name="sent_code_receiver"),
            models.Index(fields=["address_hash", "sent_at"], name="sent_code_address"),
            models.Index(fields=["sent_at"], name="sent_code_time"),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class GuessedCode(models.Model):
    """How often one code was guessed at: counted in one statement, so that guesses at the same moment count too."""

    key = models.CharField(max_length=64, primary_key=True)
    guesses = models.PositiveSmallIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["first_at"], name="guessed_code_time")]

    def __str__(self) -> str:
        return self.key
