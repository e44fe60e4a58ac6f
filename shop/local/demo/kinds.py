"""Kinds of parts: a leaf category with all the generator has to know about it."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from shop.catalog.models import Attribute, Brand, Category
from shop.catalog.reference import DATA
from shop.catalog.words import words_literal
from shop.lib.copying import read_csv, split_list

_KINDS = Path(__file__).parent / "data" / "kinds.csv"
# Genuine parts are for their own cars; other brands are for all.
GENUINE = {
    "toyota-genuine": "toyota",
    "vag-genuine": "vag",
    "mobis-hyundai-kia": "hyundai",
    "renault-genuine": "renault",
    "ford-motorcraft": "ford",
}
_NEEDS_ENGINE = {"exhaust", "fuel-system", "clutch", "propshaft", "engine-mounting", "gearbox-parts", "filters"}


@dataclass(frozen=True)
class Choice:
    id: int
    name_uk: str
    name_en: str


@dataclass(frozen=True)
class Property:
    """An attribute; ``low`` and ``high`` are its range, inclusive, when it is a number."""

    id: int
    code: str
    kind: str
    unit: str
    low: float
    high: float
    choices: tuple[Choice, ...]

    def choice(self, name: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.name_uk == name), None)


@dataclass(frozen=True)
class KindBrand:
    """A brand as it appears in one category. ``words`` are for the search, ``tier`` for the price."""

    id: int
    slug: str
    tier: str
    pattern: str
    words: str


@dataclass(frozen=True)
class Kind:
    """``scope`` says what decides the fit: body, engine, petrol, diesel, or nothing (universal)."""

    category_id: int
    slug: str
    name_uk: str
    name_en: str
    sold_as: str
    weight_kg: tuple[float, float]
    scope: str
    places: tuple[str, ...]
    share: int
    vag_group: str
    five_digits: str
    title: tuple[tuple[str, ...], ...]
    price_uah: tuple[float, float]
    properties: tuple[Property, ...]
    brands: tuple[KindBrand, ...]
    words: str
    needs_engine: bool

    @property
    def is_by_litre(self) -> bool:
        volume = self.property_of("volume")
        return volume is not None and volume.unit == "l"

    def property_of(self, code: str) -> Property | None:
        return next((one for one in self.properties if one.code == code), None)


def all_kinds() -> list[Kind]:
    """Every leaf category, in the order of the table."""
    categories = {category.slug: category for category in Category.objects.all()}
    data = {row["slug"]: row for row in read_csv(DATA / "categories.csv")}
    properties, brands = _properties(), _brands()
    with _KINDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Kind(
            category_id=categories[row["slug"]].pk,
            slug=row["slug"],
            name_uk=row["name_uk"],
            name_en=row["name_en"],
            sold_as=row["sold_as"],
            weight_kg=(float(row["kg_min"]), float(row["kg_max"])),
            scope=row["scope"],
            places=tuple(split_list(row["places"])) or ("",),
            share=int(row["share"]),
            vag_group=row["vag"],
            five_digits=row["five"],
            title=tuple(tuple(group.split("*")) for group in split_list(row["title"])),
            price_uah=(float(data[row["slug"]]["price_min_uah"]), float(data[row["slug"]]["price_max_uah"])),
            properties=properties[row["slug"]],
            brands=tuple(brands[row["slug"]]),
            words=words_literal([row["name_uk"], row["name_en"], *categories[row["slug"]].search_texts()]),
            needs_engine=not _NEEDS_ENGINE.isdisjoint(_ancestors(row["slug"], data)),
        )
        for row in rows
    ]


def _ancestors(slug: str, data: dict[str, dict[str, str]]) -> set[str]:
    found = set()
    while slug := data[slug]["parent_slug"]:
        found.add(slug)
    return found


def _properties() -> dict[str, tuple[Property, ...]]:
    found: dict[str, list[Property]] = defaultdict(list)
    for row in Attribute.objects.select_related("category").prefetch_related("choices").order_by("pk"):
        choices = tuple(Choice(choice.pk, choice.name_uk, choice.name_en) for choice in row.choices.all())
        found[row.category.slug].append(
            Property(
                id=row.pk,
                code=row.code,
                kind=row.kind,
                unit=row.unit,
                low=float(row.min_value or 0),
                high=float(row.max_value or 0),
                choices=choices,
            )
        )
    return defaultdict(tuple, {slug: tuple(properties) for slug, properties in found.items()})


def _brands() -> dict[str, list[KindBrand]]:
    rows = {brand.slug: brand for brand in Brand.objects.filter(is_active=True)}
    found: dict[str, list[KindBrand]] = defaultdict(list)
    for data in read_csv(DATA / "brands.csv"):
        brand = rows.get(data["slug"])
        if brand is None:
            continue
        patterns = dict(entry.split("=", 1) for entry in split_list(data["category_patterns"]))
        words = words_literal([brand.name])
        for category in split_list(data["categories"]):
            pattern = patterns.get(category, data["article_pattern"])
            found[category].append(KindBrand(brand.pk, brand.slug, brand.tier, pattern, words))
    return found
