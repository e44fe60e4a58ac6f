"""``[[name]]`` in a message stands for a value that only the receiver may read: a code, a secret link.

The row keeps the placeholder; the value lies encrypted in ``sealed`` until the message is handed over.
A name that nothing was sealed for stays as it is: people may type double brackets into a comment.
"""

import json
import re
from collections.abc import Mapping

from django.utils.html import escape

_PLACEHOLDER = re.compile(r"\[\[([a-z][a-z0-9-]*)\]\]")
DOTS = "•••"


def seal(sealed: Mapping[str, str]) -> str:
    """The JSON kept in the encrypted column; nothing for nothing."""
    return json.dumps(dict(sealed), ensure_ascii=False, sort_keys=True) if sealed else ""


def unseal(sealed: str) -> dict[str, str]:
    values: dict[str, str] = json.loads(sealed) if sealed else {}
    return values


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values into plain text."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def fill_html(html: str, values: Mapping[str, str]) -> str:
    """Put the values into HTML, as text or inside an attribute."""
    return fill(html, {name: escape(value) for name, value in values.items()})


def cover(text: str) -> str:
    """What staff may see of a text: dots where a secret stands."""
    return _PLACEHOLDER.sub(DOTS, text)


def names_in(text: str) -> set[str]:
    """The placeholders that stand in a text."""
    return {match[1] for match in _PLACEHOLDER.finditer(text)}
