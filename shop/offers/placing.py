"""A person's answers to what price lists ask: whose spelling a brand's name is, what kind of part an article is.

An answer is remembered where reading looks for it (a spelling of a brand, a part of the catalogue); offers come with
the next file, or when the file in force is read once more. Each act done twice changes nothing the second time.
"""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import Q

from shop.catalog.guessing import guess_categories
from shop.catalog.models import Brand, BrandAlias, Category, Part
from shop.catalog.numbers import brand_key
from shop.lib.sorting import ukrainian_sort_key
from shop.lib.version import bump_catalogue_version
from shop.offers.errors import BrandExists, SpellingTaken
from shop.offers.models import UnknownBrand, UnplacedPart

# A page of the queue; more are placed page by page.
MOST_AT_ONCE = 500


@transaction.atomic
def is_spelling_of(unknown: UnknownBrand, brand: Brand) -> None:
    """The name means ``brand``. Raises SpellingTaken when it has come to mean another meanwhile."""
    alias, _made = BrandAlias.objects.get_or_create(key=unknown.key, defaults={"brand": brand, "name": unknown.name})
    if alias.brand_id != brand.pk:
        raise SpellingTaken(alias.brand)
    UnknownBrand.objects.filter(pk=unknown.pk).delete()


@transaction.atomic
def make_brand(unknown: UnknownBrand, name: str, slug: str) -> Brand:
    """A brand that the shop has not traded yet, called ``name``, with ``slug`` in its address. Raises BrandExists."""
    known = Brand.objects.filter(Q(aliases__key__in=[brand_key(name), unknown.key]) | Q(slug=slug)).first()
    if known:
        raise BrandExists(known)
    brand = Brand.objects.create(name=name, slug=slug, name_sort=ukrainian_sort_key(name))
    spellings = {brand_key(name): name, unknown.key: unknown.name}
    BrandAlias.objects.bulk_create(BrandAlias(brand=brand, key=key, name=text) for key, text in spellings.items())
    UnknownBrand.objects.filter(pk=unknown.pk).delete()
    _tell_pages()
    return brand


def set_ignored(unknown: UnknownBrand, *, is_ignored: bool) -> None:
    """The shop does not trade this name, and is not to be asked again; or it is to be asked after all."""
    UnknownBrand.objects.filter(pk=unknown.pk).update(is_ignored=is_ignored)


def guesses(parts: Collection[UnplacedPart]) -> dict[int, Category]:
    """Id of each waiting part to the category its name means, where that is sure; one query at most."""
    by_name = guess_categories({part.name for part in parts if part.name})
    categories = Category.objects.in_bulk([pk for pk in by_name.values() if pk is not None])
    return {part.pk: categories[pk] for part in parts if (pk := by_name.get(part.name)) is not None}


@transaction.atomic
def place_parts(category_of: dict[int, Category]) -> list[Part]:
    """Make parts of waiting articles, each of its category (id of the article to a leaf of the tree).

    Gives back the parts, those that had come to be meanwhile included; articles that no longer wait are passed over.
    """
    waiting = UnplacedPart.objects.select_for_update(of=("self",)).select_related("brand").order_by("pk")
    placed = []
    for article in waiting.filter(pk__in=category_of):
        category = category_of[article.pk]
        part, _made = Part.objects.get_or_create(
            brand=article.brand,
            article_key=article.article_key,
            defaults={
                "category": category,
                "article_number": article.article_number,
                "name_uk": article.name or category.name_uk,
            },
        )
        placed.append(part)
    UnplacedPart.objects.filter(pk__in=category_of).delete()
    if placed:
        _tell_pages()
    return placed


def _tell_pages() -> None:
    transaction.on_commit(partial(bump_catalogue_version), robust=True)
