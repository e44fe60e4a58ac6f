"""Offers of a part: who has it, for how much, how many pieces, how soon."""

import math
from functools import cache
from random import Random

from shop.local.demo.copy_text import NULL
from shop.local.demo.kinds import Kind
from shop.local.demo.suppliers import Source

# Where brands of a tier stand in the price range of their category, from and to.
_TIER_LEVELS = {
    "original": (0.45, 0.85),
    "oe": (0.45, 0.85),
    "premium": (0.4, 0.75),
    "standard": (0.2, 0.55),
    "budget": (0.05, 0.35),
}
_WITHOUT_OFFERS = 0.05
_KOPECKS = 100
_WHOLE_FROM = 900


def target_price(kind: Kind, tier: str, level: float, rng: Random) -> float:
    """Hryvnias, taxes included: the original sets the size (``level``), the brand its place in the range."""
    low, high = _TIER_LEVELS[tier]
    ours = 0.2 if kind.is_by_litre else 0.45
    place = (1 - ours) * level + ours * (low + (high - low) * rng.random())
    cheapest, dearest = kind.price_uah
    return float(cheapest * (dearest / cheapest) ** place)


class OfferWriter:
    """COPY lines of offers and of our own stock."""

    def __init__(self, sources: list[Source]) -> None:
        self._sources = sources
        self.stock_items = 0

    def lines(self, part_id: int, target: float, rng: Random, *, is_showcase: bool) -> tuple[str, str, str]:
        """Offers, stock items and the movements that explain them."""
        if not is_showcase and rng.random() < _WITHOUT_OFFERS:
            return "", "", ""
        offers, stock, movements = [], "", ""
        for source in self._sources:
            if not is_showcase and rng.random() > source.coverage:
                continue
            cents, kopecks = price(source, target * source.discount * (0.95 + 0.1 * rng.random()))
            prices = f"{cents / 100:.2f}\t{source.currency}\t{kopecks / 100:.2f}"
            if source.is_ours:
                shelf = source.shelves[0]
                offers.append(f"{source.price_list_id}\t{part_id}\t{shelf.warehouse_id}\t{prices}\t{NULL}\tf\t0\n")
                stock, movements = self._stock(part_id, shelf.warehouse_id, rng)
                continue
            for place, shelf in enumerate(source.shelves):
                if place and rng.random() > shelf.share:
                    continue
                pieces, is_at_least = _pieces(rng)
                offers.append(
                    f"{source.price_list_id}\t{part_id}\t{shelf.warehouse_id}\t{prices}\t{pieces}\t{is_at_least}"
                    f"\t{shelf.lead_days}\n"
                )
        return "".join(offers), stock, movements

    def _stock(self, part_id: int, warehouse_id: int, rng: Random) -> tuple[str, str]:
        self.stock_items += 1
        pieces = 2 + int(10 * rng.random() ** 2)
        stock = f"{self.stock_items}\t{part_id}\t{warehouse_id}\t{pieces}\t0\n"
        return stock, f"{self.stock_items}\t{pieces}\treceived\tdemo\t2026-01-01\n"


def price(source: Source, target: float) -> tuple[int, int]:
    """Purchase price in hundredths of the source's currency and retail price in kopecks, both exact.

    The retail price is purchase × rate × (1 + markup), rounded half up; the purchase price moves in steps that make
    it end in ten kopecks, in whole hryvnias from ``_WHOLE_FROM`` on.
    """
    percent = _markup(source, target)
    ratio = source.rate * (_KOPECKS + percent)  # hundredths of a kopeck for one hundredth of the currency
    cents = max(round(target * _KOPECKS * _KOPECKS / ratio), 1)
    step = _step(ratio, _KOPECKS if target >= _WHOLE_FROM else 10)
    cents = max(cents // step, 1) * step
    if _markup_of(source, cents) != percent:  # the step crossed into the next band
        ratio = source.rate * (_KOPECKS + _markup_of(source, cents))
    return cents, (2 * cents * ratio + _KOPECKS) // (2 * _KOPECKS)


def _markup(source: Source, target: float) -> int:
    for price_from, percent in source.markups:
        if target >= price_from * (_KOPECKS + percent) / _KOPECKS:
            return percent
    return source.markups[-1][1]


def _markup_of(source: Source, cents: int) -> int:
    """The band of a purchase price, as the shop itself finds it."""
    return next(percent for price_from, percent in source.markups if cents * source.rate >= price_from * _KOPECKS)


@cache
def _step(ratio: int, kopecks: int) -> int:
    """The smallest step of the purchase price, in hundredths, that moves the retail price by whole ``kopecks``."""
    return math.lcm(ratio, kopecks * _KOPECKS) // ratio


def _pieces(rng: Random) -> tuple[int, str]:
    draw = rng.random()
    if draw < 0.07:
        return 0, "f"
    if draw < 0.27:
        return 10, "t"
    return 1 + int(30 * draw * draw), "f"
