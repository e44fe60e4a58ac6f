"""Exchange rates: by the bank or by hand, locked with a reason, and those that jumped and wait for a person."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import BooleanField, Case, Q, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldBooleanSwitchWidget

from shop.lib.admin import Deletable, ShopModelAdmin, action, display
from shop.offers.models import Currency, ExchangeRate, Supplier
from shop.offers.rates import JUMP_PERCENT, accept_rate, missing_or_stale, rates_in_force


class ExchangeRateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rate by hand, or the lock of a rate. One far from the rate in force is asked about: prices follow at once."""

    is_sure = forms.BooleanField(
        label=_("так, курс саме такий"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Потрібно, лише якщо курс сильно відрізняється від чинного."),
    )

    class Meta:
        model = ExchangeRate
        fields: ClassVar = ["currency", "valid_on", "rate", "is_locked", "lock_reason"]
        error_messages: ClassVar = {
            NON_FIELD_ERRORS: {"unique_together": _("Курс цієї валюти на цей день уже введено: змініть його.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            field: Any = self.fields["currency"]
            field.choices = [choice for choice in field.choices if choice[0] != Currency.UAH]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        currency = cleaned.get("currency") or self.instance.currency
        rate = cleaned.get("rate")
        if rate is not None and rate <= 0:
            self.add_error("rate", _("Курс має бути більшим за нуль."))
        elif rate is not None and not cleaned.get("is_sure"):
            self._ask_about_a_jump(currency, rate)
        if cleaned.get("is_locked"):
            self._check_lock(currency, cleaned)
        return cleaned

    def _ask_about_a_jump(self, currency: str, rate: Decimal) -> None:
        known = rates_in_force(timezone.localdate()).get(currency)
        move = abs(rate / known.rate - 1) * 100 if known else Decimal(0)
        if known and move > JUMP_PERCENT:
            words = _("Чинний курс — %(rate)s, це зміна на %(percent)s %%. Якщо все правильно, підтвердьте нижче.")
            self.add_error("rate", words % {"rate": _plain(known.rate), "percent": round(move)})

    def _check_lock(self, currency: str, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("lock_reason", "").strip():
            self.add_error("lock_reason", _("Напишіть, чому курс зафіксовано: колеги мають це знати."))
        if self.instance.needs_person_since:
            self.add_error("is_locked", _("Спершу прийміть цей курс."))
        other = ExchangeRate.objects.filter(currency=currency, is_locked=True).exclude(pk=self.instance.pk).first()
        if other:
            words = _("Для %(currency)s уже зафіксовано інший курс: %(rate)s. Спершу зніміть фіксацію там.")
            self.add_error("is_locked", words % {"currency": currency, "rate": _plain(other.rate)})


def _plain(rate: Decimal) -> str:
    """Six decimals are kept, those that say nothing are not shown."""
    return str(number_format(f"{rate:f}".rstrip("0").rstrip(".")))


@admin.register(ExchangeRate)
class ExchangeRateAdmin(Deletable, ShopModelAdmin):
    form = ExchangeRateForm
    list_display = ["currency", "rate_text", "state", "day", "source", "lock_reason"]
    list_filter = [("currency", ChoicesDropdownFilter), ("source", ChoicesDropdownFilter), "is_locked"]
    list_filter_submit = True
    ordering = ["-valid_on", "currency", "source"]
    sortable_by = ()
    actions_detail = ["accept", "refuse"]
    change_form_outer_before_template = "admin/offers/exchangerate/waits.html"
    list_before_template = "admin/offers/exchangerate/stale.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Above the list: currencies of our suppliers that nobody renews."""
        traded = set(Supplier.objects.filter(is_active=True).values_list("currency", flat=True))
        stale = [code for code in missing_or_stale(timezone.localdate()) if code in traded]
        response: HttpResponse = super().changelist_view(
            request, {"stale_currencies": ", ".join(stale)} | (extra_context or {})
        )
        return response

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ExchangeRate]:
        in_force = [each.pk for each in rates_in_force(timezone.localdate()).values()]
        rows: models.QuerySet[ExchangeRate] = super().get_queryset(request)
        return rows.annotate(
            in_force=Case(When(Q(pk__in=in_force), then=Value(True)), default=False, output_field=BooleanField())
        )

    def get_fields(self, request: HttpRequest, obj: ExchangeRate | None = None) -> list[Any]:
        lock = ["is_locked", "lock_reason"]
        if obj is None:
            return ["currency", "valid_on", "rate", "is_sure", *lock]
        if not self.has_change_permission(request, obj):
            return ["currency", "valid_on", "rate", "source", *lock]
        sure = ["is_sure"] if obj.source == ExchangeRate.Source.MANUAL else []
        return ["currency", "valid_on", "source", "rate", *sure, *lock]

    def get_readonly_fields(self, request: HttpRequest, obj: ExchangeRate | None = None) -> list[str]:
        if obj is None:
            return []
        by_bank = ["rate"] if obj.source == ExchangeRate.Source.NBU else []
        return ["currency", "valid_on", "source", *by_bank]

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """Only a rate that waits is accepted or refused."""
        rate = self.get_object(request, str(object_id))
        return super().get_actions_detail(request, object_id) if rate and rate.needs_person_since else []

    def has_accept_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(self.has_change_permission(request))

    def has_refuse_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_delete_permission(request)

    @action(description=_("Прийняти курс"), url_path="accept", permissions=["accept"], icon="check", variant="success")
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows what will happen and asks; POST does it, once."""
        rate = self.get_object(request, object_id)
        if rate is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        page = HttpResponseRedirect(reverse("admin:offers_exchangerate_changelist"))
        if not rate.needs_person_since:
            messages.info(request, _("Про цей курс уже вирішено."))
            return page
        if request.method == "POST":
            if accept_rate(rate):
                self.log_change(request, rate, [{"changed": {"fields": [str(_("прийнято"))]}}])
                self.tell(rate)
            messages.success(request, _("Курс прийнято. Ціни перераховуються."))
            return page
        known = rates_in_force(timezone.localdate()).get(rate.currency)
        context = self.admin_site.each_context(request) | {
            "title": _("Прийняти курс?"),
            "opts": self.opts,
            "original": rate,
            "rate": rate,
            "rate_text": _plain(rate.rate),
            "known": known,
            "known_text": _plain(known.rate) if known else "",
        }
        return TemplateResponse(request, "admin/offers/exchangerate/accept.html", context)

    @action(description=_("Відхилити"), url_path="refuse", permissions=["refuse"], icon="close", variant="danger")
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the page that asks before deleting: what is refused is not kept."""
        return HttpResponseRedirect(reverse("admin:offers_exchangerate_delete", args=[object_id]))

    @display(description=_("курс, ₴"))
    def rate_text(self, obj: ExchangeRate) -> str:
        return _plain(obj.rate)

    @display(description=_("на дату"))
    def day(self, obj: ExchangeRate) -> str:
        return str(date_format(obj.valid_on, "d.m.Y"))

    @display(
        description=_("стан"),
        label={"waits": "warning", "locked": "primary", "in_force": "success"},
    )
    def state(self, obj: Any) -> Any:
        if obj.needs_person_since:
            return "waits", _("чекає на рішення")
        if obj.is_locked:
            return "locked", _("зафіксовано")
        return ("in_force", _("діє")) if obj.in_force else None
