"""The legal texts that come with the shop, filled in with the seller's card."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine
from django.utils import timezone
from django.utils.translation import override

from shop.lib.copying import Changes
from shop.lib.seller import seller
from shop.privacy.models import LegalDocument

_TEXTS = Path(__file__).parent / "texts"


@transaction.atomic
def load() -> Changes:
    """Publish, valid from today, each text that differs from its newest version; the former ones stay.

    A text whose newest version was written by staff is left alone: theirs counts. A second run writes nothing.
    """
    added = 0
    for kind in LegalDocument.Kind.values:
        newest = LegalDocument.objects.filter(kind=kind).order_by("-version").first()
        if newest and not newest.came_with_shop:
            continue
        body_uk, body_en = _text(kind, "uk"), _text(kind, "en")
        if newest and (newest.body_uk, newest.body_en) == (body_uk, body_en):
            continue
        LegalDocument.objects.create(
            kind=kind,
            version=newest.version + 1 if newest else 1,
            valid_from=timezone.localdate(),
            body_uk=body_uk,
            body_en=body_en,
            came_with_shop=True,
        )
        added += 1
    return Changes(added=added)


def _text(kind: str, language: str) -> str:
    """The text as it is published: a version must not change when the seller's card does."""
    context = {"seller": seller(), "shop_name": settings.SHOP_NAME}
    with override(language):
        return Engine().from_string((_TEXTS / language / f"{kind}.html").read_text()).render(Context(context))
