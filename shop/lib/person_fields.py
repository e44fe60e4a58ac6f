"""Form fields for what people are called and how they are reached."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from shop.lib.phones import normalise_phone

# Letters of any alphabet, joined by one apostrophe, hyphen, dot or blank.
_NAME = re.compile(r"^[^\W\d_]+(?:(?:['’ʼ`.-]|\. ?| )[^\W\d_]+)*\.?\Z")
_WRONG_PHONE = _("Не схоже на номер телефону. Приклад: 067 123 45 67.")
_WRONG_EMAIL = _("Не схоже на адресу пошти. Приклад: olena@example.com.")


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
                RegexValidator(_NAME, _("Лише літери, дефіс та апостроф.")),
            ],
            **kwargs,
        )


class PhoneField(forms.CharField):
    """A phone in any spelling; gives E.164, or "" where it may be left out."""

    def __init__(
        self,
        *,
        label: Any,
        required_text: Any = "",
        wrong_text: Any = _WRONG_PHONE,
        autocomplete: str = "tel",
        **kwargs: Any,
    ) -> None:
        self._wrong_text = wrong_text
        super().__init__(
            label=label,
            max_length=40,
            error_messages={"required": required_text, "max_length": wrong_text},
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": autocomplete, "inputmode": "tel"}),
            validators=[no_control_characters],
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        phone = normalise_phone(typed)
        if phone is None:
            raise forms.ValidationError(self._wrong_text)
        return phone


class MailboxField(forms.EmailField):
    """An e-mail address, as typed."""

    def __init__(self, *, label: Any, required_text: Any = "", **kwargs: Any) -> None:
        super().__init__(
            label=label,
            max_length=254,
            error_messages={"required": required_text, "invalid": _WRONG_EMAIL, "max_length": _WRONG_EMAIL},
            widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
            validators=[no_control_characters],
            **kwargs,
        )
