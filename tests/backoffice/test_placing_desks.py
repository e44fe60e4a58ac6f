"""The desks of names that nobody knows and of articles without a kind."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.backoffice.roles import Role
from shop.catalog.models import Brand, BrandAlias, Part
from shop.offers.models import UnknownBrand, UnplacedPart
from tests.factories import BrandFactory, CategoryFactory, PriceListVersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unknown():
    return UnknownBrand.objects.create(
        name="Knecht/Mahle", key="knechtmahle", rows=1207, version=PriceListVersionFactory()
    )


@pytest.fixture
def category():
    return CategoryFactory(name_uk="Фільтр масляний")


def waiting(number, name="", version=None):
    return UnplacedPart.objects.create(
        brand=BrandFactory(), article_number=number, article_key=number, name=name, version=version
    )


def page(row):
    return reverse(f"admin:offers_{row._meta.model_name}_change", args=[row.pk])


def words(answer):
    return {name: [str(word) for word in said] for name, said in answer.context["form"].errors.items()}


def test_a_name_is_answered_with_a_brand_that_is_there(desk, unknown):
    mahle = BrandFactory(name="Mahle")
    shown = desk.get(page(unknown)).content.decode()
    assert "Knecht/Mahle" in shown
    assert reverse("admin:offers_pricelistversion_change", args=[unknown.version_id]) in shown
    answer = desk.post(page(unknown), {"answer": "alias", "brand": mahle.pk, "name": "Knecht/Mahle"})
    assert answer.url == reverse("admin:offers_unknownbrand_changelist")
    assert BrandAlias.objects.get(key="knechtmahle").brand == mahle


def test_a_name_is_answered_with_a_new_brand(desk, unknown):
    assert desk.post(page(unknown), {"answer": "new", "name": " Knecht ", "slug": ""}).status_code == 302
    brand = Brand.objects.get(name="Knecht")
    assert brand.slug == "knecht"
    assert not UnknownBrand.objects.exists()


def test_a_name_is_not_asked_about_again_until_somebody_wants_it(desk, unknown):
    desk.post(page(unknown), {"answer": "ignore"})
    unknown.refresh_from_db()
    assert unknown.is_ignored
    desk.post(reverse("admin:offers_unknownbrand_changelist"), {"action": "ask_again", "_selected_action": unknown.pk})
    unknown.refresh_from_db()
    assert not unknown.is_ignored


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, {"answer": ["Оберіть, що це за назва."]}),
        ({"answer": "x"}, {"answer": ["Оберіть, що це за назва."]}),
        ({"answer": "alias"}, {"brand": ["Оберіть бренд."]}),
        ({"answer": "alias", "brand": "9" * 30}, {"brand": ["Такого бренда немає."]}),
        ({"answer": "new", "name": "—"}, {"name": ["У назві має бути хоча б одна літера чи цифра."]}),
        ({"answer": "new", "name": "Белкард"}, {"slug": ["Напишіть адресу латиницею: з цієї назви її не скласти."]}),
        ({"answer": "new", "name": "x" * 61}, {"name": ["Не більше 60 знаків."]}),
    ],
)
def test_an_answer_that_cannot_be_is_said_beside_its_field_and_kept(desk, unknown, told, said):
    answer = desk.post(page(unknown), told)
    assert answer.status_code == 200
    assert words(answer) == said
    assert answer.context["form"]["name"].value() == told.get("name")
    assert UnknownBrand.objects.exists()


def test_a_brand_that_is_there_is_not_made_again(desk, unknown):
    brand = BrandFactory(name="Knecht")
    BrandAlias.objects.get_or_create(key="knecht", defaults={"brand": brand, "name": "Knecht"})
    answer = desk.post(page(unknown), {"answer": "new", "name": "KNECHT"})
    assert "Такий бренд уже є" in words(answer)["name"][0]


def test_an_article_is_placed_with_the_guess_chosen_already(desk, category):
    article = waiting("90", "Фільтр масляний")
    assert desk.get(page(article)).context["form"]["category"].value() == category.pk
    assert desk.post(page(article), {"category": category.pk}).status_code == 302
    assert Part.objects.get(article_key="90").category == category


def test_an_article_needs_a_category_of_the_lowest_level(desk, category):
    above = CategoryFactory()
    above.add_child(slug="leaf", name_uk="Листок", fitment_kind="vehicle", synonyms=[])
    article = waiting("90")
    for value in ("", "abc", above.pk):
        assert "category" in words(desk.post(page(article), {"category": value}))
    assert UnplacedPart.objects.exists()


def test_one_press_in_the_list_accepts_a_guess_and_leads_back_to_the_list_as_it_was(desk, category):
    article = waiting("90", "Фільтр масляний")
    address = reverse("admin:offers_unplacedpart_changelist") + f"?brand__id__exact={article.brand_id}"
    shown = desk.get(address).content.decode()
    (button,) = re.findall(r'<button[^>]*name="category"[^>]*>', shown)
    assert f'value="{category.pk}"' in button
    answer = desk.post(unescape(re.search('formaction="([^"]*)"', button)[1]), {"category": category.pk})
    assert answer.url == address
    assert Part.objects.get(article_key="90").category == category


def test_an_answer_names_the_files_to_read_again_to_whoever_may_open_them(sign_in, category):
    version = PriceListVersionFactory(status="active", file="list.csv")
    link = reverse("admin:offers_pricelistversion_change", args=[version.pk])
    for role, is_named in ((Role.MANAGER, True), (Role.CONTENT, False)):
        article = waiting(role, "Фільтр масляний", version)
        browser = sign_in(role)
        assert (link in browser.get(page(article)).content.decode()) is is_named
        browser.post(page(article), {"category": category.pk})
        told = browser.get(reverse("admin:offers_unplacedpart_changelist")).content.decode()
        assert "Пропозиціями вони стануть" in told
        assert (link in told) is is_named


def test_guesses_are_accepted_for_many_and_the_others_stay(desk, category):
    sure, unsure = waiting("90", "Фільтр масляний"), waiting("91", "Набір №5")
    told = {"action": "accept_guesses", "_selected_action": [sure.pk, unsure.pk]}
    answer = desk.post(reverse("admin:offers_unplacedpart_changelist"), told, follow=True)
    assert "Додано 1 деталь до каталогу." in answer.content.decode()
    assert list(UnplacedPart.objects.all()) == [unsure]
    assert Part.objects.get(article_key="90").category == category


def test_many_are_placed_in_one_category_that_is_asked_for_on_a_page_between(desk, category):
    rows = [waiting(str(number), "Набір") for number in range(3)]
    told = {"action": "place_all", "_selected_action": [row.pk for row in rows]}
    address = reverse("admin:offers_unplacedpart_changelist")
    asked = desk.post(address, told)
    assert asked.status_code == 200
    assert "3 деталі" in asked.content.decode()
    desk.post(address, told | {"category": category.pk})
    assert Part.objects.filter(category=category).count() == 3
    assert not UnplacedPart.objects.exists()


def test_a_row_that_somebody_answered_meanwhile_leads_back_to_the_list(desk, unknown, category):
    article = waiting("90")
    gone = [page(unknown), page(article)]
    UnknownBrand.objects.all().delete()
    UnplacedPart.objects.all().delete()
    for address in gone:
        assert desk.get(address).status_code == 302
        assert desk.post(address, {}).status_code == 302


def test_who_may_only_look_is_shown_no_form_and_changes_nothing(sign_in, unknown):
    browser = sign_in(Role.WAREHOUSE)
    assert browser.get(page(unknown)).status_code == 403
    assert browser.post(page(unknown), {"answer": "ignore"}).status_code == 403
    unknown.refresh_from_db()
    assert not unknown.is_ignored


@pytest.mark.parametrize("model", [UnknownBrand, UnplacedPart])
def test_a_desk_asks_as_much_for_twenty_rows_as_for_one(desk, category, model):
    counts = []
    for total in (1, 20):
        while (number := model.objects.count()) < total:
            version = PriceListVersionFactory()
            if model is UnknownBrand:
                UnknownBrand.objects.create(name=f"Б{number}", key=f"б{number}", version=version)
            else:
                waiting(str(number), f"Фільтр масляний {number}", version)
        for _look in range(2):  # the first one may read the vocabulary of the guesses
            with CaptureQueriesContext(connection) as asked:
                assert desk.get(reverse(f"admin:offers_{model._meta.model_name}_changelist")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
