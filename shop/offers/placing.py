"""A person's answers to what price lists ask: whose spelling a brand's name is, what kind of part an article is.

An answer is remembered where reading looks for it (a spelling of a brand, a part of the catalogue); offers come with
the next file, or when the file in force is read once more. Each act done twice changes nothing the second time.
"""

from collections.abc import Collection, Mapping
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from shop.catalog.guessing import guess_categories
from shop.catalog.models import Brand, BrandAlias, Category
from shop.catalog.numbers import brand_key
from shop.lib.sorting import ukrainian_sort_key
from shop.lib.version import bump_catalogue_version
from shop.offers.errors import BrandExists, SpellingTaken
from shop.offers.models import PriceListVersion, UnknownBrand, UnplacedPart
from shop.offers.pricelists.new_parts import make_parts

# A page of the queue; more are placed page by page.
MOST_AT_ONCE = 500


@transaction.atomic
def is_spelling_of(unknown: UnknownBrand, brand: Brand) -> None:
    """The name means ``brand``. Raises SpellingTaken when it has come to mean another meanwhile."""
    alias, is_new = BrandAlias.objects.get_or_create(key=unknown.key, defaults={"brand": brand, "name": unknown.name})
    if alias.brand_id != brand.pk:
        raise SpellingTaken(alias.brand)
    UnknownBrand.objects.filter(key=unknown.key).delete()
    if is_new:
        _tell_pages()


def make_brand(unknown: UnknownBrand, name: str, slug: str) -> Brand:
    """A brand that the shop has not traded yet, called ``name``, with ``slug`` in its address.

    A second press gives back the brand of the first. Raises BrandExists.
    """
    try:
        return _make_brand(unknown, name, slug)
    except IntegrityError:
        # Somebody made it between our look and our writing; what he made is there now.
        return _make_brand(unknown, name, slug)


@transaction.atomic
def _make_brand(unknown: UnknownBrand, name: str, slug: str) -> Brand:
    is_waiting = UnknownBrand.objects.select_for_update().filter(pk=unknown.pk).exists()
    spellings = {brand_key(name): name, unknown.key: unknown.name}
    known = Brand.objects.filter(Q(aliases__key__in=spellings) | Q(slug=slug)).first()
    if known and not is_waiting and (known.name, known.slug) == (name, slug):
        return known
    if known:
        raise BrandExists(known)
    brand = Brand.objects.create(name=name, slug=slug, name_sort=ukrainian_sort_key(name))
    BrandAlias.objects.bulk_create(BrandAlias(brand=brand, key=key, name=text) for key, text in spellings.items())
    UnknownBrand.objects.filter(key__in=spellings).delete()
    _tell_pages()
    return brand


def set_ignored(names: Collection[UnknownBrand], *, is_ignored: bool) -> None:
    """The shop does not trade these names, and is not to be asked again; or it is to be asked after all."""
    UnknownBrand.objects.filter(pk__in=[name.pk for name in names]).update(is_ignored=is_ignored)


def guesses(parts: Collection[UnplacedPart]) -> dict[int, Category]:
    """Id of each waiting part to the category its name means, where that is sure; one query at most."""
    by_name = guess_categories({part.name for part in parts if part.name})
    categories = Category.objects.in_bulk([pk for pk in by_name.values() if pk is not None])
    return {part.pk: categories[pk] for part in parts if (pk := by_name.get(part.name)) is not None}


@transaction.atomic
def place_parts(category_of: Mapping[int, Category]) -> int:
    """Make parts of waiting articles as the import does; ``category_of`` is id of the article to a leaf of the tree.

    Gives back how many were answered, those that had become parts meanwhile included; articles that no longer wait
    are passed over. Rows are locked in the order in which an import writes them.
    """
    waiting = UnplacedPart.objects.select_for_update().filter(pk__in=category_of).order_by("brand_id", "article_key")
    rows = [
        (
            article.brand_id,
            category_of[article.pk].pk,
            article.article_number,
            article.article_key,
            article.name or category_of[article.pk].name_uk,
        )
        for article in waiting
    ]
    if rows:
        with connection.cursor() as cursor:
            make_parts(cursor, rows)
        _tell_pages()
    return len(rows)


def files_to_read(asked: Collection[UnknownBrand | UnplacedPart]) -> list[PriceListVersion]:
    """Files whose rows get another chance by an answer: those of ``asked`` that wait, and what is in force of their
    lists. Five at most, the latest first."""
    seen = {row.version_id for row in asked if row.version_id}
    lists = PriceListVersion.objects.filter(pk__in=seen).values("price_list")
    status = PriceListVersion.Status
    files = PriceListVersion.objects.filter(
        Q(pk__in=seen, status=status.WAITING) | Q(price_list__in=lists, status=status.ACTIVE)
    )
    return list(files.exclude(file="").select_related("price_list__supplier").order_by("-pk")[:5])


def _tell_pages() -> None:
    transaction.on_commit(partial(bump_catalogue_version), robust=True)
