"""Letters and SMS as they were written; sealed values (codes, secret links) stay placeholders here."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from shop.lib.admin import display
from shop.lib.phones import normalise_phone
from shop.messaging import attention, suppression_admin  # noqa: F401  # its page registers itself
from shop.messaging.costs_admin import WithCosts
from shop.messaging.masking import mask_receiver
from shop.messaging.models import Message
from shop.messaging.placeholders import cover
from shop.messaging.repeating_admin import WithRepeating

STATUS_LABELS = {
    Message.Status.WAITING: "info",
    Message.Status.LEASED: "info",
    Message.Status.ACCEPTED: "primary",
    Message.Status.DELIVERED: "success",
    Message.Status.UNDELIVERED: "danger",
    Message.Status.REJECTED: "danger",
    Message.Status.NEEDS_PERSON: "warning",
    Message.Status.IN_RESERVE: "",
    Message.Status.NOT_NEEDED: "",
}


@admin.register(Message)
class MessageAdmin(WithRepeating, WithCosts):
    list_display = [
        "created_at",
        "channel",
        "masked_receiver",
        "subject",
        "state",
        "attempts",
        "parts",
        "price",
        "needs_person_since",
    ]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["receiver__exact"]
    search_help_text = _("Телефон у будь-якому написанні або повна електронна пошта")
    fields = [
        "channel",
        "receiver",
        "subject",
        "body",
        "status",
        "attempts",
        "created_at",
        "handed_over_at",
        ("gateway", "gateway_message_id"),
        ("parts", "price"),
        "error",
        "news",
        "takes_place_of",
        ("written_by", "reason"),
        "needs_person_since",
        "needs_person_reason",
    ]
    readonly_fields = ["body", "news"]
    actions = ["send_again", "close"]

    @admin.action(description=_("Надіслати ще раз: попередня спроба не дійшла"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: models.QuerySet[Message]) -> None:
        self._settle(request, queryset, attention.send_again)

    @admin.action(description=_("Закрити: покупець уже знає"), permissions=["view"])
    def close(self, request: HttpRequest, queryset: models.QuerySet[Message]) -> None:
        self._settle(request, queryset, attention.close)

    def _settle(self, request: HttpRequest, queryset: models.QuerySet[Message], act: Callable[[Message], bool]) -> None:
        settled = [message for message in queryset if act(message)]
        for message in settled:
            self.log_change(request, message, act.__name__)
        self.message_user(
            request,
            ngettext("Опрацьовано %(count)d повідомлення.", "Опрацьовано %(count)d повідомлень.", len(settled))
            % {"count": len(settled)},
        )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Message]:
        return super().get_queryset(request).defer("html", "sealed")  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Message], search_term: str
    ) -> tuple[models.QuerySet[Message], bool]:
        term = search_term.strip()
        if term:
            queryset = queryset.filter(receiver=normalise_phone(term) or term)
        return queryset, False

    @display(description=_("одержувач"))
    def masked_receiver(self, obj: Message) -> str:
        return mask_receiver(obj)

    @display(description=_("стан"), ordering="status", label=STATUS_LABELS)
    def state(self, obj: Message) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("текст"))
    def body(self, obj: Message) -> Any:
        return format_html('<pre class="desk-text">{}</pre>', cover(obj.text))

    @display(description=_("що сказав шлюз"))
    def news(self, obj: Message) -> Any:
        """All that was heard of it, the newest last."""
        said = [
            (timezone.localtime(event.happened_at).strftime("%d.%m.%Y %H:%M:%S"), event.get_news_display(), event.code)
            for event in obj.delivery_events.all()
        ]
        return format_html_join("", "<p>{} · {} <small>{}</small></p>", said) or "—"
