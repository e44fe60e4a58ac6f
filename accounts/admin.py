"""People. Staff accounts are made here by e-mail and password; customers make their own."""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import Customer
from shop.lib.admin import ShopModelAdmin, display
from shop.lib.phones import mask_phone, normalise_phone
from shop.messaging.suppression import unreachable

# Roles are named by a key in the database; people read a word. The table of their rights is in shop.backoffice.roles.
ROLE_NAMES = {"manager": _("менеджер"), "content": _("контент"), "warehouse": _("склад")}

# Both are edited on the person's own page; allauth registers its table by itself.
for _elsewhere in (Group, EmailAddress):
    if admin.site.is_registered(_elsewhere):
        admin.site.unregister(_elsewhere)


class _RoleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(ROLE_NAMES.get(obj.name, obj.name))


def _roles() -> _RoleField:
    return _RoleField(
        queryset=Group.objects.order_by("name"),
        required=False,
        label=_("Ролі"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


class _OnceEmail(forms.ModelForm):  # type: ignore[type-arg]
    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Customer.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Людина з такою електронною поштою вже є."))
        return email


class PersonAddForm(_OnceEmail, BaseUserCreationForm):  # type: ignore[type-arg]
    """A member of staff: e-mail, name, password and role in one step."""

    groups = _roles()

    class Meta:
        model = Customer
        fields = ["email", "surname", "given_name", "patronymic", "is_staff", "groups"]
        widgets = {
            "email": UnfoldAdminEmailInputWidget,
            "surname": UnfoldAdminTextInputWidget,
            "given_name": UnfoldAdminTextInputWidget,
            "patronymic": UnfoldAdminTextInputWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("password1", "password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})


class _PasswordLink(forms.Widget):
    """A way to a new password; the old one's hash is nobody's business."""

    read_only = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html('<a class="desk-button" href="../password/">{}</a>', _("Задати новий пароль"))


class PersonForm(_OnceEmail, UserChangeForm):
    groups = _roles()
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Мова"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Customer
        fields = "__all__"  # noqa: DJ007  # the admin's fieldsets below are the list

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].widget = _PasswordLink()
            self.fields["password"].help_text = ""


@admin.register(Customer)
class CustomerAdmin(ShopModelAdmin, UserAdmin):  # type: ignore[type-arg, misc]
    """Only the owner (a superuser) creates people and gives roles; other staff may look, if their role says so."""

    form = PersonForm
    add_form = PersonAddForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["full_name", "email", "masked_phone", "role_names", "is_staff", "is_active", "joined_at"]
    list_filter = ["is_staff", "is_active", "group"]
    search_fields = ["email"]
    search_help_text = _("Прізвище, електронна пошта або телефон у будь-якому написанні")
    ordering = ["-pk"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "joined_at", "phone_proved_at", "reach"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (
            _("Особисте"),
            {
                "fields": [
                    "surname",
                    "given_name",
                    "patronymic",
                    "phone",
                    "phone_proved_at",
                    "reach",
                    "language",
                    "group",
                ]
            },
        ),
        (_("Доступ"), {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        (_("Час"), {"fields": ["joined_at", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "email",
                    "surname",
                    "given_name",
                    "patronymic",
                    "password1",
                    "password2",
                    "is_staff",
                    "groups",
                ]
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return bool(request.user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Customer]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True}

    def get_fieldsets(self, request: HttpRequest, obj: Customer | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            # The password's hash, even masked, is nobody's business who only looks.
            return [(None, {"fields": ["email"]}), *fieldsets[1:]]
        return fieldsets

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Customer], search_term: str
    ) -> tuple[models.QuerySet[Customer], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = Q(email=term.lower()) | Q(surname__istartswith=term)
        if phone := normalise_phone(term):
            found |= Q(phone=phone)
        return queryset.filter(found), False

    @display(description=_("ім’я"), ordering="surname")
    def full_name(self, obj: Customer) -> str:
        return obj.get_full_name() or "—"

    @display(description=_("телефон"))
    def masked_phone(self, obj: Customer) -> str:
        return mask_phone(str(obj.phone)) if obj.phone else ""

    @display(description=_("чи доходять повідомлення"))
    def reach(self, obj: Customer) -> str:
        closed = unreachable(email=obj.email, phone=str(obj.phone or ""))
        return "; ".join(row.mark for row in closed) or str(_("Так, скільки нам відомо."))

    @display(description=_("ролі"))
    def role_names(self, obj: Customer) -> str:
        return ", ".join(str(ROLE_NAMES.get(group.name, group.name)) for group in obj.groups.all())
