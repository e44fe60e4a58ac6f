from dataclasses import dataclass, replace
from itertools import product

import pytest
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import override

from shop.lib.stencils import Stencil
from shop.storefront.facets import Choice
from shop.storefront.rows import PartRow

ROW = PartRow(
    pk=17,
    identity="bosch/0986",
    category="brake-pads",
    drawing="disc",
    address="/p/bosch/0986/",
    brand="Bosch & <Sohn>",
    number='0 986 "494"',
    name="Колодки 'передні'",
    facts="Вісь: передня",
    fit="fits",
    fit_word="Підходить",
    fit_detail="передня",
    fit_source="Каталог виробника",
    unit="пара",
    warehouse=3,
    is_here=True,
    price="1\u00a0234,50\u00a0₴",
    arrival="сьогодні",
    pieces="3 шт.",
    cheaper="1\u00a0100\u00a0₴",
    sooner="завтра",
)
EMPTY = {
    "facts": "",
    "fit": "",
    "fit_source": "",
    "unit": "",
    "warehouse": None,
    "is_here": False,
    "cheaper": "",
    "sooner": "",
}
PART_ROWS = [
    replace(ROW, **{name: EMPTY[name] for name, is_empty in zip(EMPTY, shape, strict=True) if is_empty})
    for shape in product([False, True], repeat=len(EMPTY))
]


def plainly(template, rows):
    return "".join(get_template(template).render({"row": row}) for row in rows)


@pytest.mark.parametrize(
    ("template", "rows"),
    [
        ("components/part-row.html", PART_ROWS),
        (
            "components/facet-choice.html",
            [
                Choice("brand-bosch", "checkbox", "brand", "bosch", "Bosch <1886>", "0", is_chosen=False),
                Choice("arrival-", "radio", "arrival", "", "будь-коли", "17", is_chosen=True),
            ],
        ),
    ],
)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_rows_come_out_as_if_each_were_rendered_by_itself(template, rows, language):
    with override(language):
        assert Stencil(template).render(rows) == plainly(template, rows)


@dataclass
class Line:
    address: str
    name: str
    parts: str = ""


def test_texts_are_escaped_and_safe_ones_are_not():
    drawn = Stencil("components/department-group.html").render([Line("/", "<b>"), Line("/", mark_safe("<i>ok</i>"))])

    assert "&lt;b&gt;" in drawn
    assert "<i>ok</i>" in drawn


def test_no_rows_make_no_text():
    assert Stencil("components/department-group.html").render([]) == ""
