from dataclasses import dataclass, fields, replace

import pytest
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import override

from shop.lib.stencils import Stencil
from shop.storefront.facets import Choice
from shop.storefront.rows import OfferRow, PartRow


def rows_of(kind):
    """Every field holds what would break a page if it were not escaped; then each is empty in turn, then all."""
    names = [field.name for field in fields(kind)]
    full = kind(**{name: f"<{name}> & 'co'" for name in names})
    return [full, *(replace(full, **{name: ""}) for name in names), kind(**dict.fromkeys(names, ""))]


PART_ROWS, OFFER_ROWS = rows_of(PartRow), rows_of(OfferRow)


def plainly(template, rows):
    return "".join(get_template(template).render({"row": row}) for row in rows)


@pytest.mark.parametrize(
    ("template", "rows"),
    [
        ("components/part-row.html", PART_ROWS),
        ("components/offer.html", OFFER_ROWS),
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
