"""What a version would change, why it waits, and what a person decides."""

import threading
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse

from shop.offers.models import Offer, PriceListVersion, UnknownBrand
from shop.offers.pricelists.running import run_version
from shop.offers.pricelists.switching import discard, release
from tests.backoffice.price_files import lines, page_of, said, send, shown
from tests.factories import (
    CustomerFactory,
    PriceListVersionFactory,
)

pytestmark = pytest.mark.django_db

Status = PriceListVersion.Status


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
    (unknown,) = report.unknown_brands
    assert (unknown.name, unknown.rows) == ("Nobody", 1)
    assert unknown.url == reverse("admin:offers_unknownbrand_change", args=[UnknownBrand.objects.get().pk])
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
