"""Addresses of things that pages name by the hundred."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language


def address_of(view: str, *names: str) -> str:
    """As ``reverse(view, args=names)`` in a tenth of its time, for addresses that end in their names: ``/c/pads/``."""
    return f"{_beginning(view, len(names), get_language(), get_script_prefix())}{'/'.join(map(quote, names))}/"


@lru_cache(maxsize=256)
def _beginning(view: str, count: int, language: str | None, script_prefix: str) -> str:
    return reverse(view, args=["-"] * count).removesuffix("-/" * count)
