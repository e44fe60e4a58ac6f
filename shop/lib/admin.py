"""What admin pages of all apps share: lists that stay usable over millions of rows, one signal after an edit."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.paginator import Paginator
from django.db import connection, models, transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold import decorators
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import PaginationInlineFormSet

# Sent after the commit with ``sender`` (the model) and ``pk``: what was shown from this row may now be stale.
staff_edited = Signal()


def display[Method: Callable[..., Any]](**words: Any) -> Callable[[Method], Method]:
    """Unfold's ``display`` with the types it lacks."""
    decorated: Callable[[Method], Method] = decorators.display(**words)
    return decorated


def action[Method: Callable[..., Any]](**words: Any) -> Callable[[Method], Method]:
    """Unfold's ``action`` with the types it lacks."""
    decorated: Callable[[Method], Method] = decorators.action(**words)
    return decorated


# Nobody turns pages further; the next step is a search. Counting stops here, so a filter never counts millions.
MAX_COUNTED = 10_000
# Digits of the largest bigint; anything longer is nobody's key.
_LONGEST_KEY = 19


class EstimatedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts nothing that is large: the planner's estimate for a whole table, at most MAX_COUNTED rows of a part."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(rows)
        if not rows.query.where:
            estimate = _estimated_rows(rows.model._meta.db_table)
            if estimate > MAX_COUNTED:
                return estimate
        return rows.order_by()[:MAX_COUNTED].count()


def _estimated_rows(table: str) -> int:
    """The planner's number of rows, kept fresh by autovacuum; -1 before its first run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        count: int = cursor.fetchone()[0]
    return count


class KnownChoice(AutocompleteSelect):
    """Django's autocompleting field, with two faults mended: a value that is no key is not asked for (it was an error
    page instead of a message), and a row that came with its form (``known``) is not asked for again."""

    known: models.Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        keys = [key for key in value if str(key).isascii() and str(key).isdigit() and len(str(key)) < _LONGEST_KEY]
        if self.known is None or keys != [str(self.known.pk)]:
            groups: list[Any] = super().optgroups(name, keys, attr)
            return groups
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        label = self.choices.field.label_from_instance(self.known)
        return [(None, [*empty, self.create_option(name, self.known.pk, label, True, 0)], 0)]


class _Choosing:
    """Takes ``KnownChoice`` wherever a field autocompletes."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        page: Any = self
        if "widget" not in kwargs and db_field.name in page.get_autocomplete_fields(request):
            kwargs["widget"] = KnownChoice(db_field, page.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class KnownRowsFormSet(PaginationInlineFormSet):
    """Rows of an inline whose queryset has read their ``autocomplete_fields`` along: no query a row."""

    chosen: Sequence[str] = ()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk is None:
            return
        for name in self.chosen:
            widget = form.fields[name].widget if name in form.fields else None
            widget = getattr(widget, "widget", widget)
            if isinstance(widget, KnownChoice):
                widget.known = getattr(form.instance, name)


class RowsInline(_Choosing, TabularInline):
    """Rows under a row, edited in place, twenty a page."""

    formset = KnownRowsFormSet
    extra = 0
    per_page = 20
    show_title = False
    tab = True

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.chosen = tuple(self.autocomplete_fields)
        return formset


class ShopModelAdmin(_Choosing, ModelAdmin):
    """Rows are switched off, not deleted: bulk tables refer to them by database keys that Python does not follow.

    Subclasses whose rows nothing refers to mix in ``Deletable``.
    """

    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatedPaginator
    warn_unsaved_form = True

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def save_related(self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.tell(form.instance)

    def tell(self, obj: models.Model) -> None:
        """Send ``staff_edited`` once the change is true for everybody."""
        transaction.on_commit(partial(staff_edited.send, sender=self.model, pk=obj.pk))

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return self._log(request, obj, CHANGE, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> list[LogEntry]:
        return [self._log(request, obj, DELETION, "") for obj in queryset]

    def _log(self, request: HttpRequest, obj: models.Model, flag: int, message: Any) -> LogEntry:
        """Django's journal of staff edits, with the row's number in place of its name, which may be a person's."""
        return LogEntry.objects.create(
            user_id=int(request.user.pk or 0),
            content_type=get_content_type_for_model(obj),
            object_id=obj.pk,
            object_repr=f"№ {obj.pk}",
            action_flag=flag,
            change_message=message,
        )


class Deletable:
    """Mixed in before ShopModelAdmin where nothing refers to the rows: the ordinary right to delete decides."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed: bool = super(ShopModelAdmin, self).has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        self.tell(obj)  # type: ignore[attr-defined]
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for obj in queryset:
            self.tell(obj)  # type: ignore[attr-defined]
        super().delete_queryset(request, queryset)  # type: ignore[misc]


class ReadOnlyModelAdmin(ShopModelAdmin):
    """A ledger: staff look, nobody writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    """Rows of a ledger under the row they belong to."""

    extra = 0
    can_delete = False
    show_title = False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return list(self.fields or [])

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
