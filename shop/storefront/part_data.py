"""The part page in the words of schema.org, for search engines: a data block that no browser runs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from shop.catalog.models import Part
from shop.offers.current import CurrentOffer
from shop.storefront.rows import part_address

# As django.utils.html.json_script does: nothing in a name can end the element.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Fact:
    """A row of a stencil: a property of a part in words."""

    name: str
    value: str


def structured_data(part: Part, offers: Sequence[CurrentOffer], *, barcodes: Sequence[str] = ()) -> SafeString:
    """A Product with its offers, as https://schema.org/Product; prices in UAH with taxes."""
    address = f"{settings.PUBLIC_URL}{part_address(part.brand.slug, part.article_key)}"
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": f"{part.name} {part.brand.name} {part.article_number}",
        "brand": {"@type": "Brand", "name": part.brand.name},
        "mpn": part.article_number,
        "category": part.category.name,
        "url": address,
    }
    if barcodes:
        data[f"gtin{len(barcodes[0])}"] = barcodes[0]
    if offers:
        prices = [offer.price for offer in offers]
        data["offers"] = {
            "@type": "AggregateOffer",
            "priceCurrency": "UAH",
            "lowPrice": str(min(prices)),
            "highPrice": str(max(prices)),
            "offerCount": len(offers),
            "availability": "https://schema.org/InStock",
        }
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  # escaped above
