"""People with an account: customers and staff alike."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from shop.catalog.models import CustomerGroup


class CustomerManager(BaseUserManager["Customer"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Customer":
        """Save a person; ``email`` is kept as typed but unique without regard to case."""
        customer = self.model(email=email.strip(), **fields)
        customer.set_password(password)
        customer.save(using=self._db)
        return customer

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Customer":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Customer":
        return self.get(email__iexact=username)


class Customer(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail or proved phone; staff are customers with ``is_staff``."""

    email = models.EmailField(_("електронна пошта"))
    phone = PhoneNumberField(_("телефон"), blank=True)
    phone_proved_at = models.DateTimeField(_("телефон підтверджено"), null=True, blank=True)
    surname = models.CharField(_("прізвище"), max_length=60, blank=True)
    given_name = models.CharField(_("ім'я"), max_length=60, blank=True)
    patronymic = models.CharField(_("по батькові"), max_length=60, blank=True)
    language = models.CharField(_("мова"), max_length=5, default="uk")
    group = models.ForeignKey(
        CustomerGroup, models.SET_NULL, null=True, blank=True, related_name="customers", verbose_name=_("група цін")
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
            models.UniqueConstraint(Lower("email"), name="customer_email_once"),
            models.UniqueConstraint(
                fields=["phone"], condition=Q(phone_proved_at__isnull=False), name="customer_proved_phone_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    def get_short_name(self) -> str:
        return self.given_name or self.email
