"""Components that are repeated many times on a page, rendered once for each of their shapes.

A list shows twenty parts and sixty brands, and Django walks the whole component for each. What the component writes is
mostly the same: only texts differ, and which optional pieces are there. So the component is rendered once with marks in
place of the texts for each combination of empty and filled fields, and the marks are replaced by the texts of each row.

What a component must keep to, so that this comes out as if it were rendered for the row: it uses nothing but the fields
of its row, prints them without filters, and asks only whether they are empty. The row is a dataclass of texts, numbers
and booleans. ``tests/lib/test_stencils.py`` has a helper that compares both ways.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from html import escape
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

type _Shape = tuple[bool, ...]
# Text and the field that follows it, in turns; the last text has none.
type _Pieces = list[tuple[str, int]]

# Letters of the private use area: escaping leaves them alone, and no text of a shop holds them.
_MARK = re.compile("\ue000(\\d+)\ue001")


class Stencil:
    """One component; the row is called ``row`` in it."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._compiled: object = None
        self._pieces: dict[tuple[type, str | None, str, _Shape], tuple[_Pieces, str]] = {}

    def render(self, rows: Iterable[Any]) -> SafeString:
        """The component for each of the rows, which are of one class, one after the other."""
        rows = list(rows)
        if not rows:
            return mark_safe("")
        compiled = get_template(self.template)
        if compiled.template is not self._compiled:  # type: ignore[attr-defined]  # edited while the server runs
            self._pieces, self._compiled = {}, compiled.template  # type: ignore[attr-defined]
        kind, names = type(rows[0]), [field.name for field in fields(rows[0])]
        values_of = attrgetter(*names)
        place = (kind, get_language(), get_script_prefix())
        found = []
        for row in rows:
            values = values_of(row)
            shape = tuple(map(bool, values))
            made = self._pieces.get((*place, shape))
            if made is None:
                made = self._pieces[*place, shape] = self._cut(names, shape)
            pieces, end = made
            for text, number in pieces:
                value = values[number]
                found.append(text)
                found.append(value if type(value) is SafeString else escape(str(value)))
            found.append(end)
        return mark_safe("".join(found))  # noqa: S308  # texts of rows are escaped above, the rest is the template's

    def _cut(self, names: Sequence[str], shape: _Shape) -> tuple[_Pieces, str]:
        marks = {
            name: f"\ue000{number}\ue001" if filled else ""
            for number, (name, filled) in enumerate(zip(names, shape, strict=True))
        }
        cut = _MARK.split(get_template(self.template).render({"row": SimpleNamespace(**marks)}))
        return list(zip(cut[:-1:2], map(int, cut[1::2]), strict=True)), cut[-1]
