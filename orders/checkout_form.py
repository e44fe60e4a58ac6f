"""Parsing and checking what a person types at the checkout."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from orders.checkout import CARRIER_OF, CheckoutData
from orders.models import TO_THE_DOOR, DeliveryKind, PaymentKind
from shop.delivery.models import Carrier, PickupPoint, Settlement
from shop.lib.person_fields import MailboxField, NameField, PhoneField, no_control_characters
from shop.lib.statements import Found
from vehicles.memory import known_car
from vehicles.models import Modification

# A street as it stands on a plate: words, numbers, and the signs between them.
_STREET = re.compile(r"^[^\W_][\w .,'’ʼ`\"«»№()/-]*\Z")
# A house or flat: at most a few letters around a number.
_HOUSE = re.compile(r"^[\w .,№/-]*\d[\w .,№/-]*\Z")
# No vehicle identification number has I, O or Q (ISO 3779).
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_HIDDEN_MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "min_value": Decimal(0)}
_STALE = _("Ця сторінка застаріла. Перевірте дані й натисніть кнопку ще раз.")


def _door_field(label: Any, *, max_length: int, autocomplete: str, pattern: re.Pattern[str], wrong: Any) -> Any:
    return forms.CharField(
        label=label,
        required=False,
        max_length=max_length,
        error_messages={"max_length": wrong},
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        validators=[no_control_characters, RegexValidator(pattern, wrong)],
    )


def _hidden_money() -> forms.DecimalField:
    """A sum that the page showed, as the form carries it."""
    codes = ("required", "invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(widget=forms.HiddenInput, error_messages=dict.fromkeys(codes, _STALE), **_HIDDEN_MONEY)


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
    phone = PhoneField(
        label=_("Телефон"),
        help_text=_("Для SMS про замовлення та для перевізника."),
        required_text=_("Вкажіть телефон: без нього посилку не видадуть."),
    )
    email = MailboxField(
        label=_("Електронна пошта"),
        help_text=_("Надішлемо підтвердження з умовами та посиланням на замовлення. Без реклами."),
        required_text=_("Вкажіть пошту: на неї надійде підтвердження."),
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
        choices=DeliveryKind.choices,
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
    # Narrows the list of points; nothing of it is kept.
    point_like = forms.CharField(label=_("Номер або вулиця"), required=False)
    pickup_point = forms.CharField(label=_("Відділення або поштомат"), required=False, max_length=20)
    store = forms.CharField(label=_("Магазин"), required=False, max_length=20)
    street = _door_field(
        _("Вулиця"),
        max_length=120,
        autocomplete="address-line1",
        pattern=_STREET,
        wrong=_("Напишіть вулицю так, як на табличці, до 120 знаків."),
    )
    house = _door_field(
        _("Будинок"),
        max_length=20,
        autocomplete="address-line2",
        pattern=_HOUSE,
        wrong=_("Номер будинку, наприклад 12-А."),
    )
    flat = _door_field(
        _("Квартира"),
        max_length=20,
        autocomplete="address-line3",
        pattern=_HOUSE,
        wrong=_("Номер квартири, наприклад 7."),
    )
    payment_kind = forms.ChoiceField(
        label=_("Спосіб оплати"),
        choices=PaymentKind.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Оберіть спосіб оплати.")),
        widget=forms.RadioSelect,
    )
    wants_fit_check = forms.BooleanField(
        label=_("Перевірте за VIN, чи все підходить, до відправлення"),
        required=False,
        help_text=_("Менеджер звірить деталі з вашим авто. Якщо щось не підійде, зателефонуємо до відправлення."),
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
    shown_total = _hidden_money()
    shown_delivery = _hidden_money()
    shown_prepayment = _hidden_money()
    offer_version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _STALE),
    )
    modification = forms.CharField(required=False, widget=forms.HiddenInput)
    shown_lines = forms.RegexField(
        r"^[0-9a-f]{32}\Z",
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _STALE),
    )

    point: PickupPoint | None = None
    town_found: Settlement | None = None
    carrier: Carrier | None = None

    def clean_vin(self) -> str:
        vin = "".join(self.cleaned_data["vin"].split()).upper()
        if vin and not _VIN.fullmatch(vin):
            raise forms.ValidationError(_("VIN має 17 знаків: цифри та латинські літери, крім I, O, Q."))
        return vin

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_repeated_fields()
        if {"key", "settlement", "offer_version", *(name for name in self.errors if name.startswith("shown"))} & (
            self.errors.keys()
        ):
            self.add_error(None, _STALE)
        kind = cleaned.get("delivery_kind")
        if kind == DeliveryKind.PICKUP:
            self._clean_store()
        elif kind in TO_THE_DOOR:
            self._clean_door(CARRIER_OF[kind])
        elif kind:
            self._clean_branch(CARRIER_OF[kind])
        if cleaned.get("wants_fit_check") and "vin" not in self.errors and not cleaned.get("vin"):
            self.add_error("vin", _("Щоб перевірити сумісність, потрібен VIN-код."))
        return cleaned

    def _refuse_repeated_fields(self) -> None:
        """The same field twice is not a person's doing; which of the two was meant cannot be known."""
        if not isinstance(self.data, QueryDict):
            return
        for name in self.fields:
            if len(self.data.getlist(self.add_prefix(name))) > 1:
                self.add_error(name, _("Це поле надійшло двічі. Заповніть його ще раз."))

    def _clean_branch(self, carrier_code: str) -> None:
        """An open point of the carrier, in the town that was chosen."""
        if {"town", "pickup_point"} & self.errors.keys():
            return
        settlement = self.cleaned_data.get("settlement", "")
        point = _open_point(self.cleaned_data["pickup_point"], carrier_code)
        if not settlement:
            self.add_error("town", _("Вкажіть місто й оберіть у ньому відділення або поштомат."))
        elif point is None or str(point.settlement_id) != settlement:
            self.add_error("pickup_point", _("Оберіть відділення або поштомат зі списку."))
        else:
            self.point = point

    def _clean_door(self, carrier_code: str) -> None:
        """A town of the directory, a street and a house; nobody knows all the streets of the country."""
        settlement = self.cleaned_data.get("settlement", "")
        if is_id(settlement):
            self.town_found = next(iter(_settlements(pk=int(settlement))), None)
        if "town" not in self.errors and self.town_found is None:
            self.add_error("town", _("Вкажіть місто, куди доставити."))
        for name, missing in (("street", _("Вкажіть вулицю.")), ("house", _("Вкажіть номер будинку."))):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, missing)
        self.carrier = next(iter(_carriers(code=carrier_code)), None)
        if self.carrier is None:
            self.add_error("delivery_kind", _("Цей спосіб доставки зараз не працює. Оберіть інший."))

    def _clean_store(self) -> None:
        if "store" in self.errors:
            return
        self.point = _open_point(self.cleaned_data["store"], Carrier.SELF_PICKUP)
        if self.point is None:
            self.add_error("store", _("Оберіть магазин, де заберете замовлення."))

    def checked(self, customer: Customer | None) -> CheckoutData:
        """What was typed, for the placing; the car of the parts goes along while its name was left as it was."""
        data = self.cleaned_data
        if self.point is None and (self.town_found is None or self.carrier is None):
            raise ValueError("ask for it after is_valid()")
        kind = DeliveryKind(data["delivery_kind"])
        is_door = kind in TO_THE_DOOR
        car = car_of(data["modification"])
        return CheckoutData(
            key=data["key"],
            shown_lines=data["shown_lines"],
            surname=data["surname"],
            given_name=data["given_name"],
            patronymic=data["patronymic"],
            phone=data["phone"],
            email=data["email"],
            delivery_kind=kind,
            pickup_point=self.point,
            payment_kind=PaymentKind(data["payment_kind"]),
            modification_id=car.pk if car and data["car"] == car_text(car) else None,
            car=data["car"],
            vin=data["vin"],
            comment=data["comment"],
            language=get_language() or "uk",
            settlement=self.town_found,
            carrier=self.carrier,
            street=data["street"] if is_door else "",
            house=data["house"] if is_door else "",
            flat=data["flat"] if is_door else "",
            wants_fit_check=data["wants_fit_check"],
            offer_version=data["offer_version"],
            delivery_total=data["shown_delivery"],
            prepayment=data["shown_prepayment"],
            customer_id=customer.pk if customer else None,
        )


def car_text(car: Modification | None) -> str:
    """A car as the form prefills it."""
    return car.full_name()[:200] if car else ""


def car_of(text: str) -> Modification | None:
    """The car whose id the form carries; None for anything else."""
    return known_car(int(text)) if is_id(text) else None


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _open_point(text: str, carrier_code: str) -> PickupPoint | None:
    if not is_id(text):
        return None
    return next(iter(_open_points(pk=int(text), carrier=carrier_code)), None)


_open_points = Found(
    lambda pk, carrier: PickupPoint.objects.open().of(carrier).select_related("carrier", "settlement").filter(pk=pk)
)
_settlements = Found(lambda pk: Settlement.objects.filter(pk=pk))
_carriers = Found(lambda code: Carrier.objects.filter(code=code, is_active=True))
