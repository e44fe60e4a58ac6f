"""Texts that customers rely on: the version in force, and all former ones."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shop.privacy.models import LegalDocument
from vehicles.chosen import ShopRequest


@require_safe
def document(request: ShopRequest, kind: str, version: int | None = None) -> HttpResponse:
    """The version in force today, or ``version``. A text with a later start is not shown yet."""
    published = LegalDocument.objects.filter(kind=kind, valid_from__lte=timezone.localdate()).order_by(
        "-valid_from", "-version"
    )
    versions = list(published.defer("body_uk", "body_en"))
    if not versions:
        raise Http404
    shown = get_object_or_404(published, version=version or versions[0].version)
    context = {"document": shown, "current": versions[0], "versions": versions}
    return render(request, "storefront/legal.html", context)
