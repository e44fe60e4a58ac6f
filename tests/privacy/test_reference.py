import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from shop.lib.seller import DEMO_SELLER
from shop.privacy import reference
from shop.privacy.admin import LegalDocumentForm
from shop.privacy.handing_over import ALLOWED
from shop.privacy.models import LegalDocument

pytestmark = pytest.mark.django_db
KINDS = LegalDocument.Kind.values


def test_all_texts_are_published_in_both_languages_and_a_second_run_writes_nothing():
    assert reference.load().added == 5
    before = list(LegalDocument.objects.values())
    assert not reference.load()
    assert list(LegalDocument.objects.values()) == before
    assert sorted((row["kind"], row["version"]) for row in before) == sorted((kind, 1) for kind in KINDS)
    assert all(row["body_uk"] and row["body_en"] for row in before)


def test_a_changed_text_becomes_a_new_version_and_the_old_one_stays(settings):
    reference.load()
    old = LegalDocument.objects.get(kind="offer")
    settings.SELLER = replace(DEMO_SELLER, legal_name="ТОВ «Нові деталі»", tax_number="12345678")
    assert reference.load().added > 0
    new = LegalDocument.objects.get(kind="offer", version=2)
    assert "ТОВ «Нові деталі», код ЄДРПОУ 12345678" in new.body_uk
    old.refresh_from_db()
    assert (old.version, "ФОП Коваленко Олена Іванівна, РНОКПП 1234567899" in old.body_uk) == (1, True)


def test_a_text_that_staff_wrote_is_left_alone(settings):
    reference.load()
    mine = LegalDocument.objects.create(kind="offer", version=2, valid_from="2026-01-01", body_uk="<p>Моє</p>")
    settings.SELLER = replace(DEMO_SELLER, legal_name="ТОВ «Нові деталі»")
    reference.load()
    assert LegalDocument.objects.filter(kind="offer").order_by("-version").first() == mine


class Outline(HTMLParser):
    """Tags in order, without their text; fails on a tag that is not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.links = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_say_the_same_things_in_the_same_order(kind):
    reference.load()
    document = LegalDocument.objects.get(kind=kind)
    ukrainian, english = Outline(document.body_uk), Outline(document.body_en)
    assert ukrainian.tags == english.tags
    assert [re.sub("^/about/", "/en/about/", link) for link in ukrainian.links] == english.links
    assert "{{" not in document.body_uk + document.body_en
    assert "{%" not in document.body_uk + document.body_en
    assert not re.search("[А-Яа-яіїєґ]", re.sub(r"<[^>]*>", "", _without_seller(document.body_en)))


def _without_seller(text):
    for value in (
        DEMO_SELLER.legal_name,
        DEMO_SELLER.address,
        DEMO_SELLER.bank,
        "Автодеталі",
    ):
        text = text.replace(value, "")
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_staff_may_go_on_from_a_packaged_text(kind):
    reference.load()
    document = LegalDocument.objects.get(kind=kind)
    form = LegalDocumentForm(
        {"kind": kind, "valid_from": "2099-01-01", "body_uk": document.body_uk, "body_en": document.body_en}
    )
    assert form.is_valid(), form.errors


def test_seller_stands_where_the_law_wants_it():
    reference.load()
    for kind in ("offer", "contacts", "privacy"):
        body = LegalDocument.objects.get(kind=kind).body_uk
        for value in (DEMO_SELLER.legal_name, DEMO_SELLER.tax_number, DEMO_SELLER.address, DEMO_SELLER.email):
            assert value in body, kind


def test_the_policy_names_everything_that_may_be_handed_over():
    """The table of receivers in the privacy policy against the allow-list of hand_over()."""
    reference.load()
    words = {
        "email": "Електронна пошта",
        "subject": "текст листа",
        "html": "текст листа",
        "text": "текст",
        "phone": "елефон",
        "surname": "Прізвище",
        "given_name": "ім’я",
        "patronymic": "по батькові",
        "settlement": "місто",
        "pickup_point": "відділення",
        "address": "місто й відділення",
        "declared_value": "вартість посилки",
        "order_number": "Номер замовлення",
        "amount": "сума",
        "goods": "назви товарів",
    }
    policy = LegalDocument.objects.get(kind="privacy").body_uk
    receivers = policy[policy.index("Кому ми передаємо") : policy.index("Як ми захищаємо")]
    for fields in ALLOWED.values():
        for field in fields:
            assert words[field] in receivers, field
