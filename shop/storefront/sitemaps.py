"""The site map in pieces: an index and files of bounded size, cut by ranges of ids so that no file skips rows."""

from functools import cached_property
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Max
from django.urls import reverse

from shop.catalog.frame import frame
from shop.catalog.models import Brand, Category, Part
from shop.storefront.rows import part_address
from vehicles.models import VehicleMake

_IDS_IN_A_FILE = 5000


class _Range:
    """Stands for a page of Django's paginator."""

    def __init__(self, object_list: Any) -> None:
        self.object_list = object_list


class _IdRanges:
    """Stands for Django's paginator: page N holds the ids of the N-th range, however few there are."""

    def __init__(self) -> None:
        self.num_pages = max(1, -(-(Part.objects.aggregate(last=Max("pk"))["last"] or 0) // _IDS_IN_A_FILE))

    def page(self, number: int | str) -> _Range:
        try:
            place = int(number)
        except ValueError as error:
            raise PageNotAnInteger from error
        if not 1 <= place <= self.num_pages:
            raise EmptyPage
        first = (place - 1) * _IDS_IN_A_FILE
        parts = Part.objects.active().filter(pk__gt=first, pk__lte=first + _IDS_IN_A_FILE).order_by("pk")
        return _Range(list(parts.values_list("brand_id", "article_key")))


class PartSitemap(Sitemap):  # type: ignore[type-arg]
    changefreq = "daily"

    @cached_property
    def paginator(self) -> Any:
        return _IdRanges()

    def items(self) -> list[Any]:
        return []

    def location(self, item: tuple[int, str]) -> str:
        brand = frame().brands.get(item[0])
        return part_address(brand.slug, item[1]) if brand else reverse("storefront:categories")


class CategorySitemap(Sitemap):  # type: ignore[type-arg]
    changefreq = "daily"

    def items(self) -> list[Category]:
        return [node.category for node in frame().by_id.values()]


class BrandSitemap(Sitemap):  # type: ignore[type-arg]
    changefreq = "weekly"

    def items(self) -> list[Brand]:
        return list(frame().brands.values())


class MakeSitemap(Sitemap):  # type: ignore[type-arg]
    changefreq = "monthly"

    def items(self) -> list[VehicleMake]:
        return list(VehicleMake.objects.filter(is_active=True))


class PageSitemap(Sitemap):  # type: ignore[type-arg]
    def items(self) -> list[str]:
        return ["storefront:home", "storefront:cars", "storefront:categories", "storefront:brands"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {  # type: ignore[type-arg]
    "pages": PageSitemap,
    "categories": CategorySitemap,
    "brands": BrandSitemap,
    "makes": MakeSitemap,
    "parts": PartSitemap,
}
