"""Categories, brands, attributes and sources of the shop's own reference data."""

from pathlib import Path
from typing import Any

from django.db import transaction

from shop.catalog.models import Attribute, AttributeChoice, Brand, BrandAlias, CatalogSource, Category
from shop.catalog.numbers import brand_key
from shop.lib.copying import Changes, ids_by, read_csv, split_list, upsert
from shop.lib.sorting import ukrainian_sort_key

DATA = Path(__file__).parent / "data"
SUPPLIER_DATA, STAFF_CHECK = "supplier-data", "staff-check"


def load() -> Changes:
    """Bring the catalogue's frame up to the data; a second run writes nothing."""
    return (
        _load_categories() + _load_brands() + _load_aliases() + _load_attributes() + _load_choices() + _load_sources()
    )


@transaction.atomic
def _load_categories() -> Changes:
    """Through the tree's own calls, so that paths and child counts stay right whatever moves."""
    known = {category.slug: category for category in Category.objects.all()}
    rows = read_csv(DATA / "categories.csv")
    added = changed = 0
    for row in rows:
        values = _category_values(row)
        category = known.get(row["slug"])
        if category is None:
            _add_under(row["parent_slug"], {"slug": row["slug"], "in_reference": True, **values})
            added += 1
            continue
        differs = any(getattr(category, name) != value for name, value in values.items())
        if differs or not category.in_reference:
            is_shown = category.is_active or not category.in_reference
            Category.objects.filter(pk=category.pk).update(**values, is_active=is_shown, in_reference=True)
        changed += bool(differs or not category.in_reference) | _move_under(row["slug"], row["parent_slug"])
    if changed:
        Category.objects.fix_tree(fix_paths=True)  # siblings that changed places
    retired = (
        Category.objects.filter(in_reference=True)
        .exclude(slug__in=[row["slug"] for row in rows])
        .update(is_active=False, in_reference=False)
    )
    return Changes(added, changed, retired)


def _category_values(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name_uk": row["name_uk"],
        "name_en": row["name_en"],
        "synonyms": split_list(row["synonyms"]),
        "google_product_category": int(row["google_product_category"]) if row["google_product_category"] else None,
        "position": int(row["position"]),
        "fitment_kind": row["fitment"],
    }


def _add_under(parent_slug: str, values: dict[str, Any]) -> None:
    if parent_slug:
        Category.objects.add_child(Category.objects.get(slug=parent_slug), values)
    else:
        Category.objects.add_root(values)


def _move_under(slug: str, parent_slug: str) -> bool:
    """Hang the category under another parent when the data says so."""
    category = Category.objects.get(slug=slug)
    parent = Category.objects.get_parent(category)
    if (parent.slug if parent else "") == parent_slug:
        return False
    if parent_slug:
        Category.objects.move(category, Category.objects.get(slug=parent_slug), "sorted-child")
    else:
        Category.objects.move(category, Category.objects.get_first_root_node(), "sorted-sibling")
    return True


def _load_brands() -> Changes:
    return upsert(
        Brand,
        [
            {
                "slug": row["slug"],
                "name": row["name"],
                "name_sort": ukrainian_sort_key(row["name"]),
                "country": row["country"],
                "tier": row["tier"],
            }
            for row in read_csv(DATA / "brands.csv")
        ],
        key=["slug"],
    )


def _load_aliases() -> Changes:
    brands = ids_by(Brand, "slug")
    spellings = {
        brand_key(name): {"brand_id": brands[row["slug"]], "name": name, "key": brand_key(name)}
        for row in read_csv(DATA / "brands.csv")
        for name in [*reversed(split_list(row["aliases"])), row["name"]]  # the own name wins its key
    }
    return upsert(BrandAlias, spellings.values(), key=["key"])


def _load_attributes() -> Changes:
    categories = ids_by(Category, "slug")
    return upsert(
        Attribute,
        [
            {
                "category_id": categories[row["category_slug"]],
                "code": row["code"],
                "name_uk": row["name_uk"],
                "name_en": row["name_en"],
                "unit": row["unit"],
                "kind": row["type"],
                "min_value": row["min_value"] or None,
                "max_value": row["max_value"] or None,
                "position": int(row["position"]),
            }
            for row in read_csv(DATA / "attributes.csv")
        ],
        key=["category_id", "code"],
    )


def _load_choices() -> Changes:
    english = {row["name_uk"]: row["name_en"] for row in read_csv(DATA / "attribute_choices_en.csv")}
    attributes = {
        (category, code): pk for category, code, pk in Attribute.objects.values_list("category__slug", "code", "pk")
    }
    return upsert(
        AttributeChoice,
        [
            {
                "attribute_id": attributes[row["category_slug"], row["code"]],
                "name_uk": name,
                "name_en": english.get(name, ""),  # numbers and Latin codes read the same in both languages
                "position": place,
            }
            for row in read_csv(DATA / "attributes.csv")
            for place, name in enumerate(split_list(row["choices"]), start=1)
        ],
        key=["attribute_id", "name_uk"],
    )


def _load_sources() -> Changes:
    sources = [
        (SUPPLIER_DATA, "Дані постачальника", "Supplier's data", CatalogSource.Kind.SUPPLIER),
        (STAFF_CHECK, "Перевірив наш менеджер", "Checked by our staff", CatalogSource.Kind.STAFF),
    ]
    return upsert(
        CatalogSource,
        [{"code": code, "name_uk": uk, "name_en": en, "kind": kind.value} for code, uk, en, kind in sources],
        key=["code"],
    )
