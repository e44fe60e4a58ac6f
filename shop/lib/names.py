"""Translated columns: ``name_uk`` is always there, ``name_en`` may be empty."""

from typing import Any

from django.utils.translation import get_language


def in_language(row: Any, field: str) -> str:
    """``row.<field>_en`` on English pages when it is filled, else ``row.<field>_uk``."""
    if (get_language() or "uk").startswith("en"):
        text: str = getattr(row, f"{field}_en")
        if text:
            return text
    text = getattr(row, f"{field}_uk")
    return text
