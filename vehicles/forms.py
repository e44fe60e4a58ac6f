"""What visitors type about their cars."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vehicles.garage import LONGEST_NAME
from vehicles.vin import read_car_number, vin_problem


class VinField(forms.CharField):
    """A VIN or a frame number in any spelling; clean, it is ``WVWZZZ1KZAW123456`` or ``NZE121-0123456``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.widget.attrs |= {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        if number := read_car_number(text):
            return number
        raise forms.ValidationError(vin_problem(text))


class VinForm(forms.Form):
    """Look a car up. ``keep`` asks to store the number with the car that will be chosen."""

    vin = VinField(
        label=_("VIN або номер кузова"),
        error_messages={
            "required": _("Впишіть VIN: 17 знаків, вони є у свідоцтві про реєстрацію та під лобовим склом.")
        },
        help_text=_("17 знаків зі свідоцтва про реєстрацію. В авто з Японії — номер рами, як-от NZE121-0123456."),
    )
    keep = forms.BooleanField(label=_("Зберегти VIN у гаражі разом з авто, яке оберу"), required=False)


class GarageCarForm(forms.Form):
    """What the owner calls a car of the garage, and its VIN if it is to be kept."""

    name = forms.CharField(
        label=_("Назва"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Як ви його називаєте: «Робоче», «Татове»."),
    )
    vin = VinField(label=_("VIN або номер кузова"), required=False)
