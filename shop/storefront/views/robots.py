"""What search engines may visit, and the map of it."""

from django.conf import settings
from django.contrib.sitemaps.views import index
from django.contrib.sitemaps.views import sitemap as piece
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.lib.version import catalogue_version, pinned
from shop.storefront.sitemaps import SITEMAPS

_CLOSED = (
    "/admin/",
    "/basket/",
    "/checkout/",
    "/orders/",
    "/search/",
    "/local/",
    "/cars/chosen/",
    "/cars/vin/",
    "/garage/",
)


@require_safe
@cache_control(max_age=86_400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Pages of one visitor and endless combinations of filters are nobody's find."""
    closed = [f"Disallow: {prefix}{path}" for path in _CLOSED for prefix in ("", "/en")]
    lines = ["User-agent: *", *closed, "Disallow: /*?*sort=", "Disallow: /*?*price_", ""]
    text = "\n".join([*lines, f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return index(request, SITEMAPS, sitemap_url_name="sitemap_section")


@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """One file; thousands of addresses are written under one version of the catalogue, asked for once."""
    with pinned(catalogue_version()):
        return piece(request, SITEMAPS, section).render()
