import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wish", ["en-US,en;q=0.9", "ru", "de", ""])
def test_pages_without_a_prefix_are_ukrainian_whatever_the_browser_says(client, wish):
    answer = client.get("/cars/", headers={"Accept-Language": wish})
    assert answer.status_code == 200
    assert '<html lang="uk">' in answer.text


def test_english_pages_stand_under_their_prefix_and_link_to_each_other(client):
    page = client.get("/en/cars/", headers={"Accept-Language": "uk"}).text
    assert '<html lang="en">' in page
    assert 'href="/en/about/offer/"' in page


def test_each_page_names_its_twin_in_the_other_language(client):
    for address in ["/cars/", "/en/cars/"]:
        page = " ".join(client.get(f"{address}?utm_source=mail").text.split())
        assert f'<link rel="canonical" href="http://testserver{address}">' in page
        assert '<link rel="alternate" hreflang="uk" href="http://testserver/cars/">' in page
        assert '<link rel="alternate" hreflang="en" href="http://testserver/en/cars/">' in page


def test_choosing_a_language_leads_to_the_same_page_in_it(client):
    answer = client.post("/language/", {"language": "en", "next": "/cars/?next=/basket/"})
    assert answer["Location"] == "/en/cars/?next=/basket/"
    answer = client.post("/language/", {"language": "uk", "next": "/en/cars/"})
    assert answer["Location"] == "/cars/"


def test_remembered_english_leads_away_from_the_first_page_only(client):
    client.post("/language/", {"language": "en", "next": "/"})
    assert client.get("/")["Location"] == "/en/"
    assert '<html lang="uk">' in client.get("/cars/").text
    client.post("/language/", {"language": "uk", "next": "/en/"})
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["https://evil.example/en/", "//evil.example/", "/\\evil.example", ""])
def test_choosing_a_language_never_leads_to_a_strange_host(client, address):
    answer = client.post("/language/", {"language": "en", "next": address})
    assert answer["Location"] == "/en/"


@pytest.mark.parametrize("language", ["de", "../../", "uk; drop table", ""])
def test_a_language_that_the_shop_does_not_speak_is_not_remembered(client, language):
    client.post("/language/", {"language": language, "next": "/"})
    assert client.get("/").status_code == 200
