"""The frame of the catalogue, kept in memory: categories, brands, attributes and sources.

Some hundreds of rows that every page needs and nobody changes while people shop. Read in five queries, once for each
version of the catalogue and each process.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from shop.catalog.models import Attribute, AttributeChoice, Brand, BrandAlias, CatalogSource, Category
from shop.lib.version import PerVersion


@dataclass(frozen=True, eq=False, repr=False)
class Node:
    """An active category whose ancestors are active too, with its place in the tree."""

    category: Category
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)

    @property
    def is_leaf(self) -> bool:
        return not self.children

    def way(self) -> list["Node"]:
        """From the root down to this one."""
        return [*(self.parent.way() if self.parent else []), self]

    def leaves(self) -> Iterator["Node"]:
        """The categories that hold parts, this one itself when it is one of them."""
        if self.is_leaf:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True, eq=False, repr=False)
class Frame:
    """Read only: all threads share it."""

    roots: list[Node]
    by_slug: dict[str, Node]
    by_id: dict[int, Node]
    brands: dict[int, Brand]
    brand_by_slug: dict[str, Brand]
    brand_by_alias: dict[str, Brand]
    attributes: dict[int, list[Attribute]]
    choices: dict[int, AttributeChoice]
    choices_of: dict[int, list[AttributeChoice]]
    sources: dict[int, CatalogSource]


def _read() -> Frame:
    roots: list[Node] = []
    by_id: dict[int, Node] = {}
    line: list[Node] = []
    for category in Category.objects.filter(is_active=True).order_by("path"):
        del line[category.depth - 1 :]
        if len(line) < category.depth - 1:
            continue  # what hangs under an inactive category is left out
        node = Node(category, line[-1] if line else None)
        (line[-1].children if line else roots).append(node)
        line.append(node)
        by_id[category.pk] = node
    attributes: dict[int, list[Attribute]] = defaultdict(list)
    for attribute in Attribute.objects.order_by("category_id", "position", "id"):
        attributes[attribute.category_id].append(attribute)
    brands = {brand.pk: brand for brand in Brand.objects.filter(is_active=True).order_by("name_sort", "id")}
    aliases = BrandAlias.objects.values_list("key", "brand_id")
    choices = {choice.pk: choice for choice in AttributeChoice.objects.order_by("attribute_id", "position", "id")}
    choices_of: dict[int, list[AttributeChoice]] = defaultdict(list)
    for choice in choices.values():
        choices_of[choice.attribute_id].append(choice)
    return Frame(
        roots=roots,
        by_slug={node.category.slug: node for node in by_id.values()},
        by_id=by_id,
        brands=brands,
        brand_by_slug={brand.slug: brand for brand in brands.values()},
        brand_by_alias={key: brands[brand_id] for key, brand_id in aliases if brand_id in brands},
        attributes=dict(attributes),
        choices=choices,
        choices_of=dict(choices_of),
        sources={source.pk: source for source in CatalogSource.objects.all()},
    )


frame = PerVersion(_read)
