"""Price lists at the desk: upload, columns, trial, brakes, switch, undo — as plain forms, without scripts."""

import threading
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from shop.catalog.models import BrandAlias
from shop.catalog.numbers import brand_key
from shop.offers.models import Markup, Offer, PriceList, PriceListVersion
from shop.offers.pricelists.running import run_version
from shop.offers.pricelists.switching import discard, release
from tests.factories import (
    BrandFactory,
    CustomerFactory,
    PartFactory,
    PriceListFactory,
    PriceListVersionFactory,
    SupplierFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db

Status = PriceListVersion.Status
HEAD = "Бренд;Артикул;Назва;Ціна;Залишок"


@pytest.fixture
def price_list(db):
    warehouse = WarehouseFactory(lead_days=2)
    Markup.objects.create(percent=50)
    bosch = BrandFactory(name="Bosch")
    BrandAlias.objects.get_or_create(brand=bosch, key=brand_key("Bosch"), defaults={"name": "Bosch"})
    for number in range(10):
        PartFactory(brand=bosch, article_number=f"F 00{number}")
    return PriceListFactory(supplier=warehouse.supplier, name="main")


def lines(price="100,00", count=10):
    return [f"Bosch;F 00{number};Фільтр;{price};5" for number in range(count)]


def file(rows, *, head=HEAD, name="prices.csv"):
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode())


def send(browser, price_list, rows, *, is_held=True, head=HEAD, name="prices.csv", **extra):
    """Upload a file and let a worker have it; gives back the version and the answer of the page."""
    fields = {"file": file(rows, head=head, name=name)} | ({"is_held": "on"} if is_held else {})
    answer = browser.post(reverse("admin:offers_pricelist_upload", args=[price_list.pk]), fields, **extra)
    version = price_list.versions.order_by("-pk").first()
    if version and version.status in PriceListVersion.UNFINISHED:
        run_version(version.pk)
        version.refresh_from_db()
    return version, answer


def page_of(name, version):
    return reverse(f"admin:offers_pricelistversion_{name}", args=[version.pk])


def shown(browser, address):
    return browser.get(address).content.decode()


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


# Upload.


def test_an_uploaded_file_becomes_a_version_that_waits_for_its_trial_to_be_seen(desk, owner, price_list):
    version, answer = send(desk, price_list, lines())
    assert answer["Location"] == page_of("change", version)
    assert (version.number, version.file_name, version.author, version.origin) == (1, "prices.csv", owner, "upload")
    assert (version.status, version.is_held) == (Status.WAITING, True)
    assert not Offer.objects.exists()
    assert LogEntry.objects.get().change_message == "Завантажено версію 1."


def test_a_file_of_a_list_that_is_not_held_comes_in_force_by_itself(desk, price_list):
    version, _answer = send(desk, price_list, lines(), is_held=False)
    assert version.status == Status.ACTIVE
    assert price_list.offers.count() == 10


def test_a_script_is_told_where_to_go(desk, price_list):
    version, answer = send(desk, price_list, lines(), headers={"x-upload": "1"})
    assert answer.json() == {"address": page_of("change", version)}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("prices.pdf", b"%PDF-1.7 and so on", "Це PDF, а не прайс-лист"),
        ("prices.csv", b"", "Файл порожній."),
        ("prices.xlsx", b"<html><body>404</body></html>", "Усередині веб-сторінка"),
    ],
)
def test_what_is_no_table_is_refused_beside_the_field_and_nothing_is_kept(desk, price_list, name, content, words):
    answer = desk.post(
        reverse("admin:offers_pricelist_upload", args=[price_list.pk]), {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not PriceListVersion.objects.exists()


def test_a_form_without_a_file_asks_for_one(desk, price_list):
    answer = desk.post(reverse("admin:offers_pricelist_upload", args=[price_list.pk]), {})
    assert answer.context["form"].errors["file"] == ["Виберіть файл."]


def test_a_file_may_be_sent_before_its_list_is_chosen(desk, price_list):
    address = reverse("admin:offers_pricelist_upload_any")
    answer = desk.post(address, {"file": file(lines())})
    assert answer.context["form"].errors["price_list"] == ["Виберіть, чий це прайс-лист."]
    desk.post(address, {"file": file(lines()), "price_list": price_list.pk})
    assert price_list.versions.get().number == 1


def test_the_file_in_force_sent_again_is_said_to_be_the_same(desk, price_list):
    version, _answer = send(desk, price_list, lines(), is_held=False)
    again, answer = send(desk, price_list, lines())
    assert again == version
    assert said(answer) == ["Це той самий файл, що й у чинній версії: нічого не зміниться."]


def test_a_new_list_leads_to_its_first_file(desk):
    supplier = SupplierFactory()
    fields = {
        "supplier": supplier.pk,
        "name": "Опт",
        "vat_percent": "20",
        "prices_include_vat": "on",
        "most_vanished_percent": "20",
        "most_price_move_percent": "15",
        "most_rejected_percent": "30",
    }
    answer = desk.post(reverse("admin:offers_pricelist_add"), fields)
    made = PriceList.objects.get()
    assert (made.supplier, made.name) == (supplier, "Опт")
    assert answer["Location"] == reverse("admin:offers_pricelist_upload", args=[made.pk])


# Progress.


def test_the_way_is_told_by_what_was_really_read_and_the_page_is_shown_anew_at_rest(desk, price_list):
    version = PriceListVersionFactory(
        price_list=price_list, status=Status.READING, bytes_total=4_000_000, bytes_read=1_000_000, rows_read=12345
    )
    answer = desk.get(page_of("progress", version), headers={"hx-request": "true"})
    page = answer.content.decode()
    assert 'value="25"' in page
    assert "12\u00a0345" in page
    assert "HX-Refresh" not in answer
    PriceListVersion.objects.filter(pk=version.pk).update(status=Status.WAITING)
    assert desk.get(page_of("progress", version), headers={"hx-request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize("status", Status.values)
def test_every_state_has_a_page_in_words(desk, price_list, status):
    version = PriceListVersionFactory(price_list=price_list, status=status, refusal="Файл порожній.")
    page = shown(desk, page_of("change", version))
    assert str(Status(status).label) in page


# Columns.


def wrong_heads():
    """A file whose heads call the article a code of the stock and the stock a sum."""
    return "Марка;Код;Номенклатура;Опт;Роздріб;Кільк"


def rows_of_six(count=10):
    return [f"Bosch;F 00{number};Фільтр;80,00;100,00;5" for number in range(count)]


def columns_of(desk, version):
    return desk.get(page_of("columns", version)).context["page"]


def values_of(page):
    """What the form sends when nothing was changed."""
    form = page.form
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()} | {"seen_format": page.mark}


def test_the_first_rows_are_shown_with_what_the_reader_makes_of_them(desk, price_list):
    version, _answer = send(
        desk, price_list, [*lines(count=2), "Nobody;X 1;Щось;10,00;1", "Bosch;F 003;Фільтр;договірна;1"]
    )
    page = columns_of(desk, version)
    told = [(row.number, row.state, row.words) for row in page.rows]
    assert told == [
        (1, "h", ""),
        (2, "o", "100,00 UAH · 5 шт."),
        (3, "o", "100,00 UAH · 5 шт."),
        (4, "r", "невідомий бренд: «Nobody»"),
        (5, "r", "ціна не є числом: «договірна»"),
    ]
    assert values_of(page)["column_3"] == "price"


def test_a_corrected_column_reads_the_file_again_and_is_remembered(desk, owner, price_list):
    version, _answer = send(desk, price_list, rows_of_six(), head=wrong_heads())
    values = values_of(columns_of(desk, version))
    was = next(name for name, value in values.items() if value == "price")
    other = "column_4" if was == "column_3" else "column_3"
    answer = desk.post(page_of("columns", version), values | {was: "", other: "price", "save": "1"})
    assert answer["Location"] == page_of("change", version)
    version.refresh_from_db()
    assert (version.status, version.author, version.is_held) == (Status.RECEIVED, owner, True)
    price_list.refresh_from_db()
    assert price_list.reading["columns"]["price"] == [int(other[-1])]
    run_version(version.pk)
    version.refresh_from_db()
    assert (version.status, version.trial["new"]) == (Status.WAITING, 10)


def test_a_look_at_other_columns_changes_nothing(desk, price_list):
    version, _answer = send(desk, price_list, rows_of_six(), head=wrong_heads())
    values = values_of(columns_of(desk, version))
    was = next(name for name, value in values.items() if value == "price")
    other = "column_4" if was == "column_3" else "column_3"
    page = desk.post(page_of("columns", version), values | {was: "", other: "price", "show": "1"}).context["page"]
    price = "100,00" if other == "column_4" else "80,00"
    assert page.rows[1].words.startswith(f"{price} UAH")
    version.refresh_from_db()
    assert version.status == Status.WAITING


def test_columns_that_cannot_be_are_said_beside_them_and_kept_as_typed(desk, price_list):
    version, _answer = send(desk, price_list, lines())
    values = values_of(columns_of(desk, version))
    page = desk.post(page_of("columns", version), values | {"column_2": "price", "save": "1"}).context["page"]
    assert page.form.errors == {"column_3": ["Вже вибрано для колонки 3."]}
    assert page.form["column_2"].value() == "price"
    page = desk.post(page_of("columns", version), values | {"column_1": "", "save": "1"}).context["page"]
    assert page.form.non_field_errors() == ["Не вибрано колонку: артикул."]
    version.refresh_from_db()
    assert version.status == Status.WAITING


def test_another_encoding_is_looked_at_before_it_is_saved(desk, price_list):
    version, _answer = send(desk, price_list, lines())
    values = values_of(columns_of(desk, version)) | {"encoding": "cp1251", "save": "1"}
    answer = desk.post(page_of("columns", version), values)
    assert said(answer) == ["У файлі тепер інші колонки: перевірте їх і збережіть ще раз."]
    page = answer.context["page"]
    assert page.layout.format.encoding == "cp1251"
    version.refresh_from_db()
    assert version.status == Status.WAITING


def test_stock_columns_stand_for_warehouses_all_or_none(desk, price_list):
    second = WarehouseFactory(supplier=price_list.supplier, lead_days=5)
    first = price_list.supplier.warehouses.exclude(pk=second.pk).get()
    head, rows = "Бренд;Артикул;Назва;Ціна;Київ;Львів", [f"Bosch;F 00{n};Фільтр;80,00;1;2" for n in range(10)]
    version, _answer = send(desk, price_list, rows, head=head)
    values = values_of(columns_of(desk, version)) | {"column_4": "stock", "column_5": "stock", "place_4": first.pk}
    page = desk.post(page_of("columns", version), values | {"save": "1"}).context["page"]
    assert page.form.errors == {"place_5": ["Вкажіть склад для кожної колонки залишку або для жодної."]}
    desk.post(page_of("columns", version), values | {"place_5": second.pk, "save": "1"})
    run_version(version.pk)
    release(PriceListVersion.objects.get(pk=version.pk), author=CustomerFactory())
    run_version(version.pk)
    pieces = set(price_list.offers.values_list("warehouse", "pieces"))
    assert pieces == {(first.pk, 1), (second.pk, 2)}


def test_a_version_in_force_is_read_again_as_a_new_one(desk, price_list):
    version, _answer = send(desk, price_list, lines(), is_held=False)
    answer = desk.post(page_of("columns", version), values_of(columns_of(desk, version)) | {"save": "1"})
    again = price_list.versions.get(number=2)
    assert answer["Location"] == page_of("change", again)
    run_version(again.pk)
    version.refresh_from_db()
    again.refresh_from_db()
    assert (version.status, again.status) == (Status.ACTIVE, Status.WAITING)


# Trial.


def test_the_trial_is_told_with_moves_jumps_reasons_and_unknown_brands(desk, price_list):
    send(desk, price_list, lines(), is_held=False)
    rows = [*lines("104,00", 6), "Bosch;F 006;Фільтр;300,00;5", "Nobody;X 1;Щось;10,00;1", "Bosch;;Фільтр;10,00;1"]
    version, _answer = send(desk, price_list, rows)
    page = desk.get(page_of("change", version))
    report = page.context["sheet"].report
    assert [(kind, count) for _words, count, kind in report.counts] == [
        ("new", 0),
        ("changed", 7),
        ("vanished", 3),
        ("unchanged", 0),
        ("rejected", 2),
    ]
    assert [(move.words, move.count) for move in report.moves if move.count] == [
        ("дорожче на 1–5 %", 6),
        ("дорожче понад 50 %", 1),
    ]
    assert (report.jumps[0]["article"], report.jumps[0]["words"]) == ("F 006", "+200 %")
    assert [(reason.code, reason.count, [row.row for row in reason.rows]) for reason in report.rejected] == [
        ("missing_article", 1, [10]),
        ("unknown_brand", 1, [9]),
    ]
    assert report.unknown_brands == [("Nobody", 1)]
    assert page.context["sheet"].brakes == [
        "Зникає 30 % чинних пропозицій, а дозволено не більше ніж 20 %.",
        "У 14,3 % пропозицій ціна змінилася більш ніж на половину, а дозволено не більше ніж у 10 %.",
    ]


def test_rejected_rows_are_a_file_that_runs_no_formula(desk, price_list):
    version, _answer = send(desk, price_list, [*lines(), "=1+1;X;Щось;10,00;1"])
    answer = desk.get(page_of("rejected", version))
    assert answer.streaming
    told = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert told[0].startswith("Рядок")
    assert "невідомий бренд" in told[1]
    assert ";=1" not in told[1]
    assert "'=1+1" in told[1]


def test_purchase_prices_are_for_those_who_may_see_them(sign_in, price_list):
    jump = {"part_id": 1, "brand": "Bosch", "article": "F 000", "old": "77.70", "new": "99.90", "currency": "UAH"}
    counts = dict.fromkeys(("new", "changed", "vanished", "unchanged", "rows_rejected"), 0)
    trial = counts | {"largest_jumps": [jump | {"percent": "28.6"}]}
    address = page_of("change", PriceListVersionFactory(price_list=price_list, waiting=True, trial=trial))
    assert "77,70 UAH" in shown(sign_in("manager"), address)
    browser = sign_in()
    person = get_user(browser)
    person.user_permissions.add(Permission.objects.get(codename="view_pricelistversion"))
    page = shown(browser, address)
    assert "+28,6 %" in page
    assert "77,70" not in page


# Decisions.


def test_a_waiting_version_is_released_once_and_a_second_click_is_told_so(desk, owner, price_list):
    version, _answer = send(desk, price_list, lines())
    assert "Увімкнути версію 1?" in shown(desk, page_of("release", version))
    assert PriceListVersion.objects.get().status == Status.WAITING
    answer = desk.post(page_of("release", version))
    assert said(answer) == ["Версія вмикається."]
    again = desk.post(page_of("release", version))
    assert said(again)[-1] == "Стан прайс-листа вже змінився. Оновіть сторінку."
    assert again["Location"] == page_of("change", version)
    run_version(version.pk)
    version.refresh_from_db()
    assert (version.status, version.author) == (Status.ACTIVE, owner)
    assert LogEntry.objects.filter(change_message="Увімкнено версію.").count() == 1


def test_a_discarded_version_changes_nothing(desk, price_list):
    version, _answer = send(desk, price_list, lines())
    desk.post(page_of("discard", version))
    version.refresh_from_db()
    assert (version.status, Offer.objects.count()) == (Status.DISCARDED, 0)
    assert desk.get(page_of("release", version))["Location"] == page_of("change", version)


def test_a_former_version_comes_back_after_saying_what_that_changes(desk, price_list):
    first, _answer = send(desk, price_list, lines("100,00"), is_held=False)
    second, _answer = send(desk, price_list, [*lines("105,00", 9)], is_held=False)
    assert second.status == Status.ACTIVE
    listed = shown(desk, reverse("admin:offers_pricelist_change", args=[price_list.pk]))
    assert page_of("return", first) in listed
    asked = shown(desk, page_of("return", first))
    assert "Змінить пропозицій: 9; з’явиться: 1; зникне: 0; лишиться як є: 0." in asked
    desk.post(page_of("return", first))
    run_version(first.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.ACTIVE, Status.SUPERSEDED)
    assert set(price_list.offers.values_list("purchase_price", flat=True)) == {Decimal("100.00")}


@pytest.mark.parametrize("act", ["release", "discard", "return"])
def test_decisions_need_their_right(sign_in, price_list, act):
    version = PriceListVersionFactory(price_list=price_list, waiting=True)
    assert sign_in("content").post(page_of(act, version)).status_code == 403
    assert sign_in("warehouse").get(page_of("change", version)).status_code == 403
    version.refresh_from_db()
    assert version.status == Status.WAITING


def test_limits_are_edited_at_the_list_with_what_is_usual_beside_them(desk, price_list):
    address = reverse("admin:offers_pricelist_change", args=[price_list.pk])
    assert "Звичайно 20 %." in shown(desk, address)
    fields = {
        "name": "main",
        "vat_percent": "20",
        "most_vanished_percent": "35",
        "most_price_move_percent": "15",
        "most_rejected_percent": "101",
    }
    answer = desk.post(address, fields)
    assert list(answer.context["adminform"].form.errors) == ["most_rejected_percent"]
    desk.post(address, fields | {"most_rejected_percent": "30"})
    price_list.refresh_from_db()
    assert price_list.most_vanished_percent == 35


def test_a_waiting_version_stands_in_the_queue_of_the_desk(desk, price_list):
    version, _answer = send(desk, price_list, lines())
    page = shown(desk, reverse("admin:index"))
    assert page_of("change", version) in page
    assert "Прайс-лист чекає на перегляд." in page
    listed = desk.get(reverse("admin:offers_pricelistversion_changelist"), {"waits": "yes"}).context["cl"].result_list
    assert list(listed) == [version]


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_of_a_version_asks_the_same_number_of_queries(desk, price_list, rows, django_assert_max_num_queries):
    send(desk, price_list, lines(), is_held=False)
    unknown = [f"Nobody{number};X {number};Щось;10,00;1" for number in range(rows)]
    version, _answer = send(desk, price_list, [*lines("130,00", 9), *unknown])
    desk.get(page_of("change", version))
    with django_assert_max_num_queries(8):
        desk.get(page_of("change", version))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acts", [(release, release), (release, discard)])
def test_two_people_deciding_at_once_decide_once(acts, db):
    version = PriceListVersionFactory(waiting=True)
    person = CustomerFactory()
    start, outcomes = threading.Barrier(2), []

    def decide(act):
        start.wait()
        try:
            act(PriceListVersion.objects.get(pk=version.pk), author=person)
            outcomes.append("done")
        except Exception as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["WrongVersionStatus", "done"]
