import pytest
from django.http import QueryDict

from shop.lib.cache import FailOpenRedisCache
from shop.lib.version import bump_catalogue_version, catalogue_version
from shop.offers.shelf import refresh_shelf
from shop.storefront.page import known_query
from tests.factories import CategoryFactory, CustomerFactory, ModificationFactory, PartFactory, own_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def part():
    part = PartFactory(category=CategoryFactory(slug="pads"), brand__slug="ate", article_number="A1")
    own_offer(part=part)
    refresh_shelf()
    return part


def test_a_kept_body_needs_no_query(client, part, django_assert_num_queries):
    first = client.get("/c/pads/").content
    with django_assert_num_queries(0):
        second = client.get("/c/pads/").content
    assert first.count(b'data-part="ate/A1"') == second.count(b'data-part="ate/A1"') == 1


def test_a_kept_body_needs_no_query_for_a_visitor_with_a_car_either(client, part, django_assert_num_queries):
    car = ModificationFactory()
    client.post("/cars/chosen/", {"modification": car.pk})
    client.get("/c/pads/")
    with django_assert_num_queries(0):
        assert car.short_name() in client.get("/c/pads/").content.decode()
    assert "sessionid" not in client.cookies


def test_a_change_of_the_catalogue_shows_after_its_version_changes(client, part):
    client.get("/p/ate/A1/")
    type(part).objects.update(name_uk="Нова назва")
    assert "Нова назва" not in client.get("/p/ate/A1/").content.decode()
    bump_catalogue_version()
    assert "Нова назва" in client.get("/p/ate/A1/").content.decode()


def test_what_is_kept_holds_no_token_and_each_visitor_gets_their_own(client, part):
    token = client.get("/p/ate/A1/").content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = client.get("/p/ate/A1/").content.decode()
    assert "<!--csrf-->" not in again
    assert token not in again
    assert again.count('name="csrfmiddlewaretoken"') >= 1


def test_a_car_and_a_language_have_bodies_of_their_own(client, part):
    car = ModificationFactory()
    assert "Чи підійде вашому авто?" in client.get("/p/ate/A1/").content.decode()
    client.post("/cars/chosen/", {"modification": car.pk})
    assert "Чи підійде вашому авто?" not in client.get("/p/ate/A1/").content.decode()
    client.post("/cars/chosen/removal/")
    assert "Чи підійде вашому авто?" in client.get("/p/ate/A1/").content.decode()
    assert 'lang="en"' in client.get("/en/p/ate/A1/").content.decode()


def test_a_page_works_while_the_cache_is_away(client, part, monkeypatch):
    monkeypatch.setattr(FailOpenRedisCache, "_dead_until", float("inf"))
    assert client.get("/c/pads/").status_code == 200
    assert client.get("/p/ate/A1/").status_code == 200
    assert catalogue_version().startswith("without-cache-")


def test_a_signed_in_customer_leaves_nothing_in_what_is_kept(client, part):
    client.force_login(CustomerFactory(email="olena@example.com"))
    client.get("/p/ate/A1/")
    client.logout()
    assert "olena@example.com" not in client.get("/p/ate/A1/").content.decode()


def test_unknown_parameters_and_their_order_do_not_make_another_body():
    query = QueryDict("utm=1&page=2&brand=b&brand=a&brand=&q=%20x%00%20%20y")
    assert known_query(query, ("q", "brand", "page")).urlencode() == "brand=a&brand=b&page=2&q=x+y"
