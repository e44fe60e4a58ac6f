"""Article numbers from a brand's pattern, and numbers in the style of car makers. All of them are made up."""

import math
from collections import defaultdict
from random import Random

from shop.catalog.numbers import article_key

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWX"
_VAG_ENGINES = ("03L", "04L", "03C", "04E", "06A", "06H", "06K", "038", "030", "03G", "059")


class ArticleNumbers:
    """Gives out numbers that no other part of the brand has; a pattern that runs dry grows by a digit."""

    def __init__(self) -> None:
        self._taken: dict[int, set[str]] = defaultdict(set)
        self._series: dict[tuple[int, str], _Series] = {}

    def next(self, brand_id: int, pattern: str, rng: Random) -> tuple[str, str]:
        """A fresh number and its ``article_key``."""
        taken = self._taken[brand_id]
        series = self._series.get((brand_id, pattern))
        if series is None:
            series = self._series[brand_id, pattern] = _Series(pattern, rng)
        while True:
            if series.is_used_up:
                series = self._series[brand_id, pattern] = _Series(series.pattern + "#", rng)
            number = series.next()
            key = article_key(number)
            if key not in taken:
                taken.add(key)
                return number, key


class _Series:
    """All numbers of one pattern, each once, in an order that looks random: steps coprime to their count."""

    def __init__(self, pattern: str, rng: Random) -> None:
        self.pattern = pattern
        self._count: int = 10 ** pattern.count("#") * 26 ** pattern.count("@")
        self._step = next(
            step for step in iter(lambda: rng.randrange(1, self._count + 1), None) if math.gcd(step, self._count) == 1
        )
        self._at = rng.randrange(self._count)
        self._given = 0

    @property
    def is_used_up(self) -> bool:
        return self._given >= self._count

    def next(self) -> str:
        self._at = rest = (self._at + self._step) % self._count
        self._given += 1
        letters = []
        for sign in self.pattern:
            if sign == "#":
                rest, digit = divmod(rest, 10)
                letters.append(_DIGITS[digit])
            elif sign == "@":
                rest, digit = divmod(rest, 26)
                letters.append(_LETTERS[digit])
            else:
                letters.append(sign)
        return "".join(letters)


def oe_number(corporation: str, *, chassis: str, vag_group: str, five_digits: str, is_engine: bool, rng: Random) -> str:
    """A number as the car maker prints it.

    ``5Q0 698 151 B`` (VAG: chassis or engine, group, letter), ``34 11 6 860 019`` (BMW), ``04465-02220`` (Toyota)…
    """
    if corporation == "vag":
        head = rng.choice(_VAG_ENGINES) if is_engine else f"{chassis}{rng.choice('0013')}"
        return f"{head} {vag_group} {rng.choice(_OE_LETTERS)}"
    if corporation in ("toyota", "honda", "subaru", "mitsubishi", "suzuki", "mazda"):
        tail = "".join(rng.choices(_DIGITS, k=5))
        return f"{five_digits}-{tail}"
    if corporation == "hyundai":
        return f"{five_digits}-{rng.choice(_DIGITS)}{rng.choice(_OE_LETTERS)}{rng.randrange(100, 999)}"
    if corporation == "bmw":
        head = f"{vag_group[:2]} {vag_group[-2:]} {rng.randrange(1, 9)}"
        return f"{head} {rng.randrange(100, 999)} {rng.randrange(100, 999)}"
    if corporation == "mercedes":
        return f"A {rng.randrange(100, 300)} {vag_group[:3]} {rng.randrange(10, 99)} {rng.randrange(10, 99)}"
    if corporation == "renault":
        if rng.random() < 0.5:
            return f"{five_digits[:2]} {rng.randrange(10, 99)} {rng.randrange(100, 999)} {rng.randrange(10, 99)}R"
        return f"{rng.choice(('77 01', '82 00'))} {rng.randrange(100, 999)} {rng.randrange(100, 999)}"
    if corporation == "psa":
        return f"{vag_group[:4].replace(' ', '')}{rng.choice(_OE_LETTERS)}{rng.randrange(10)}".replace(" ", "") + (
            f" {rng.randrange(10, 99)}" if rng.random() < 0.5 else ""
        )
    if corporation == "ford":
        return f"{rng.randrange(1, 9)} {rng.randrange(100, 999)} {rng.randrange(100, 999)}"
    if corporation == "gm":
        return f"{rng.randrange(13, 96)}{rng.randrange(100000, 999999)}"
    if corporation == "vaz":
        return f"{rng.choice(('2108', '2110', '2112', '1118', '2170'))}-{five_digits[:4]}{rng.randrange(100, 999)}"
    return f"{five_digits}-{rng.randrange(1000, 9999)}{rng.choice(_OE_LETTERS)}"
