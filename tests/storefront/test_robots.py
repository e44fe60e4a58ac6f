import pytest

from tests.factories import BrandFactory, CategoryFactory, PartFactory

pytestmark = pytest.mark.django_db


def test_robots_learn_where_the_map_is_and_what_is_private(client):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /orders/" in text


def test_the_map_lists_parts_categories_and_makes_in_files_of_their_own(client):
    part = PartFactory(brand=BrandFactory(slug="ate"), category=CategoryFactory(slug="pads"), article_number="A 1")
    index = client.get("/sitemap.xml").content.decode()
    assert "sitemap-parts.xml" in index
    page = -(-part.pk // 5000)
    assert "/p/ate/A1/</loc>" in client.get("/sitemap-parts.xml", {"p": page}).content.decode()
    assert "/c/pads/</loc>" in client.get("/sitemap-categories.xml").content.decode()


@pytest.mark.parametrize("address", ["/sitemap-parts.xml?p=99999", "/sitemap-parts.xml?p=x", "/sitemap-nothing.xml"])
def test_a_file_that_is_not_there_is_not_found(client, address):
    PartFactory()
    assert client.get(address).status_code == 404
