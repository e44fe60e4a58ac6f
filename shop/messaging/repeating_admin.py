"""The page on which staff send a message once more, and say why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from shop.lib.admin import ReadOnlyModelAdmin, action
from shop.messaging.masking import mask_receiver
from shop.messaging.models import Message
from shop.messaging.repeating import NotRepeated, may_be_repeated, send_once_more

REPEAT = "messaging.repeat_message"


class AgainForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Чому ще раз"),
        max_length=200,
        help_text=gettext_lazy("Наприклад: каже, що не отримав. Буде видно в історії."),
        error_messages={"required": gettext_lazy("Напишіть, чому надсилаєте ще раз.")},
        widget=UnfoldAdminTextInputWidget,
    )
    number = forms.IntegerField(min_value=1, max_value=99, widget=forms.HiddenInput)


class WithRepeating(ReadOnlyModelAdmin):
    """Adds the button and its page to a message."""

    actions_detail = ["once_more"]

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        row = self.get_object(request, str(object_id))
        if row is None or not may_be_repeated(row) or not request.user.has_perm(REPEAT):
            return []
        return list(super().get_actions_detail(request, object_id))

    @action(description=gettext_lazy("Надіслати ще раз"), url_path="again", icon="send", variant=ActionVariant.PRIMARY)
    def once_more(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks why; POST sends. A second press of the same page sends nothing more."""
        row: Message | None = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not request.user.has_perm(REPEAT):
            raise PermissionDenied
        number = row.replacements.filter(written_by__isnull=False).count() + 1
        form = AgainForm(request.POST) if request.method == "POST" else AgainForm(initial={"number": number})
        if form.is_valid():
            try:
                again = send_once_more(
                    row,
                    author=request.user,  # type: ignore[arg-type]
                    reason=form.cleaned_data["reason"],
                    number=form.cleaned_data["number"],
                )
            except NotRepeated as refusal:
                form.add_error("reason", str(refusal))
            else:
                self.log_change(request, row, "once_more")
                messages.success(request, _("Надсилаємо ще раз."))
                return HttpResponseRedirect(reverse("admin:messaging_message_change", args=[again.pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Надіслати ще раз на %(where)s?") % {"where": mask_receiver(row)},
            "opts": self.opts,
            "original": row,
            "form": form,
            "back": reverse("admin:messaging_message_change", args=[row.pk]),
        }
        return TemplateResponse(request, "admin/messaging/message/again.html", context)
