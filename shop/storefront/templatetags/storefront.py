"""Small helpers of the catalogue's templates."""

from django import template

from shop.catalog.drawings import drawing_of
from shop.catalog.frame import Node

register = template.Library()


@register.filter
def drawing(node: Node) -> str:
    """The name of the drawing of a category in the tree."""
    return drawing_of(node)
