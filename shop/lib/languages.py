"""Addresses of one page in each language: Ukrainian has no prefix, the others stand under ``/en/``."""

from django.conf import settings


def address_in(language: str, path: str) -> str:
    """``/en/cars/`` for ``/cars/`` and back. Cheaper than resolving the path, and right for pages that are missing."""
    for code, _name in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE and (path == f"/{code}" or path.startswith(f"/{code}/")):
            path = path.removeprefix(f"/{code}") or "/"
            break
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"
