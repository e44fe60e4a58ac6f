"""Cars that no rule could tell: their words, what they may mean, and a person's answer."""

from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop.catalog.errors import CatalogFileError
from shop.catalog.loading.car_texts import refuse, settle
from shop.catalog.loading.suggesting import choices_of, suggestions_of
from shop.catalog.models import CarText
from shop.lib.admin import ShopModelAdmin, display
from vehicles.models import Modification

_ROWS_SHOWN: Final = 5
_MOST_CHOSEN: Final = 1000
# Digits of the largest bigint.
_LONGEST_KEY: Final = 19


@admin.register(CarText)
class CarTextAdmin(ShopModelAdmin):
    """The queue: open ones first, those that most rows wait for on top."""

    list_display = ["text", "rows", "reason", "shown_status", "file"]
    list_select_related = ["file__source"]
    list_filter = ["status", "reason"]
    search_fields = ["text__icontains"]
    ordering = ["status", "-rows", "pk"]
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One text with its suggestions; an answer leads to the next one."""
        text: CarText | None = self.get_object(request, unquote(object_id))
        if text is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not self.has_view_permission(request, text):
            raise PermissionDenied
        chosen: set[int] = set()
        if request.method == "POST":
            if not self.has_change_permission(request, text):
                raise PermissionDenied
            chosen = _chosen(request)
            try:
                return self._answer(request, text, chosen)
            except CatalogFileError as error:
                messages.error(request, str(error))
        suggestions = suggestions_of(text)
        context = self.admin_site.each_context(request) | {
            "title": text.text,
            "opts": self.opts,
            "text": text,
            "suggestions": suggestions,
            "choices": choices_of(request.GET, suggestions),
            "chosen": chosen,
            "settled": Modification.objects.with_names().filter(pk__in=text.modifications)[:_ROWS_SHOWN],
            "waiting": text.waiting.select_related("part__brand", "file")[:_ROWS_SHOWN],
            "may_change": self.has_change_permission(request, text),
        }
        return TemplateResponse(request, "admin/catalog/cartext/answer.html", context)

    def _answer(self, request: HttpRequest, text: CarText, chosen: set[int]) -> HttpResponse:
        if "refusal" in request.POST:
            refuse(text, author=request.user)  # type: ignore[arg-type]
            messages.success(request, _("Запам’ятали: це не наше авто. Такі рядки більше не питатимемо."))
        else:
            added = settle(text, chosen, author=request.user)  # type: ignore[arg-type]
            words = ngettext(
                "Запам’ятали. Додано %(count)d запис про придатність.",
                "Запам’ятали. Додано записів про придатність: %(count)d.",
                added,
            )
            messages.success(request, words % {"count": added})
        self.log_change(request, text, f"{text.status}: {len(text.modifications)}")
        following = CarText.objects.filter(status=CarText.Status.OPEN).order_by("-rows", "pk").first()
        if following:
            return HttpResponseRedirect(reverse("admin:catalog_cartext_change", args=[following.pk]))
        return HttpResponseRedirect(reverse("admin:catalog_cartext_changelist"))

    @display(
        description=_("стан"),
        label={CarText.Status.OPEN.label: "warning", CarText.Status.SETTLED.label: "success"},
    )
    def shown_status(self, obj: CarText) -> str:
        return obj.get_status_display()


def _chosen(request: HttpRequest) -> set[int]:
    """The marked modifications, or all of a generation."""
    generation = request.POST.get("generation", "")
    if _is_key(generation):
        return set(Modification.objects.active().filter(generation=int(generation)).values_list("pk", flat=True))
    return {int(pk) for pk in request.POST.getlist("car")[:_MOST_CHOSEN] if _is_key(pk)}


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < _LONGEST_KEY
