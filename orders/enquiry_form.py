"""What a person types to ask our staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.checkout_form import NameField, no_control_characters
from orders.models.enquiry import MOST_QUESTION
from shop.lib.phones import normalise_phone


class PhoneForm(forms.Form):
    """A phone alone: enough to call back."""

    phone = forms.CharField(
        label=_("Телефон"),
        max_length=40,
        error_messages={"required": _("Вкажіть телефон, щоб ми передзвонили."), "max_length": _("Це не телефон.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        validators=[no_control_characters],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "enquiry-%s")
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        phone = normalise_phone(self.cleaned_data["phone"])
        if phone is None:
            raise forms.ValidationError(_("Перевірте номер: наприклад, 067 123 45 67."))
        return phone


class CallBackForm(PhoneForm):
    """Whom to call, and what about if the person cares to say."""

    name = NameField(label=_("Ім’я"), required=False, autocomplete="given-name")
    question = forms.CharField(
        label=_("Про що поговорити"),
        required=False,
        max_length=MOST_QUESTION,
        error_messages={"max_length": _("Не більше 1000 знаків.")},
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[no_control_characters],
    )
    field_order = ("phone", "name", "question")


class EnquiryForm(PhoneForm):
    """The question, a name and a phone: nothing more is needed to call back."""

    question = forms.CharField(
        label=_("Що шукаєте"),
        max_length=MOST_QUESTION,
        help_text=_("Номер або назва деталі, авто, рік, двигун — усе, що знаєте."),
        error_messages={"required": _("Напишіть, що саме шукаєте."), "max_length": _("Не більше 1000 знаків.")},
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters],
    )
    name = NameField(label=_("Ім’я"), required_text=_("Як до вас звертатися?"), autocomplete="given-name")
    field_order = ("question", "name", "phone")
