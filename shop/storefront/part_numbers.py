"""The numbers of a part as its page shows them: by make or brand, each leading to a search for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from shop.lib.stencils import Stencil


@dataclass(frozen=True)
class _Number:
    number: str
    address: str


@dataclass(frozen=True)
class NumberGroup:
    """A row of a stencil; ``links`` are those of its numbers."""

    name: str
    links: str


_numbers = Stencil("components/number-link.html")


def number_groups(pairs: Iterable[tuple[str, str]]) -> list[NumberGroup]:
    """Of (name, number), in the order of both; each number once under its name."""
    groups: dict[str, dict[str, None]] = defaultdict(dict)
    for name, number in sorted(pairs):
        groups[name][number] = None
    search = reverse("storefront:search")
    return [
        NumberGroup(
            name, _numbers.render(_Number(number, f"{search}?q={quote(number, safe='')}") for number in numbers)
        )
        for name, numbers in groups.items()
    ]
