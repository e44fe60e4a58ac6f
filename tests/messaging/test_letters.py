from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from shop.lib.seller import DEMO_SELLER
from shop.messaging.letters import render_letter, render_text
from shop.messaging.placeholders import cover, fill, fill_html


@pytest.fixture
def templates(tmp_path, settings):
    """A folder of templates of this test, in front of the shop's own."""
    configured = settings.TEMPLATES[0]
    settings.TEMPLATES = [configured | {"DIRS": [tmp_path, *configured["DIRS"]]}]
    for folder in ("emails", "sms"):
        (tmp_path / folder).mkdir()
    return tmp_path


@pytest.fixture
def notice(templates):
    (templates / "emails/notice.txt").write_text(
        "{% blocktranslate %}Замовлення № {{ number }} прийнято{% endblocktranslate %}\n\n{{ name }}, дякуємо!\n"
    )
    (templates / "emails/notice.html").write_text(
        '{% extends "emails/base.html" %}{% block content %}<p class="order-number">№ {{ number }}</p>'
        '<p>{{ name }}</p>{% include "emails/button.html" with url="[[order-page]]" label="Сторінка" %}'
        "{% endblock content %}"
    )
    return {"number": "4711", "name": "Д’Артаньян <b>&</b>"}


def test_the_first_line_is_the_subject_and_the_rest_the_text(notice):
    letter = render_letter("notice", notice, "uk")
    assert letter.subject == "Замовлення № 4711 прийнято"
    assert letter.text == "Д’Артаньян <b>&</b>, дякуємо!\n"


def test_html_escapes_what_people_typed(notice):
    assert "Д’Артаньян &lt;b&gt;&amp;&lt;/b&gt;" in render_letter("notice", notice, "uk").html


def test_the_style_is_written_into_the_elements_and_only_the_dark_one_stays_a_sheet(notice):
    html = render_letter("notice", notice, "uk").html
    assert html.count("<style") == 1
    sheet = html[html.index("<style") : html.index("</style>")]
    assert "prefers-color-scheme: dark" in sheet
    assert "max-width" not in sheet
    assert "font-size: 28px" in html[html.index('class="order-number"') :][:200]
    assert '<meta name="color-scheme" content="light dark">' in html


def test_a_placeholder_survives_as_the_address_of_a_button(notice):
    assert 'href="[[order-page]]"' in render_letter("notice", notice, "uk").html


def test_every_letter_names_the_seller_and_why_it_came(notice):
    html = render_letter("notice", notice, "uk").html
    assert "бо оформили замовлення" in html
    for value in (DEMO_SELLER.legal_name, DEMO_SELLER.tax_number, DEMO_SELLER.email, "044 123 45 67"):
        assert value in html


def test_nothing_is_fetched_from_elsewhere_when_a_letter_is_opened(notice):
    class Addresses(HTMLParser):
        found = ()

        def handle_starttag(self, tag, attrs):
            if tag in {"img", "link", "script", "iframe"}:
                self.found += (tag,)

    parser = Addresses()
    parser.feed(render_letter("notice", notice, "uk").html)
    assert parser.found == ()


@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_letter_says_its_language(notice, language):
    assert f'<html lang="{language}"' in render_letter("notice", notice, language).html


def test_an_sms_is_one_line(templates):
    (templates / "sms/notice.txt").write_text("Замовлення {{ number }}\n  прийнято.\n[[order-page]]\n")
    assert render_text("notice", {"number": "4711"}, "uk") == "Замовлення 4711 прийнято. [[order-page]]"


def test_each_letter_of_the_shop_has_both_parts():
    folder = Path(django_settings.BASE_DIR) / "templates/emails"
    letters = {page.stem for page in folder.glob("*.html") if '{% extends "emails/base.html" %}' in page.read_text()}
    assert letters
    assert {name for name in letters if not (folder / f"{name}.txt").exists()} == set()


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Код [[code]]", "Код 808080"),
        ("[[code]][[code]]", "808080808080"),
        ("[[Code]] [code] [[ code ]] [[other]]", "[[Code]] [code] [[ code ]] [[other]]"),
    ],
)
def test_placeholders_are_filled_by_name(text, filled):
    assert fill(text, {"code": "808080"}) == filled


def test_a_sealed_value_cannot_bring_a_placeholder_or_a_tag():
    assert fill("[[name]]", {"name": "[[code]]", "code": "808080"}) == "[[code]]"
    assert fill_html("<p>[[name]]</p>", {"name": '<b>"'}) == "<p>&lt;b&gt;&quot;</p>"


def test_staff_see_dots():
    assert cover("Код [[code]], сторінка [[order-page]]") == "Код •••, сторінка •••"
