import pytest
from django.test import Client, RequestFactory

from shop.storefront.views.errors import refused, server_error

pytestmark = pytest.mark.django_db


def test_a_missing_page_offers_search_and_the_picker(client):
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert '<html lang="uk">' in answer.text
    assert 'action="/search/"' in answer.text
    assert 'href="/cars/"' in answer.text


def test_a_missing_page_under_the_english_address_speaks_english(client):
    answer = client.get("/en/nothing-here/")
    assert answer.status_code == 404
    assert '<html lang="en">' in answer.text
    assert 'action="/en/search/"' in answer.text


def test_a_form_without_its_token_changes_nothing_and_says_why():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/cars/chosen/", {"modification": "1"})
    assert answer.status_code == 403
    assert "Форму не прийнято" in answer.text


def test_a_refused_page_leads_home(client):
    request = client.get("/nothing-here/").wsgi_request
    answer = refused(request, PermissionError())
    assert answer.status_code == 403
    assert "Сюди немає доступу" in answer.text


def test_the_page_of_a_broken_server_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Щось зламалося в нас" in answer.text
    assert "tel:+380441234567" in answer.text
