"""From data to PDF by typst: fonts are inside its wheel, and neither files nor the network are open to a paper.

What people typed comes in as JSON and is only ever text: no template evaluates it.
"""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst

from orders.papers.data import PickingData, SaleData

_FOLDER = Path(__file__).parent / "templates"


def render(template: str, data: SaleData | PickingData) -> bytes:
    """The PDF of ``template`` (its name without ``.typ``), a few milliseconds a page."""
    made = typst.compile(
        _FOLDER / f"{template}.typ",
        root=_FOLDER,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(asdict(data), ensure_ascii=False)},
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("typst made no single PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    """Read once a process: it takes longer than a paper."""
    return typst.Fonts(include_system_fonts=False)
