"""What may be typed about the basket."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CodeField
from orders.models import MAX_PIECES
from shop.lib.person_fields import no_control_characters
from shop.lib.phones import normalise_phone
from shop.offers.models import Offer
from vehicles.models import Modification

_BIGGEST_ID = 2**63 - 1
_WRONG_COUNT = _("Вкажіть від 1 до 99 штук.")


class QuantityForm(forms.Form):
    """How many pieces; ``step`` is what the minus and plus buttons add to the number beside them."""

    quantity = forms.IntegerField(
        label=_("Кількість"),
        min_value=1,
        max_value=MAX_PIECES,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _WRONG_COUNT),
    )
    step = forms.ChoiceField(choices=[("-1", "−"), ("1", "+")], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if quantity := cleaned.get("quantity"):
            cleaned["quantity"] = min(max(quantity + int(cleaned.get("step") or 0), 1), MAX_PIECES)
        return cleaned


class AddingForm(forms.Form):
    """A part from a warehouse that offers it now, and how many.

    ``modification`` puts a line that was taken out back for its car; a new line is for the chosen car. ``is_sure`` says
    that the customer knows that nobody lists the part for that car.
    """

    part = forms.IntegerField(min_value=1, max_value=_BIGGEST_ID)
    warehouse = forms.IntegerField(min_value=1, max_value=_BIGGEST_ID)
    quantity = forms.IntegerField(min_value=1, max_value=MAX_PIECES, required=False)
    modification = forms.ModelChoiceField(Modification.objects.active(), required=False)
    is_sure = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            offers = Offer.objects.current().filter(
                part_id=cleaned["part"], warehouse_id=cleaned["warehouse"], part__is_active=True
            )
            cleaned["offer"] = offers.select_related("part__brand", "part__category").order_by("price", "id").first()
            cleaned["quantity"] = cleaned["quantity"] or 1
            if cleaned["offer"] is None:
                raise forms.ValidationError(_("Цю пропозицію вже знято з продажу. Оберіть іншу на сторінці деталі."))
        return cleaned


class ContactForm(forms.Form):
    """A phone or an e-mail address in one field: where the link to a basket goes. Gives ``phone`` or ``email``."""

    contact = forms.CharField(
        label=_("Телефон або електронна пошта"),
        max_length=254,
        help_text=_("Надішлемо лише посилання на цей кошик. Контакт не збережемо для реклами."),
        error_messages={
            "required": _("Вкажіть телефон або пошту, куди надіслати посилання."),
            "max_length": _("Не схоже ні на телефон, ні на пошту."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel email", "spellcheck": "false"}),
        validators=[no_control_characters],
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned |= {"phone": "", "email": ""}
        contact = cleaned.get("contact")
        if not contact:
            return cleaned
        if "@" in contact:
            try:
                cleaned["email"] = forms.EmailField(max_length=254).clean(contact)
            except forms.ValidationError:
                self.add_error("contact", _("Не схоже на адресу пошти. Приклад: olena@example.com."))
        elif (phone := normalise_phone(contact)) is not None:
            cleaned["phone"] = phone
        else:
            self.add_error("contact", _("Не схоже на номер телефону. Приклад: 067 123 45 67."))
        return cleaned


class ClaimCodeForm(forms.Form):
    """The code that proves the mailbox or the phone of an order."""

    code = CodeField()

    def clean_code(self) -> str:
        return "".join(letter for letter in self.cleaned_data["code"] if letter.isdigit())
