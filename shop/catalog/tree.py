"""The category tree as pages show it: read in one query, nested in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Count

from shop.catalog.models import Category, Fitment


@dataclass(frozen=True)
class Branch:
    """A category with the active ones below it. ``parts`` counts parts for one car, where a car is asked about."""

    category: Category
    children: list["Branch"] = field(default_factory=list)
    parts: int | None = None


def category_tree() -> list[Branch]:
    """Active roots in their order, each with its branches; what hangs under an inactive category is left out."""
    roots: list[Branch] = []
    line: list[Branch] = []
    for category in Category.objects.filter(is_active=True).order_by("path"):
        del line[category.depth - 1 :]
        if len(line) < category.depth - 1:
            continue
        branch = Branch(category)
        (line[-1].children if line else roots).append(branch)
        line.append(branch)
    return roots


def category_tree_for_car(modification_id: int) -> list[Branch]:
    """The tree cut down to categories with parts listed for one car, each with their number."""
    rows = (
        Fitment.objects.filter(modification=modification_id, part__is_active=True)
        .order_by()
        .values_list("category")
        .annotate(parts=Count("part", distinct=True))
    )
    return _with_parts(category_tree(), dict(rows))


def universal_tree() -> list[Branch]:
    """Roots whose goods belong to no car: oils, tools, tyres."""
    return [branch for branch in category_tree() if branch.category.is_universal]


def _with_parts(branches: list[Branch], parts: Mapping[int, int]) -> list[Branch]:
    counted = []
    for branch in branches:
        children = _with_parts(branch.children, parts)
        number = parts.get(branch.category.pk, 0) + sum(child.parts or 0 for child in children)
        if number:
            counted.append(replace(branch, children=children, parts=number))
    return counted
