"""What a customer writes to the manager of an order."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.notes import MOST_SIGNS
from shop.lib.person_fields import no_control_characters


class TalkForm(forms.Form):
    """``key`` makes a second press of the same form write nothing; the length of a text is ``write_note``'s matter."""

    text = forms.CharField(
        label=_("Напишіть менеджеру"),
        error_messages={"required": _("Напишіть, про що хочете спитати.")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MOST_SIGNS}),
        validators=[no_control_characters],
    )
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Форма застаріла: надішліть ще раз."),
            "invalid": _("Форма застаріла: надішліть ще раз."),
        },
    )

    @property
    def next_key(self) -> uuid.UUID:
        """The key of the form as it is shown: that of the refused one, which has written nothing, else a new one."""
        if self.is_bound and "key" not in self.errors:
            key: uuid.UUID = self.cleaned_data["key"]
            return key
        return uuid.uuid4()

    def clean_text(self) -> str:
        """Browsers count a new line as one sign and send two."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")
