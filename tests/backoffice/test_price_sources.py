"""Sources of price lists at the desk: what each kind needs, passwords that are never shown, a look on request."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shop.backoffice.roles import Role
from shop.offers import tasks
from shop.offers.admin import source as source_page
from shop.offers.models import PriceListSource
from tests.factories import PriceListFactory

pytestmark = pytest.mark.django_db
LIST = "admin:offers_pricelistsource_changelist"


def form(price_list, **fields):
    return {
        "price_list": price_list.pk,
        "kind": "folder",
        "file_pattern": "acme*.csv",
        "every_minutes": "30",
        "at_hour": "",
        "is_active": "on",
    } | fields


def add(desk, price_list, **fields):
    return desk.post(reverse("admin:offers_pricelistsource_add"), form(price_list, **fields))


def errors(answer):
    return {name: [str(word) for word in words] for name, words in answer.context["adminform"].form.errors.items()}


def test_a_source_of_every_kind_is_added(desk):
    told = {
        "folder": {},
        "url": {"url": "https://acme.example/price.csv", "login": "acme", "password": " s ecret "},
        "mail": {"sender": "prices@acme.example"},
    }
    for kind, fields in told.items():
        assert add(desk, PriceListFactory(), kind=kind, **fields).status_code == 302
    assert set(PriceListSource.objects.values_list("kind", flat=True)) == set(told)
    assert PriceListSource.objects.get(kind="url").password == " s ecret "


@pytest.mark.parametrize(
    ("fields", "wrong", "words"),
    [
        ({"file_pattern": ""}, "file_pattern", "Вкажіть, які файли брати з папки."),
        ({"file_pattern": "../secret.csv"}, "file_pattern", "Вкажіть назву файлу"),
        ({"kind": "url"}, "url", "Вкажіть адресу файлу."),
        ({"kind": "url", "url": "ftp://acme.example/a.csv"}, "url", ""),
        ({"kind": "mail"}, "sender", "Вкажіть, з якої адреси постачальник надсилає прайс."),
        ({"kind": "mail", "sender": "a@b.example", "file_pattern": "a/b.csv"}, "file_pattern", "У листі немає папок"),
        ({"every_minutes": "", "at_hour": ""}, "every_minutes", "Вкажіть одне"),
        ({"every_minutes": "30", "at_hour": "6"}, "every_minutes", "Вкажіть одне"),
        ({"every_minutes": "0"}, "every_minutes", ""),
        ({"every_minutes": "", "at_hour": "24"}, "at_hour", ""),
    ],
)
def test_what_a_source_cannot_do_without_is_said_beside_the_field(desk, fields, wrong, words):
    answer = add(desk, PriceListFactory(), **fields)
    assert answer.status_code == 200
    said = errors(answer)
    assert set(said) == {wrong}
    assert words in said[wrong][0]
    assert not PriceListSource.objects.exists()


def test_a_list_has_one_source(desk, price_list):
    add(desk, price_list)
    answer = add(desk, price_list)
    assert errors(answer) == {"price_list": ["У цього прайс-листа вже є джерело: змініть його."]}


def test_a_password_is_never_shown_and_stays_when_the_field_is_left_empty(desk, price_list):
    add(desk, price_list, kind="url", url="https://acme.example/a.csv", login="acme", password="secret")
    source = PriceListSource.objects.get()
    address = reverse("admin:offers_pricelistsource_change", args=[source.pk])
    assert "secret" not in desk.get(address).content.decode()
    told = form(price_list, kind="url", url="https://acme.example/b.csv", login="acme", password="")
    assert desk.post(address, told).status_code == 302
    source.refresh_from_db()
    assert (source.url, source.password) == ("https://acme.example/b.csv", "secret")
    desk.post(address, told | {"login": ""})
    source.refresh_from_db()
    assert source.password == ""


def test_another_kind_forgets_what_was_of_the_former_one(desk, price_list):
    add(desk, price_list, kind="url", url="https://acme.example/a.csv", login="acme", password="secret")
    source = PriceListSource.objects.get()
    desk.post(
        reverse("admin:offers_pricelistsource_change", args=[source.pk]),
        form(price_list, kind="mail", sender="a@b.example", url="https://acme.example/a.csv", login="acme"),
    )
    source.refresh_from_db()
    assert (source.kind, source.url, source.login, source.password) == ("mail", "", "", "")


def test_a_change_is_tried_at_once_and_clears_what_failed(desk, price_list):
    add(desk, price_list)
    PriceListSource.objects.update(
        failures=5,
        last_problem="no_folder",
        needs_person_since=timezone.now(),
        needs_person_reason="…",
        due_at=timezone.now() + timedelta(hours=5),
        memory={"sizes": {}},
    )
    source = PriceListSource.objects.get()
    address = reverse("admin:offers_pricelistsource_change", args=[source.pk])
    desk.post(address, form(price_list))
    source.refresh_from_db()
    assert source.failures == 5
    desk.post(address, form(price_list, file_pattern="other*.csv"))
    source.refresh_from_db()
    assert (source.failures, source.last_problem, source.needs_person_since, source.memory) == (0, "", None, {})
    assert source.due_at <= timezone.now()


def test_a_look_on_request_is_asked_of_a_worker(desk, price_list, monkeypatch):
    asked = []
    monkeypatch.setattr(source_page, "publish", lambda task, *args: asked.append((task.name, *args)))
    add(desk, price_list)
    source = PriceListSource.objects.get()
    address = reverse("admin:offers_pricelistsource_check", args=[source.pk])
    assert desk.get(address).status_code == 302
    assert asked == []
    assert desk.post(address).url == reverse("admin:offers_pricelistsource_change", args=[source.pk])
    assert asked == [(tasks.check_source_now.name, source.pk)]


@pytest.mark.parametrize("role", [Role.CONTENT, Role.WAREHOUSE])
def test_other_roles_neither_see_sources_nor_ask_for_a_look(sign_in, price_list, role):
    source = PriceListSource.objects.create(price_list=price_list)
    browser = sign_in(role)
    assert browser.get(reverse(LIST)).status_code == 403
    assert browser.post(reverse("admin:offers_pricelistsource_check", args=[source.pk])).status_code == 403


def test_the_list_asks_as_much_for_twenty_sources_as_for_one(desk):
    counts = []
    for number in (1, 20):
        while PriceListSource.objects.count() < number:
            PriceListSource.objects.create(price_list=PriceListFactory())
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse(LIST)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_edit_leaves_a_worker_its_claim(desk, price_list, monkeypatch):
    add(desk, price_list)
    source = PriceListSource.objects.get()
    claimed = timezone.now() + timedelta(minutes=5)
    real = source_page.SourceForm.clean

    def claim_meanwhile(self):
        PriceListSource.objects.update(claimed_until=claimed)
        return real(self)

    monkeypatch.setattr(source_page.SourceForm, "clean", claim_meanwhile)
    address = reverse("admin:offers_pricelistsource_change", args=[source.pk])
    assert desk.post(address, form(price_list, file_pattern="other*.csv")).status_code == 302
    source.refresh_from_db()
    assert (source.claimed_until, source.file_pattern) == (claimed, "other*.csv")


def test_the_page_of_a_list_leads_to_its_source_or_to_a_new_one(desk, sign_in, price_list):
    page = reverse("admin:offers_pricelist_change", args=[price_list.pk])
    address = f"{reverse('admin:offers_pricelistsource_add')}?price_list={price_list.pk}"
    assert f'href="{address}">Отримувати файли автоматично</a>' in desk.get(page).content.decode()
    assert desk.get(address).context["adminform"].form["price_list"].value() == str(price_list.pk)
    add(desk, price_list)
    there = reverse("admin:offers_pricelistsource_change", args=[PriceListSource.objects.get().pk])
    assert f'href="{there}">Звідки файли</a>' in desk.get(page).content.decode()
