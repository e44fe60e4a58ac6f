"""The local mailbox: shown as it came, runs nothing, absent on a server."""

import importlib
import json

import pytest
from django.urls import NoReverseMatch, clear_url_caches, reverse

import shop.urls
from shop.local.home import Home

LETTER = """\
X-Envelope-From: orders@shop.example\r
X-Envelope-To: olena@example.com\r
From: =?utf-8?b?0JDQstGC0L7QtNC10YLQsNC70ZY=?= <orders@shop.example>\r
To: olena@example.com\r
Subject: =?utf-8?b?0JfQsNC80L7QstC70LXQvdC90Y8=?=\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="x"\r
\r
--x\r
Content-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: 8bit\r
\r
Дякуємо! http://testserver/orders/1/\r
--x\r
Content-Type: text/html; charset="utf-8"\r
Content-Transfer-Encoding: 8bit\r
\r
<html><head><title>x</title></head><body><b>Дякуємо!</b><script>alert(1)</script></body></html>\r
--x--\r
"""


@pytest.fixture
def mailbox(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_HOME", str(tmp_path))
    folder = Home().mailbox
    (folder / "1763800000000000000.eml").write_bytes(LETTER.encode())
    text = {"sender": "Msg", "phone": "+380671234567", "text": "Замовлення прийнято", "message_id": "1"}
    (folder / "1763800001000000000.json").write_text(json.dumps(text))
    (folder / ".1763800002000000000.json.x1").write_text("half")
    return folder


@pytest.mark.django_db
def test_mails_and_texts_are_listed_newest_first(client, mailbox):
    page = client.get("/local/mailbox/").content.decode()
    assert page.index("Замовлення прийнято") < page.index("olena@example.com")
    assert page.count("mailbox__item") == 2


@pytest.mark.django_db
def test_htmx_gets_the_list_alone(client, mailbox):
    page = client.get("/local/mailbox/", headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<ul class="mailbox__list"')
    assert "<html" not in page


@pytest.mark.django_db
def test_a_mail_opens_with_its_text_and_headers(client, mailbox):
    page = client.get("/local/mailbox/1763800000000000000/").content.decode()
    assert "<h1>Замовлення</h1>" in page
    assert '<a href="http://testserver/orders/1/"' in page
    assert "X-Envelope" not in page


def test_the_html_of_a_mail_may_run_and_load_nothing(client, mailbox):
    answer = client.get("/local/mailbox/1763800000000000000/letter/")
    assert answer.headers["Content-Security-Policy"] == (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; frame-ancestors 'self'"
    )
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_blank">' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["5/", "5/letter/", "1763800001000000000/letter/"])
def test_what_is_not_there_is_not_found(client, mailbox, path):
    assert client.get(f"/local/mailbox/{path}").status_code == 404


def test_a_server_has_no_local_pages(settings):
    settings.LOCAL_PAGES = False
    importlib.reload(shop.urls)
    clear_url_caches()
    try:
        with pytest.raises(NoReverseMatch):
            reverse("local:mailbox")
    finally:
        settings.LOCAL_PAGES = True
        importlib.reload(shop.urls)
        clear_url_caches()
