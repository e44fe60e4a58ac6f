"""Parts: brands that replace an original, each with its number, title, features and offers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from shop.catalog.numbers import search_key
from shop.catalog.words import lemmas
from shop.local.demo.barcodes import Barcodes
from shop.local.demo.cars import Fleet
from shop.local.demo.claims import Claims, Numbered
from shop.local.demo.copy_text import NULL, PART, for_part, line
from shop.local.demo.kinds import GENUINE, Kind, KindBrand, Property
from shop.local.demo.names import titles
from shop.local.demo.numbers import ArticleNumbers
from shop.local.demo.offers import OfferWriter, target_price
from shop.local.demo.originals import Conditions, Dealer, Original, universal_originals
from shop.local.demo.specs import PART_LEVEL, Spec, draw, litres

# The tables a batch holds rows of, with the columns of its lines.
COLUMNS = {
    "catalog_part": (
        "id", "brand_id", "category_id", "article_number", "article_key", "search_key", "name_uk", "name_en", "words",
        "sold_as", "weight_kg", "warranty_months", "is_active",
    ),
    "catalog_attributevalue": ("part_id", "attribute_id", "choice_id", "number"),
    "catalog_barcode": ("part_id", "gtin"),
    "catalog_oenumber": ("part_id", "make_id", "number", "search_key"),
    "catalog_crossreference": ("part_id", "brand_id", "number", "search_key", "source_id", "kind", "note"),
    "catalog_fitcheck": ("part_id", "modification_id", "fits", "note", "checked_at"),
    "catalog_fitsales": ("part_id", "modification_id", "sold", "returned"),
    "catalog_fitment": ("part_id", "modification_id", "category_id", "condition_id", "source_id", "position"),
    "offers_offer": (
        "price_list_id", "part_id", "warehouse_id", "purchase_price", "currency", "price", "pieces", "is_at_least",
        "lead_days",
    ),
    "offers_stockitem": ("id", "part_id", "warehouse_id", "on_hand", "reserved"),
    "offers_stockmovement": ("stock_item_id", "pieces", "reason", "reference", "moved_at"),
}  # fmt: skip
_WARRANTY_MONTHS = {"original": 24, "oe": 24, "premium": 24, "standard": 12, "budget": 6}
# The tour's car has this many parts of each main kind for its first original, offered by everybody.
_SHOWCASE_PARTS = 5


@dataclass
class Batch:
    """COPY text by table."""

    parts: int = 0
    size: int = 0
    texts: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in COLUMNS})

    def add(self, table: str, text: str) -> None:
        if text:
            self.texts[table].append(text)
            self.size += len(text)


def quotas(kinds: Sequence[Kind], count: int) -> list[int]:
    """``count`` parts dealt over the kinds by their shares, at least one each while there are enough."""
    total = sum(kind.share for kind in kinds)
    dealt = [max(count * kind.share // total, 1) for kind in kinds]
    largest = max(range(len(kinds)), key=lambda place: dealt[place])
    dealt[largest] = max(dealt[largest] + count - sum(dealt), 1)
    return dealt


class PartFactory:
    """Streams the whole catalogue in batches; the same ``seed`` gives the same one."""

    def __init__(
        self,
        kinds: Sequence[Kind],
        fleet: Fleet,
        offers: OfferWriter,
        *,
        sources: tuple[int, int],
        count: int,
        seed: int,
    ) -> None:
        self._kinds, self._fleet, self._offers = kinds, fleet, offers
        self._sources, self._count, self._seed = sources, count, seed
        self._numbers = ArticleNumbers()
        self._next_id = 1
        self._batch = Batch()
        self.conditions = Conditions()

    def batches(self, *, size: int) -> Iterator[Batch]:
        """Batches of about ``size`` characters."""
        # The larger the catalogue, the more brands compete for one original.
        rivals = 3 + min(self._count / 4000, 6)
        supplier, staff = self._sources
        tour_car = self._fleet.showcase.id if self._fleet.showcase else None
        for kind, quota in zip(self._kinds, quotas(self._kinds, self._count), strict=True):
            claims = Claims(kind, seed=self._seed, staff=staff, supplier=supplier, tour_car=tour_car)
            barcodes = Barcodes(kind, seed=self._seed)
            rng = Random(f"{self._seed}:{kind.slug}")  # noqa: S311  # goods on a shelf, not secrets
            while quota:
                for original in self._originals(kind, rng):
                    is_showcase = kind.scope != "" and original.is_first
                    wanted = _SHOWCASE_PARTS if is_showcase else 2 + int(rng.random() * 2 * (rivals - 1.5))
                    made = min(quota, wanted, 2 * len(kind.brands))
                    parts = self._replace(kind, original, made, rng, is_showcase=is_showcase)
                    self._batch.add("catalog_barcode", barcodes.lines(parts))
                    self._batch.add("catalog_crossreference", claims.numbers(parts))
                    self._batch.add("catalog_fitcheck", claims.checks(original, parts))
                    self._batch.add("catalog_fitsales", claims.sales(original, parts))
                    quota -= made
                    if self._batch.size >= size:
                        yield self._batch
                        self._batch = Batch()
                    if not quota:
                        break
        yield self._batch

    def _originals(self, kind: Kind, rng: Random) -> Iterator[Original]:
        if kind.scope:
            return Dealer(kind, self._fleet, self.conditions, sources=self._sources, rng=rng).originals()
        return universal_originals(kind, rng)

    def _replace(self, kind: Kind, original: Original, count: int, rng: Random, *, is_showcase: bool) -> list[Numbered]:
        """``count`` parts for one original, each referring to some of the others."""
        brands = _pick_brands(kind, original, count, rng)
        numbered = [(brand, *self._numbers.next(brand.id, brand.pattern, rng)) for brand in brands]
        references = [(brand, f"{brand.id}\t{number}\t{search_key(number)}") for brand, number, _key in numbered]
        shared = "".join(
            _value_line(one, original.spec)
            for one in kind.properties
            if not _is_of_part(one) and one.code in original.spec
        )
        batch = self._batch
        made = []
        for place, (brand, number, key) in enumerate(numbered):
            part_id, self._next_id = self._next_id, self._next_id + 1
            spec = original.spec | {one.code: draw(one, rng) for one in kind.properties if _is_of_part(one)}
            batch.add("catalog_part", self._part_line(kind, original, brand, number, key, spec, part_id, rng))
            own = "".join(_value_line(one, spec) for one in kind.properties if _is_of_part(one))
            batch.add("catalog_attributevalue", for_part(shared + own, part_id))
            batch.add("catalog_oenumber", for_part(original.oe_numbers, part_id))
            batch.add("catalog_crossreference", self._reference_lines(part_id, place, references, rng))
            batch.add("catalog_fitment", for_part(original.fitments[place % len(original.fitments)], part_id))
            target = target_price(kind, brand.tier, original.level, rng)
            offers, stock, movements = self._offers.lines(part_id, target, rng, is_showcase=is_showcase)
            batch.add("offers_offer", offers)
            batch.add("offers_stockitem", stock)
            batch.add("offers_stockmovement", movements)
            made.append(Numbered(part_id, brand, number))
        batch.parts += len(made)
        return made

    def _part_line(
        self,
        kind: Kind,
        original: Original,
        brand: KindBrand,
        number: str,
        key: str,
        spec: Spec,
        part_id: int,
        rng: Random,
    ) -> str:
        name_uk, name_en = titles(kind, original.place, spec)
        measures = " ".join(f"'{lemma}'" for lemma in lemmas(name_uk.removeprefix(kind.name_uk)))
        light, heavy = kind.weight_kg
        weight = light + (heavy - light) * (0.8 * original.level + 0.2 * rng.random())
        if kind.is_by_litre:
            weight = 0.95 * (litres(spec) or 1)
        return line(
            part_id,
            brand.id,
            kind.category_id,
            number,
            key,
            search_key(number),
            name_uk,
            name_en,
            f"{kind.words} {brand.words} {measures}",
            kind.sold_as,
            f"{weight:.3f}",
            _WARRANTY_MONTHS[brand.tier],
            "t",
        )

    def _reference_lines(
        self, part_id: int, place: int, references: Sequence[tuple[KindBrand, str]], rng: Random
    ) -> str:
        """Up to three of the others; who refers to whom is not symmetric, as in real data."""
        if len(references) < 2:
            return ""
        brand = references[place][0]
        supplier, staff = self._sources
        others = rng.sample(references, min(len(references), 1 + int(rng.random() * 3)))
        return "".join(
            f"{part_id}\t{text}\t{supplier if rng.random() < 0.95 else staff}\t1\t\n"
            for other, text in others
            if other is not brand
        )


def _pick_brands(kind: Kind, original: Original, count: int, rng: Random) -> list[KindBrand]:
    """Different brands as long as there are any; genuine parts only for cars of their own house."""
    brands = [brand for brand in kind.brands if GENUINE.get(brand.slug, original.corporation) == original.corporation]
    brands = brands or list(kind.brands)
    picked: list[KindBrand] = []
    while len(picked) < count:
        picked += rng.sample(brands, min(len(brands), count - len(picked)))
    return picked


def _is_of_part(one: Property) -> bool:
    return one.code in PART_LEVEL


def _value_line(one: Property, spec: Spec) -> str:
    value = spec[one.code]
    if isinstance(value, str):
        choice = one.choice(value)
        if choice is None:
            raise ValueError(f"{value} is not a choice of {one.code}")
        return line(PART, one.id, choice.id, None)
    return f"{PART}\t{one.id}\t{NULL}\t{float(value):g}\n"
