import threading
from base64 import b64encode
from datetime import timedelta

import pytest
from django.utils import timezone

from shop.offers.models import PriceList, PriceListSource, PriceListVersion
from shop.offers.pricelists.running import run_version
from shop.offers.sources import url as fetching
from shop.offers.sources.addresses import checked_address, is_public
from shop.offers.sources.checking import check
from shop.offers.sources.place import SourceProblem
from tests.offers.sources.conftest import CONTENT, OTHER, Problem, contents


@pytest.fixture
def source(price_list, web_server):
    return PriceListSource.objects.create(
        price_list=price_list, kind=PriceListSource.Kind.URL, url=web_server.at("/price.csv")
    )


def look(source):
    check(source.pk, is_asked_for=True)
    source.refresh_from_db()
    return source


def test_a_file_is_fetched_and_once_more_only_when_it_has_changed(source, web_server, price_list):
    asked = []

    def answer(environ):
        asked.append(environ.get("HTTP_IF_NONE_MATCH"))
        return (304, {}, []) if asked[-1] == '"1"' else (200, {"ETag": '"1"'}, [CONTENT])

    web_server.pages["/price.csv"] = [answer]
    look(source)
    look(source)
    assert asked == [None, '"1"']
    assert contents(price_list) == [CONTENT]


def test_a_server_without_etags_is_asked_for_the_file_and_the_same_content_is_no_news(source, web_server, price_list):
    web_server.pages["/price.csv"] = [CONTENT, CONTENT, OTHER]
    for _ in range(3):
        look(source)
    assert contents(price_list) == [CONTENT, OTHER]


def test_an_unchanged_file_counts_as_fresh_again(source, web_server, price_list):
    PriceList.objects.update(max_age_days=2)
    web_server.pages["/price.csv"] = [CONTENT]
    look(source)
    run_version(price_list.versions.get().pk)
    assert price_list.versions.get().status == PriceListVersion.Status.ACTIVE
    PriceList.objects.update(fresh_until=timezone.now() + timedelta(minutes=1))
    look(source)
    price_list.refresh_from_db()
    assert price_list.fresh_until > timezone.now() + timedelta(days=1)


def test_the_login_goes_to_its_own_host_only(source, web_server, price_list):
    source.login, source.password = "acme", "secret"
    source.save()
    seen = {}

    def own(environ):
        seen["own"] = environ.get("HTTP_AUTHORIZATION")
        return 302, {"Location": web_server.at("/elsewhere.csv", host="localhost")}, []

    def other(environ):
        seen["other"] = environ.get("HTTP_AUTHORIZATION")
        return CONTENT

    web_server.pages |= {"/price.csv": [own], "/elsewhere.csv": [other]}
    look(source)
    assert seen == {"own": f"Basic {b64encode(b'acme:secret').decode()}", "other": None}
    assert contents(price_list) == [CONTENT]


def test_the_password_stands_encrypted_in_the_database(source):
    from django.db import connection

    source.login, source.password = "acme", "secret"
    source.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM offers_pricelistsource")
        assert "secret" not in cursor.fetchone()[0]
    assert PriceListSource.objects.get().password == "secret"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((404, {}, []), Problem.NOT_FOUND),
        ((410, {}, []), Problem.NOT_FOUND),
        ((401, {}, []), Problem.REFUSED_LOGIN),
        ((403, {}, []), Problem.REFUSED_LOGIN),
        ((503, {}, []), Problem.SERVER_ERROR),
        (b"", Problem.EMPTY),
        ("\ufeff\n <!DOCTYPE html><title>Вхід</title>".encode(), Problem.WEB_PAGE),
        ((302, {"Location": "/price.csv"}, []), Problem.TOO_MANY_REDIRECTS),
        ((302, {"Location": "http://10.0.0.1/price.csv"}, []), Problem.PRIVATE_ADDRESS),
        ((302, {"Location": "file:///etc/passwd"}, []), Problem.PRIVATE_ADDRESS),
    ],
)
def test_what_is_not_the_file_is_said_and_not_taken(source, web_server, price_list, answer, problem):
    web_server.pages["/price.csv"] = [answer]
    assert look(source).last_problem == problem
    assert contents(price_list) == []


def test_a_file_that_is_too_large_ends_before_it_is_read(source, web_server, price_list, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 10)
    web_server.pages["/price.csv"] = [CONTENT]
    assert look(source).last_problem == Problem.TOO_LARGE


def test_a_server_that_does_not_say_how_much_is_cut_off_at_the_limit(source, web_server, price_list, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 10)
    web_server.pages["/price.csv"] = [lambda _environ: (200, {}, iter([CONTENT] * 3))]
    assert look(source).last_problem == Problem.TOO_LARGE


def test_a_silent_server_is_left(source, web_server, monkeypatch):
    monkeypatch.setattr(fetching, "SILENCE_SECONDS", 0.2)
    let_go = threading.Event()

    def wait(_environ):
        let_go.wait(5)
        return CONTENT

    web_server.pages["/price.csv"] = [wait]
    assert look(source).last_problem == Problem.TIMEOUT
    let_go.set()


def test_nobody_there_is_said(source):
    source.url = "http://127.0.0.1:1/price.csv"
    source.save()
    assert look(source).last_problem == Problem.UNREACHABLE


def test_the_shop_calls_public_addresses_over_https_only(settings):
    settings.PRICE_LIST_LOOPBACK = False
    for address in (
        "http://127.0.0.1/a.csv",
        "https://127.0.0.1/a.csv",
        "https://localhost/a.csv",
        "https://10.1.2.3/a.csv",
        "https://[::1]/a.csv",
        "https://169.254.169.254/latest/meta-data",
        "http://93.184.216.34/a.csv",
        "ftp://93.184.216.34/a.csv",
        "https://",
        "https://[bad/a.csv",
    ):
        with pytest.raises(SourceProblem) as refused:
            checked_address(address)
        assert refused.value.problem in (Problem.PRIVATE_ADDRESS, Problem.UNREACHABLE), address
    assert checked_address("https://93.184.216.34/a.csv") == ("93.184.216.34", "93.184.216.34", 443)


@pytest.mark.parametrize(
    "address",
    ["::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fe80::1%eth0", "0.0.0.0", "224.0.0.1", "100.64.0.1"],
)
def test_an_inner_address_is_known_in_every_wrapping(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_public_address_is_public(address):
    assert is_public(address)
