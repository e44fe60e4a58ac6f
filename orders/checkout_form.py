"""Parsing and checking what a person types at the checkout."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders.checkout import CheckoutData
from orders.models import DeliveryKind, PaymentKind
from shop.delivery.models import Carrier, PickupPoint
from shop.lib.phones import normalise_phone
from shop.lib.statements import Found
from vehicles.chosen import ChosenCar

# Letters of any alphabet, joined by one apostrophe, hyphen, dot or blank.
_NAME = re.compile(r"[^\W\d_]+(?:(?:['’ʼ`.-]|\. ?| )[^\W\d_]+)*\.?")
# No vehicle identification number has I, O or Q (ISO 3779).
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_STALE = _("Ця сторінка застаріла. Перевірте дані й натисніть кнопку ще раз.")


def no_control_characters(text: str) -> None:
    """Refuse what cannot be seen: control characters and signs that turn the direction of writing."""
    if any(
        unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co"} and letter not in "\n\r\t\u200d" for letter in text
    ):
        raise forms.ValidationError(_("У тексті є невидимі символи. Наберіть його вручну."))


class NameField(forms.CharField):
    """A part of a person's name: letters, with blanks, hyphens and apostrophes between them."""

    def __init__(self, *, label: Any, required_text: Any = "", autocomplete: str, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            max_length=60,
            error_messages={"required": required_text, "max_length": _("Не більше 60 літер.")},
            widget=forms.TextInput(attrs={"autocomplete": autocomplete, "autocapitalize": "words"}),
            validators=[
                no_control_characters,
                RegexValidator(re.compile(rf"^{_NAME.pattern}\Z"), _("Лише літери, дефіс та апостроф.")),
            ],
            **kwargs,
        )


class CheckoutForm(forms.Form):
    """Who takes the parcel, where, and how it is paid. ``checked()`` gives it to the placing."""

    surname = NameField(
        label=_("Прізвище"), required_text=_("Вкажіть прізвище отримувача."), autocomplete="family-name"
    )
    given_name = NameField(label=_("Ім’я"), required_text=_("Вкажіть ім’я отримувача."), autocomplete="given-name")
    patronymic = NameField(
        label=_("По батькові"),
        required=False,
        autocomplete="additional-name",
        help_text=_("Потрібне перевізникові та для документів."),
    )
    phone = forms.CharField(
        label=_("Телефон"),
        max_length=40,
        help_text=_("Для SMS про замовлення та для перевізника."),
        error_messages={
            "required": _("Вкажіть телефон: без нього посилку не видадуть."),
            "max_length": _("Не схоже на номер телефону. Приклад: 067 123 45 67."),
        },
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        validators=[no_control_characters],
    )
    email = forms.EmailField(
        label=_("Електронна пошта"),
        max_length=254,
        help_text=_("Надішлемо підтвердження з умовами та посиланням на замовлення. Без реклами."),
        error_messages={
            "required": _("Вкажіть пошту: на неї надійде підтвердження."),
            "invalid": _("Не схоже на адресу пошти. Приклад: olena@example.com."),
            "max_length": _("Не схоже на адресу пошти. Приклад: olena@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        validators=[no_control_characters],
    )
    car = forms.CharField(
        label=_("Автомобіль"),
        required=False,
        max_length=200,
        help_text=_("Марка, модель, рік, двигун."),
        error_messages={"max_length": _("Не більше 200 символів.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[no_control_characters],
    )
    vin = forms.CharField(
        label=_("VIN-код"),
        required=False,
        max_length=40,
        help_text=_("17 знаків із техпаспорта."),
        error_messages={"max_length": _("VIN має 17 знаків: цифри та латинські літери, крім I, O, Q.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        validators=[no_control_characters],
    )
    delivery_kind = forms.ChoiceField(
        label=_("Спосіб доставки"),
        choices=[
            (DeliveryKind.NOVA_POSHTA, _("Нова пошта: відділення або поштомат")),
            (DeliveryKind.PICKUP, _("Самовивіз із нашого магазину, безкоштовно")),
        ],
        initial=DeliveryKind.NOVA_POSHTA,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Оберіть спосіб доставки.")),
        widget=forms.RadioSelect,
    )
    town = forms.CharField(
        label=_("Місто"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("Не більше 100 літер.")},
        validators=[no_control_characters],
    )
    settlement = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    pickup_point = forms.CharField(label=_("Відділення або поштомат"), required=False, max_length=20)
    store = forms.CharField(label=_("Магазин"), required=False, max_length=20)
    payment_kind = forms.ChoiceField(
        label=_("Спосіб оплати"),
        choices=[
            (PaymentKind.ON_DELIVERY, _("Під час отримання")),
            (PaymentKind.INVOICE, _("За рахунком на IBAN")),
        ],
        initial=PaymentKind.ON_DELIVERY,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Оберіть спосіб оплати.")),
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Коментар до замовлення"),
        required=False,
        max_length=1000,
        error_messages={"max_length": _("Не більше 1000 символів.")},
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters],
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), _STALE))
    shown_total = forms.DecimalField(
        widget=forms.HiddenInput,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), _STALE
        ),
    )
    shown_lines = forms.RegexField(
        r"^[0-9a-f]{32}\Z",
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _STALE),
    )

    point: PickupPoint | None = None

    def clean_phone(self) -> str:
        phone = normalise_phone(self.cleaned_data["phone"])
        if phone is None:
            raise forms.ValidationError(_("Не схоже на номер телефону. Приклад: 067 123 45 67."))
        return phone

    def clean_vin(self) -> str:
        vin = "".join(self.cleaned_data["vin"].split()).upper()
        if vin and not _VIN.fullmatch(vin):
            raise forms.ValidationError(_("VIN має 17 знаків: цифри та латинські літери, крім I, O, Q."))
        return vin

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_repeated_fields()
        if {"key", "shown_total", "shown_lines", "settlement"} & self.errors.keys():
            self.add_error(None, _STALE)
        kind = cleaned.get("delivery_kind")
        if kind == DeliveryKind.NOVA_POSHTA:
            self._clean_branch()
        elif kind == DeliveryKind.PICKUP:
            self._clean_store()
        return cleaned

    def _refuse_repeated_fields(self) -> None:
        """The same field twice is not a person's doing; which of the two was meant cannot be known."""
        if not isinstance(self.data, QueryDict):
            return
        for name in self.fields:
            if len(self.data.getlist(self.add_prefix(name))) > 1:
                self.add_error(name, _("Це поле надійшло двічі. Заповніть його ще раз."))

    def _clean_branch(self) -> None:
        """An open point of the carrier, in the town that was chosen."""
        if {"town", "pickup_point"} & self.errors.keys():
            return
        settlement = self.cleaned_data.get("settlement", "")
        point = _open_point(self.cleaned_data["pickup_point"], Carrier.NOVA_POSHTA)
        if not settlement:
            self.add_error("town", _("Вкажіть місто й оберіть у ньому відділення або поштомат."))
        elif point is None or str(point.settlement_id) != settlement:
            self.add_error("pickup_point", _("Оберіть відділення або поштомат зі списку."))
        else:
            self.point = point

    def _clean_store(self) -> None:
        if "store" in self.errors:
            return
        self.point = _open_point(self.cleaned_data["store"], Carrier.SELF_PICKUP)
        if self.point is None:
            self.add_error("store", _("Оберіть магазин, де заберете замовлення."))

    def checked(self, chosen: ChosenCar) -> CheckoutData:
        """What was typed, for the placing; the chosen car goes along while its name was left as it was."""
        data = self.cleaned_data
        if self.point is None:
            raise ValueError("ask for it after is_valid()")
        return CheckoutData(
            key=data["key"],
            shown_lines=data["shown_lines"],
            surname=data["surname"],
            given_name=data["given_name"],
            patronymic=data["patronymic"],
            phone=data["phone"],
            email=data["email"],
            delivery_kind=DeliveryKind(data["delivery_kind"]),
            pickup_point=self.point,
            payment_kind=PaymentKind(data["payment_kind"]),
            modification_id=chosen.id if data["car"] and chosen.car and data["car"] == car_text(chosen) else None,
            car=data["car"],
            vin=data["vin"],
            comment=data["comment"],
            language=get_language() or "uk",
        )


def car_text(chosen: ChosenCar) -> str:
    """The chosen car as the form prefills it."""
    return chosen.car.full_name()[:200] if chosen.car else ""


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _open_point(text: str, carrier_code: str) -> PickupPoint | None:
    if not is_id(text):
        return None
    return next(iter(_open_points(pk=int(text), carrier=carrier_code)), None)


_open_points = Found(
    lambda pk, carrier: PickupPoint.objects.open().of(carrier).select_related("carrier", "settlement").filter(pk=pk)
)
