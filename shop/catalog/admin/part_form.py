"""The form of a part: its own columns and one field per property of its category."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from shop.catalog.models import Attribute, AttributeChoice, AttributeValue, Part
from shop.catalog.numbers import article_key

_PREFIX = "property_"


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Part
        fields: ClassVar = [
            "brand",
            "article_number",
            "name_uk",
            "name_en",
            "category",
            "sold_as",
            "weight_kg",
            "warranty_months",
            "is_active",
        ]

    def clean_category(self) -> Any:
        category = self.cleaned_data["category"]
        if category and category.numchild:
            raise ValidationError(_("Деталі належать найнижчому рівню: виберіть одну з підкатегорій."))
        return category

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        number, brand = cleaned.get("article_number"), cleaned.get("brand")
        if number:
            key = article_key(number)
            if not key:
                self.add_error("article_number", _("В артикулі має бути хоча б одна літера чи цифра."))
            elif brand and Part.objects.filter(brand=brand, article_key=key).exclude(pk=self.instance.pk).exists():
                self.add_error("article_number", _("У цього бренда вже є деталь із таким артикулом."))
        return cleaned


def attribute_fields(part: Part | None) -> dict[str, forms.Field]:
    """A field for each property of the part's category, with the value it has; none for a part not saved yet."""
    if part is None:
        return {}
    known: dict[str, forms.Field] | None = getattr(part, "_property_fields", None)
    if known is None:
        values = {value.attribute_id: value for value in AttributeValue.objects.filter(part=part)}
        attributes = Attribute.objects.filter(category_id=part.category_id).prefetch_related("choices")
        known = {f"{_PREFIX}{each.pk}": _field(each, values.get(each.pk)) for each in attributes}
        part._property_fields = known  # type: ignore[attr-defined]  # asked for several times in one request
    return known


def _field(attribute: Attribute, value: AttributeValue | None) -> forms.Field:
    label = f"{attribute.name_uk}, {attribute.unit}" if attribute.unit else attribute.name_uk
    if attribute.kind == Attribute.Kind.CHOICE:
        choices = [(str(choice.pk), choice.name_uk) for choice in attribute.choices.all()]
        return forms.ChoiceField(
            choices=[("", "—"), *choices],
            required=False,
            label=label,
            initial=str(value.choice_id) if value else "",
            widget=UnfoldAdminSelectWidget,
        )
    if attribute.kind == Attribute.Kind.BOOL:
        return forms.ChoiceField(
            choices=[("", "—"), ("1", _("так")), ("0", _("ні"))],
            required=False,
            label=label,
            initial="" if value is None or value.number is None else str(int(value.number)),
            widget=UnfoldAdminSelectWidget,
        )
    return forms.DecimalField(
        required=False,
        label=label,
        min_value=attribute.min_value,
        max_value=attribute.max_value,
        max_digits=12,
        decimal_places=3,
        initial=value.number.normalize() if value and value.number is not None else None,
        widget=UnfoldAdminDecimalFieldWidget,
    )


def save_attributes(part: Part, cleaned: dict[str, Any]) -> None:
    """Write the properties that were on the form; an emptied field removes its value.

    Values of properties that the category does not have (the part has moved) go as well.
    """
    typed = {int(name.removeprefix(_PREFIX)): value for name, value in cleaned.items() if name.startswith(_PREFIX)}
    attributes = {each.pk: each for each in Attribute.objects.filter(category_id=part.category_id)}
    AttributeValue.objects.filter(part=part).exclude(attribute__in=attributes).delete()
    for pk, value in typed.items():
        attribute = attributes.get(pk)
        if attribute is None:
            continue
        if value in ("", None):
            AttributeValue.objects.filter(part=part, attribute=attribute).delete()
            continue
        if attribute.kind == Attribute.Kind.CHOICE:
            columns: dict[str, Any] = {"choice": AttributeChoice.objects.get(pk=value), "number": None}
        else:
            columns = {"choice": None, "number": value}
        AttributeValue.objects.update_or_create(part=part, attribute=attribute, defaults=columns)
