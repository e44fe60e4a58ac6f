"""How django-allauth knows this shop: whose phone it is, where its codes go, what it says.

Letters and SMS go through the outbox (``accounts.notices``), never straight to a server. allauth's own limits stand in
the cache and guard passwords; what costs an SMS is limited by ``accounts.codes`` in the database.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import codes, notices
from accounts.errors import CodesTooOften
from accounts.models import Customer
from accounts.refusals import too_often
from accounts.signals import contact_proved
from shop.lib.client_address import client_address
from shop.lib.person_fields import PhoneField
from shop.lib.phones import normalise_phone
from shop.privacy.subjects import Subject

_MISMATCH = _("Пошта, телефон або пароль не підходять. Можна увійти за кодом.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Цей обліковий запис закрито. Зателефонуйте нам."),
        "email_password_mismatch": _MISMATCH,
        "phone_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "email_taken": _("Ця адреса вже належить іншому обліковому запису. Увійдіть за кодом із листа."),
        "phone_taken": _("Цей номер уже належить іншому обліковому запису. Увійдіть за кодом з SMS."),
        "incorrect_code": _("Код не той. Перевірте цифри."),
        "incorrect_password": _("Пароль не той."),
        "enter_current_password": _("Введіть теперішній пароль."),
        "too_many_login_attempts": _("Забагато невдалих спроб. Зачекайте кілька хвилин або увійдіть за кодом."),
        "rate_limited": _("Зачекайте пів хвилини: код щойно надіслано."),
        "same_as_current": _("Це той самий номер."),
    }

    # The phone: five methods that allauth asks for.

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        customer = _customer(user)
        return (str(customer.phone), bool(customer.phone_proved_at)) if customer.phone else None

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        customer = _customer(user)
        customer.phone, customer.phone_proved_at = phone, timezone.now() if verified else None
        customer.save(update_fields=["phone", "phone_proved_at"])

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        """The number is this person's from now on. Raises a form's error when another account has just proved it."""
        customer = _customer(user)
        if customer.proved_phone == phone:
            return
        try:
            with transaction.atomic():
                self.set_phone(customer, phone, verified=True)
                contact_proved.send(sender=Customer, customer=customer, email="", phone=phone)
        except IntegrityError as error:
            raise self.validation_error("phone_taken") from error

    def get_user_by_phone(self, phone: str) -> Customer | None:
        """Who has proved this phone. A phone alone never opens the desk, so staff are not found by theirs."""
        proved = Customer.objects.filter(phone_proved_at__isnull=False, is_staff=False)
        owner: Customer | None = proved.filter(phone=normalise_phone(phone) or "-").first()
        return owner

    def send_verification_code_sms(self, user: AbstractBaseUser, phone: str, code: str, **_kwargs: Any) -> None:
        self._count_sending(phone, is_sms=True)
        notices.code_by_sms(phone, code, language=_language(), subject_of=Subject("customer", _customer(user).pk))

    def send_unknown_account_sms(self, phone: str, **_kwargs: Any) -> None:
        """Nobody pays for an SMS to a stranger; but it is counted, or the limits would tell who is registered."""
        self._count_sending(phone, is_sms=True)

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._count_sending(phone, is_sms=True)

    # Letters.

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter that stands for allauth's template into the outbox."""
        self._count_sending(email, is_sms=False)
        template = notices.LETTERS[template_prefix.rpartition("/")[2]]
        notices.letter(template, email, code=str(context.get("code", "")), language=_language())

    def _count_sending(self, receiver: str, *, is_sms: bool) -> None:
        try:
            codes.count_sending(receiver, client=self.get_client_ip(self.request), is_sms=is_sms)
        except CodesTooOften as error:
            raise ImmediateHttpResponse(too_often(self.request, error)) from error

    def generate_login_code(self) -> str:
        return codes.new_code()

    def generate_password_reset_code(self) -> str:
        return codes.new_code()

    def generate_email_verification_code(self) -> str:
        return codes.new_code()

    def generate_phone_verification_code(self, *, user: AbstractBaseUser, phone: str) -> str:
        return codes.new_code()

    # The rest.

    def get_login_stages(self) -> list[str]:
        """The mailbox is proved before the phone: whoever types a stranger's address never costs us an SMS."""
        return [
            "allauth.account.stages.LoginByCodeStage",
            "allauth.account.stages.EmailVerificationStage",
            "accounts.stages.PhoneProof",
        ]

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(label=_("Телефон"), required=kwargs.get("required", True))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "unknown"

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """allauth tells of every step; the pages do that themselves, so only its refusals are shown."""
        if kwargs.get("message"):
            super().add_message(request, level, *args, **kwargs)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth would count all sign-ins by phone as one account's."""
        login = credentials.get("email") or credentials.get("phone") or credentials.get("username") or ""
        return f"login:{login.lower()}"


def _customer(user: AbstractBaseUser) -> Customer:
    assert isinstance(user, Customer)
    return user


def _language() -> str:
    return get_language() or "uk"
