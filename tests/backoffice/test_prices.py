"""Markups, rounding, rates and the way of a price, as staff see and set them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shop.backoffice import receivers
from shop.backoffice.roles import Role
from shop.catalog.models import CustomerGroup
from shop.offers.models import ExchangeRate, Markup, PastPrice, PriceRounding
from tests.factories import BrandFactory, CategoryFactory, OfferFactory, SupplierFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Tasks that were asked for."""
    names = []
    monkeypatch.setattr(receivers, "publish", lambda task, **options: names.append(task.name))
    return names


def page(name, *args):
    return reverse(f"admin:offers_{name}", args=args)


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def rate(**values):
    return ExchangeRate.objects.create(**{"currency": "USD", "valid_on": timezone.localdate(), "rate": 41} | values)


# Markups and rounding.


def test_a_markup_of_every_scope_is_made_and_prices_are_recomputed(desk, asked, django_capture_on_commit_callbacks):
    scope = {"supplier": SupplierFactory().pk, "brand": BrandFactory().pk, "category": CategoryFactory().pk}
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(page("markup_add"), {**scope, "price_from": "500", "percent": "12.5"})
    assert answer.status_code == 302
    made = Markup.objects.values("supplier", "brand", "category", "price_from", "percent").get()
    assert made == {**scope, "price_from": 500, "percent": Decimal("12.5")}
    assert asked == ["shop.offers.tasks.bring_offers_up_to_date"]


def test_a_second_markup_of_the_same_scope_is_refused_in_words(desk):
    Markup.objects.create(percent=40)
    text = text_of(desk.post(page("markup_add"), {"price_from": "0", "percent": "30"}))
    assert "Таке правило вже є: змініть його, а не додавайте друге." in text
    assert Markup.objects.get().percent == 40


@pytest.mark.parametrize("field", ["price_from", "percent"])
def test_a_markup_has_no_negative_numbers(desk, field):
    typed = {"price_from": "0", "percent": "30"} | {field: "-1"}
    text = text_of(desk.post(page("markup_add"), typed))
    assert "Тут не може бути від’ємного числа." in text
    assert 'value="-1' in text
    assert not Markup.objects.exists()


def test_markups_are_listed_with_their_scopes(desk):
    brakes = CategoryFactory(name_uk="Гальма")
    Markup.objects.create(percent=40)
    Markup.objects.create(percent=25, category=brakes, brand=BrandFactory(name="Bosch"), price_from=500)
    text = text_of(desk.get(page("markup_changelist")))
    for words in ("40,00 %", "усі", "25,00 %", "Гальма", "Bosch", "500 ₴"):
        assert words in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"step": "0"}, "Крок має бути більшим за нуль."),
        ({"minus": "10"}, "Мінус має бути меншим за крок."),
        ({"minus": "-1"}, "Тут не може бути від’ємного числа."),
    ],
)
def test_a_rounding_that_means_nothing_is_refused(desk, typed, words):
    text = text_of(desk.post(page("pricerounding_add"), {"price_from": "0", "step": "10", "minus": "1"} | typed))
    assert words in text
    assert not PriceRounding.objects.exists()


def test_a_rounding_is_made_and_prices_are_recomputed(desk, asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page("pricerounding_add"), {"price_from": "100", "step": "10", "minus": "1"})
    assert PriceRounding.objects.values_list("price_from", "step", "minus").get() == (100, 10, 1)
    assert asked == ["shop.offers.tasks.bring_offers_up_to_date"]


# Exchange rates.


def test_a_rate_by_hand_is_of_a_person(desk, asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page("exchangerate_add"), {"currency": "USD", "valid_on": "23.11.2026", "rate": "41.35"})
    made = ExchangeRate.objects.get()
    assert (made.rate, made.source, made.valid_on) == (Decimal("41.35"), "manual", TODAY)
    assert asked == ["shop.offers.tasks.bring_offers_up_to_date"]


def test_a_slip_of_the_finger_is_asked_about(desk):
    rate(source="nbu")
    typed = {"currency": "USD", "valid_on": timezone.localdate().strftime("%d.%m.%Y"), "rate": "415"}
    text = text_of(desk.post(page("exchangerate_add"), typed))
    assert "Чинний курс — 41, це зміна на 912 %. Якщо все правильно, підтвердьте нижче." in text
    assert 'value="415"' in text
    assert ExchangeRate.objects.count() == 1
    assert desk.post(page("exchangerate_add"), typed | {"is_sure": "on"}).status_code == 302
    assert ExchangeRate.objects.count() == 2


def test_a_lock_needs_a_reason_and_is_the_only_one_of_its_currency(desk):
    of_bank = rate(source="nbu")
    where = page("exchangerate_change", of_bank.pk)
    assert "Напишіть, чому курс зафіксовано" in text_of(desk.post(where, {"is_locked": "on"}))
    assert desk.post(where, {"is_locked": "on", "lock_reason": "Домовленість", "rate": "1"}).status_code == 302
    of_bank.refresh_from_db()
    assert (of_bank.is_locked, of_bank.lock_reason, of_bank.rate) == (True, "Домовленість", 41)
    other = rate(valid_on=date(2026, 1, 1))
    text = text_of(
        desk.post(page("exchangerate_change", other.pk), {"is_locked": "on", "lock_reason": "x", "rate": 41})
    )
    assert "Для USD уже зафіксовано інший курс: 41. Спершу зніміть фіксацію там." in text


def test_hryvnias_have_no_rate_and_a_rate_is_positive(desk):
    text = text_of(desk.post(page("exchangerate_add"), {"currency": "UAH", "valid_on": "23.11.2026", "rate": "0"}))
    assert "Курс має бути більшим за нуль." in text
    assert not ExchangeRate.objects.exists()


def test_the_list_tells_which_rate_is_in_force_locked_or_waiting(desk):
    rate(source="nbu")
    rate(valid_on=date(2026, 1, 1), rate=40)
    rate(currency="EUR", is_locked=True, lock_reason="Домовленість")
    rate(currency="PLN", needs_person_since=timezone.now(), needs_person_reason="Курс змінився на 25 %.")
    answer = desk.get(page("exchangerate_changelist"))
    states = {
        row.pk: str((answer.context["cl"].model_admin.state(row) or ("", ""))[1])
        for row in answer.context["cl"].result_list
    }
    assert sorted(states.values()) == ["", "діє", "зафіксовано", "чекає на рішення"]
    assert "Домовленість" in text_of(answer)


def test_a_currency_of_a_supplier_that_nobody_renews_is_named(desk):
    SupplierFactory(currency="EUR")
    SupplierFactory(currency="USD")
    SupplierFactory(currency="PLN", is_active=False)
    rate()
    words = "Курс EUR уже кілька днів не оновлювався"
    assert words in text_of(desk.get(page("exchangerate_changelist")))
    rate(currency="EUR")
    assert "не оновлювався" not in text_of(desk.get(page("exchangerate_changelist")))


@pytest.fixture
def jump(db):
    rate(valid_on=timezone.localdate() - timedelta(days=1), source="nbu")
    return rate(rate=52, source="nbu", needs_person_since=timezone.now(), needs_person_reason="Курс змінився на 27 %.")


def test_a_jump_stands_in_the_queue_of_those_who_trade(sign_in, jump):
    (waiting,) = sign_in(Role.MANAGER).get(reverse("admin:index")).context["desk"].waiting
    assert (waiting.kind, waiting.label, waiting.reason) == ("Курс валюти", "USD", "Курс змінився на 27 %.")
    assert waiting.url == page("exchangerate_change", jump.pk)
    assert not sign_in(Role.WAREHOUSE).get(reverse("admin:index")).context["desk"].waiting


def test_a_jump_is_accepted_once_by_a_person(desk, jump, asked, django_capture_on_commit_callbacks):
    where = page("exchangerate_accept", jump.pk)
    asking = text_of(desk.get(where))
    assert "1 USD = 52 ₴ на" in asking
    assert "Зараз діє 41 ₴: Національний банк" in asking
    for _press in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert desk.post(where).status_code == 302
    jump.refresh_from_db()
    assert (jump.needs_person_since, jump.needs_person_reason) == (None, "")
    assert asked == ["shop.offers.tasks.bring_offers_up_to_date"]


def test_a_refused_jump_is_gone(desk, jump):
    where = desk.get(page("exchangerate_refuse", jump.pk))["Location"]
    assert desk.post(where, {"post": "yes"}).status_code == 302
    assert ExchangeRate.objects.get().rate == 41


def test_only_a_waiting_rate_has_buttons_to_decide(desk, jump):
    assert "Прийняти курс" in text_of(desk.get(page("exchangerate_change", jump.pk)))
    other = ExchangeRate.objects.exclude(pk=jump.pk).get()
    assert "Прийняти курс" not in text_of(desk.get(page("exchangerate_change", other.pk)))


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.CONTENT])
def test_who_does_not_trade_decides_no_rates(sign_in, jump, role):
    assert sign_in(role).post(page("exchangerate_accept", jump.pk)).status_code == 403
    jump.refresh_from_db()
    assert jump.needs_person_since


def markup(number):
    Markup.objects.create(
        supplier=SupplierFactory(), brand=BrandFactory(), category=CategoryFactory(), price_from=number, percent=9
    )


def rounding(number):
    PriceRounding.objects.create(price_from=number, step=1)


def rate_of_day(number):
    rate(valid_on=date(2026, 1, 1) + timedelta(days=number))


@pytest.mark.parametrize(
    ("name", "make"), [("markup", markup), ("pricerounding", rounding), ("exchangerate", rate_of_day)]
)
def test_twenty_rules_cost_as_many_queries_as_one(desk, name, make):
    def queries():
        with CaptureQueriesContext(connection) as sent:
            text_of(desk.get(page(f"{name}_changelist")))
        return len(sent)

    make(0)
    queries()
    one = queries()
    for number in range(1, 20):
        make(number)
    assert queries() == one
    assert one <= 9


# The way of a price.


@pytest.fixture
def offer(db):
    Markup.objects.create(percent=40)
    CustomerGroup.objects.create(name_uk="СТО", factor=Decimal("0.9"))
    return OfferFactory(purchase_price="73.19", price="102.47")


def test_the_page_of_an_offer_tells_the_way_of_its_price_and_the_prices_before(sign_in, offer):
    PastPrice.objects.create(
        price_list=offer.price_list,
        part=offer.part,
        warehouse=offer.warehouse,
        purchase_price=Decimal("61.07"),
        currency="UAH",
        price=Decimal("85.50"),
        since=timezone.now() - timedelta(days=9),
        until=timezone.now() - timedelta(days=2),
    )
    text = text_of(sign_in(Role.MANAGER).get(page("offer_change", offer.pk)))
    for words in (
        "40 %: правило «усі товари».",
        "102,466 ₴",
        "До копійки.",
        "Група «СТО»",
        "92,22 ₴",
        "85,50 ₴",
        "61,07 UAH",
    ):
        assert words in text
    text = text_of(sign_in(Role.WAREHOUSE).get(page("offer_change", offer.pk)))
    assert "85,50 ₴" in text
    for secret in ("Звідки ця ціна", "61,07", "73,19", "усі товари"):
        assert secret not in text


def test_the_page_of_a_part_leads_to_the_way_of_all_its_prices(sign_in, offer):
    other = OfferFactory(part=offer.part, purchase_price=50, price="99.00")
    browser = sign_in(Role.MANAGER)
    where = reverse("admin:catalog_part_prices", args=[offer.part_id])
    assert where in text_of(browser.get(reverse("admin:catalog_part_change", args=[offer.part_id])))
    text = text_of(browser.get(where, follow=True))
    for words in (str(offer.warehouse), str(other.warehouse), "У магазині зараз 99 ₴"):
        assert words in text
    assert browser.get(page("offer_of_part", 0)).status_code == 404


def test_a_price_that_a_person_changes_is_remembered(desk, offer):
    before = offer.since
    typed = {"purchase_price": "73.19", "currency": "UAH", "price": "99", "pieces": "5", "lead_days": "2"}
    assert desk.post(page("offer_change", offer.pk), typed).status_code == 302
    past = PastPrice.objects.get()
    assert (past.price, past.purchase_price, past.part, past.since) == (
        Decimal("102.47"),
        Decimal("73.19"),
        offer.part,
        before,
    )
    offer.refresh_from_db()
    assert (offer.price, offer.since) == (99, past.until)
    desk.post(page("offer_change", offer.pk), typed | {"pieces": "4"})
    offer.refresh_from_db()
    assert (offer.pieces, offer.since) == (4, past.until)
    assert PastPrice.objects.count() == 1


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.CONTENT])
def test_the_way_of_prices_is_closed_to_who_does_not_trade(sign_in, offer, role):
    browser = sign_in(role)
    assert browser.get(page("offer_of_part", offer.part_id)).status_code == 403
    assert browser.get(page("offer_export")).status_code == 403
    assert "Звідки ціни" not in text_of(browser.get(reverse("admin:catalog_part_change", args=[offer.part_id])))


def test_twenty_offers_of_a_part_cost_as_many_queries_as_one(desk, offer):
    def queries():
        with CaptureQueriesContext(connection) as sent:
            text_of(desk.get(page("offer_of_part", offer.part_id)))
        return len(sent)

    queries()
    one = queries()
    for _ in range(19):
        OfferFactory(part=offer.part, price_list=offer.price_list)
    assert queries() == one


# Our own price list.


def test_the_price_list_of_a_group_comes_as_a_file(desk, offer):
    assert "роздрібні ціни" in text_of(desk.get(page("offer_export")))
    group = CustomerGroup.objects.get()
    answer = desk.get(page("offer_export"), {"group": group.pk, "format": "csv"})
    assert answer.streaming
    assert "filename*=utf-8''%D0%BF" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert ";92,22;UAH;" in answer.getvalue().decode("utf-8-sig")
    sheet = desk.get(page("offer_export"), {"format": "xlsx"})
    assert sheet.getvalue()[:2] == b"PK"


def test_the_page_of_a_group_leads_to_its_price_list(desk, offer):
    group = CustomerGroup.objects.get()
    where = reverse("admin:catalog_customergroup_export", args=[group.pk])
    assert where in text_of(desk.get(reverse("admin:catalog_customergroup_change", args=[group.pk])))
    text = text_of(desk.get(where, follow=True))
    assert f'<option value="{group.pk}" selected>СТО</option>' in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"factor": "1.1"}, "Множник має бути більшим за 0 і не більшим за 1."),
        ({"factor": "0"}, "Множник має бути більшим за 0 і не більшим за 1."),
        ({"min_margin_percent": "-1"}, "Тут не може бути від’ємного числа."),
    ],
)
def test_a_group_that_pays_more_than_retail_is_refused(desk, typed, words):
    values = {"name_uk": "Гурт", "factor": "0.9", "min_margin_percent": "10"} | typed
    assert words in text_of(desk.post(reverse("admin:catalog_customergroup_add"), values))
    assert not CustomerGroup.objects.exists()


def test_a_supplier_has_no_negative_margin(desk):
    values = {"name": "Омега", "code": "omega", "currency": "UAH", "min_margin_percent": "-1"}
    assert "Тут не може бути від’ємного числа." in text_of(desk.post(page("supplier_add"), values))


def test_a_group_or_file_that_does_not_exist_is_told(desk, offer):
    answer = desk.get(page("offer_export"), {"group": "999", "format": "pdf"})
    errors = answer.context["form"].errors
    assert list(errors) == ["group", "format"]
    text = text_of(answer)
    assert all(words in text for field in errors.values() for words in field)
