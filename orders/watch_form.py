"""Where somebody wants to hear that a part is back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from shop.lib.person_fields import MailboxField
from shop.lib.phones import mask_phone
from shop.messaging.models import Channel


class GuestWatchForm(forms.Form):
    """A mailbox; an SMS goes only to a phone that was proved, because anybody can type a number."""

    email = MailboxField(label=_("Електронна пошта"), required_text=_("Вкажіть пошту, куди написати."))

    def chosen(self) -> tuple[Channel, str]:
        return Channel.EMAIL, self.cleaned_data["email"]


class CustomerWatchForm(forms.Form):
    """The customer's mailbox or proved phone."""

    channel = forms.ChoiceField(
        label=_("Куди повідомити"),
        widget=forms.RadioSelect,
        initial=Channel.EMAIL,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Оберіть, куди повідомити.")),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._receivers = {Channel.EMAIL: customer.email}
        words = {Channel.EMAIL: _("лист на %(where)s") % {"where": customer.email}}
        if customer.proved_phone:
            self._receivers[Channel.SMS] = customer.proved_phone
            words[Channel.SMS] = _("SMS на %(where)s") % {"where": mask_phone(customer.proved_phone)}
        field: Any = self.fields["channel"]
        field.choices = list(words.items())

    def chosen(self) -> tuple[Channel, str]:
        channel = Channel(self.cleaned_data["channel"])
        return channel, self._receivers[channel]
