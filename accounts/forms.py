"""What people type to register, to sign in and to prove a contact. allauth's views, our fields and words."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.codes import may_guess
from accounts.models import Customer
from shop.lib.person_fields import MailboxField, NameField, PhoneField, no_control_characters
from shop.lib.phones import normalise_phone

LONGEST_PASSWORD = 128
_WRONG_CONTACT = _("Не схоже ні на пошту, ні на телефон.")


class PasswordField(forms.CharField):
    """A password as it was typed or pasted, blanks included."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        super().__init__(
            label=_("Пароль"),
            strip=False,
            max_length=LONGEST_PASSWORD,
            error_messages={"required": _("Введіть пароль."), "max_length": _("Не більше 128 знаків.")},
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
            **kwargs,
        )


def _new_password() -> PasswordField:
    return PasswordField(autocomplete="new-password", help_text=_("Від 8 знаків. Найкраще — кілька слів підряд."))


def _contact_field(autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=_("Пошта або телефон"),
        max_length=254,
        error_messages={"required": _("Вкажіть пошту або телефон."), "max_length": _WRONG_CONTACT},
        widget=forms.TextInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}),
        validators=[no_control_characters],
    )


def known_by_email(email: str) -> Customer | None:
    """Whose mailbox it is. Nobody's while its registration was never finished: anybody may have typed it there."""
    users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
    strangers = set(Customer.objects.unfinished().filter(pk__in=[user.pk for user in users]))
    return next((user for user in users if user not in strangers), None)


class SignInForm(allauth.LoginForm):
    """By e-mail or proved phone, with a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"login": _contact_field("username"), "password": PasswordField(autocomplete="current-password")}

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"]
        return login if "@" in login else normalise_phone(login) or login


class SignUpForm(allauth.SignupForm):
    """A person's names, phone, mailbox and password; the phone and the mailbox are proved next."""

    surname = NameField(label=_("Прізвище"), required_text=_("Вкажіть прізвище."), autocomplete="family-name")
    given_name = NameField(label=_("Ім’я"), required_text=_("Вкажіть ім’я."), autocomplete="given-name")
    patronymic = NameField(
        label=_("По батькові"),
        required=False,
        autocomplete="additional-name",
        help_text=_("Потрібне перевізникові та для документів."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(
            label=_("Телефон"),
            required_text=_("Вкажіть телефон."),
            help_text=_("Підтвердите кодом з SMS. Для повідомлень про замовлення, без реклами."),
        )
        self.fields["email"] = MailboxField(
            label=_("Електронна пошта"),
            required_text=_("Вкажіть пошту."),
            help_text=_("Підтвердите кодом із листа. Рекламу не надсилаємо, якщо ви на неї не підписалися."),
        )
        self.fields["password1"] = _new_password()
        self.order_fields(["surname", "given_name", "patronymic", "phone", "email", "password1"])

    def validate_unique_email(self, value: str) -> str:
        """A registration that was never finished holds nothing: the next one takes its place."""
        email: str
        email, self.account_already_exists = email_already_exists(value)
        if self.account_already_exists:
            self.account_already_exists = known_by_email(email) is not None or _is_closed(email)
        return email

    def _clean_phone(self) -> None:
        """Whose the phone is shows when it is proved: before that, an answer would tell who is registered."""

    def try_save(self, request: HttpRequest) -> tuple[Customer | None, HttpResponse | None]:
        """Register; when the same address came first from elsewhere, answer as for one that is taken."""
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)  # type: ignore[no-any-return]

    def save(self, request: HttpRequest) -> Customer:
        Customer.objects.unfinished().filter(email=self.cleaned_data["email"]).delete()
        return super().save(request)  # type: ignore[no-any-return]

    def signup(self, request: HttpRequest, user: Customer) -> None:
        """allauth saves the contacts and the password; the rest is ours."""
        for name in ("surname", "given_name", "patronymic"):
            setattr(user, name, self.cleaned_data[name])
        user.language = get_language() or "uk"
        user.save(update_fields=["surname", "given_name", "patronymic", "language"])


def _is_closed(email: str) -> bool:
    """An account that may not sign in keeps its mailbox."""
    is_closed: bool = Customer.objects.filter(email=email, is_active=False).exists()
    return is_closed


class CodeRequestForm(forms.Form):
    """Where to send a code for signing in. ``email`` or ``phone`` is what was typed, ``_user`` whose it is."""

    contact = _contact_field("username")
    _user: Customer | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        contact = cleaned.get("contact", "")
        if "@" in contact:
            try:
                cleaned["email"] = forms.EmailField(max_length=254).clean(contact).lower()
            except forms.ValidationError:
                self.add_error("contact", _WRONG_CONTACT)
            else:
                self._user = known_by_email(cleaned["email"])
        elif phone := normalise_phone(contact):
            cleaned["phone"] = phone
            self._user = get_adapter().get_user_by_phone(phone)
        elif contact:
            self.add_error("contact", _WRONG_CONTACT)
        return cleaned


class CodeField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Код"),
            max_length=12,
            error_messages={"required": _("Введіть код."), "max_length": _("Код — це шість цифр.")},
            widget=forms.TextInput(
                attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12", "class": "code"}
            ),
        )


class _CodeForm(allauth.BaseConfirmCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField()

    def clean_code(self) -> str:
        """allauth counts wrong codes in the session, where guesses at the same moment count as one."""
        if not may_guess(f"{context.request.session.session_key}:{self.expected_code}"):
            raise get_adapter().validation_error("too_many_login_attempts")
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        return super().clean_code()  # type: ignore[no-any-return]


class SignInCodeForm(_CodeForm, allauth.ConfirmLoginCodeForm):
    """The code that signs in."""


class MailboxCodeForm(_CodeForm, allauth.ConfirmEmailVerificationCodeForm):
    """The code that proves a mailbox."""


class PhoneCodeForm(_CodeForm, allauth.VerifyPhoneForm):
    """The code that proves a phone."""


class PasswordCodeForm(_CodeForm, allauth.ConfirmPasswordResetCodeForm):
    """The code that lets somebody choose a new password."""


class OtherPhoneForm(allauth.ChangePhoneForm):
    """Another phone for the account; it counts once it is proved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(label=_("Телефон"), required_text=_("Вкажіть телефон."))

    def clean_phone(self) -> str:
        """As at registration, whose the phone is shows when it is proved."""
        phone: str = super().clean_phone()
        self.account_already_exists = False
        return phone


class PasswordResetForm(allauth.ResetPasswordForm):
    """Where to send a code for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = MailboxField(label=_("Електронна пошта"), required_text=_("Вкажіть пошту."))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        known = known_by_email(email)
        self.users = [known] if known else []
        return email


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    """A new password, once: it can be shown by the browser, and reset again if mistyped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"password1": _new_password()}

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        get_adapter().clean_password(password, user=self.user)
        return password


class NamesForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the person is called on parcels and papers."""

    surname = NameField(label=_("Прізвище"), required_text=_("Вкажіть прізвище."), autocomplete="family-name")
    given_name = NameField(label=_("Ім’я"), required_text=_("Вкажіть ім’я."), autocomplete="given-name")
    patronymic = NameField(
        label=_("По батькові"),
        required=False,
        autocomplete="additional-name",
        help_text=_("Потрібне перевізникові та для документів."),
    )

    class Meta:
        model = Customer
        fields = ("surname", "given_name", "patronymic")
