"""What a person types to ask our staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models.enquiry import MOST_QUESTION
from shop.lib.person_fields import NameField, PhoneField, no_control_characters


class PhoneForm(forms.Form):
    """A phone alone: enough to call back."""

    phone = PhoneField(
        label=_("Телефон"),
        required_text=_("Вкажіть телефон, щоб ми передзвонили."),
        wrong_text=_("Перевірте номер: наприклад, 067 123 45 67."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "enquiry-%s")
        super().__init__(*args, **kwargs)


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
