from datetime import date, timedelta

import pytest
from django.utils import timezone

from shop.privacy.models import LegalDocument
from tests.factories import LegalDocumentFactory

pytestmark = pytest.mark.django_db

OFFER = LegalDocument.Kind.OFFER


@pytest.fixture(autouse=True)
def versions():
    LegalDocument.objects.filter(kind=OFFER).delete()
    LegalDocumentFactory(kind=OFFER, version=1, valid_from=date(2026, 1, 1), body_uk="<p>Перші умови</p>")
    LegalDocumentFactory(
        kind=OFFER, version=2, valid_from=date(2026, 6, 1), body_uk="<p>Другі умови</p>", body_en="<p>Second terms</p>"
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    LegalDocumentFactory(kind=OFFER, version=3, valid_from=tomorrow, body_uk="<p>Треті умови</p>")


def test_the_version_in_force_is_shown_with_its_date_and_the_former_ones_are_listed(client):
    page = client.get("/about/offer/").text
    assert "Другі умови" in page
    assert "діє з 01.06.2026" in page
    assert 'href="/about/offer/1/"' in page
    assert "/about/offer/3/" not in page


def test_a_former_version_is_reachable_and_says_so(client):
    page = client.get("/about/offer/1/").text
    assert "Перші умови" in page
    assert "Це попередня версія." in page


@pytest.mark.parametrize("address", ["/about/offer/3/", "/about/offer/9/", "/about/secrets/"])
def test_a_version_not_in_force_yet_or_never_written_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_english_text_stands_under_the_english_address(client):
    assert "Second terms" in client.get("/en/about/offer/").text
