import threading

import pytest
from django.db import connection

from shop.catalog.models import Brand, BrandAlias, Part
from shop.offers.errors import BrandExists, SpellingTaken
from shop.offers.models import PriceListVersion, UnknownBrand, UnplacedPart
from shop.offers.placing import guesses, is_spelling_of, make_brand, place_parts, set_ignored
from shop.offers.pricelists.receiving import load_again
from shop.offers.pricelists.running import run_version
from shop.offers.pricelists.switching import release
from tests.factories import BrandFactory, CategoryFactory, CustomerFactory, PartFactory
from tests.offers.pricelists.conftest import bosch, load, parts, price_list  # noqa: F401
from tests.offers.pricelists.conftest import prices as prices_of


@pytest.fixture
def unknown(db):
    return UnknownBrand.objects.create(name="Knecht/Mahle", key="knechtmahle", rows=7)


@pytest.fixture
def category(db):
    return CategoryFactory(name_uk="Фільтр масляний")


def waiting(number="OC 90", *, name="", brand=None):
    brand = brand or BrandFactory()
    return UnplacedPart.objects.create(
        brand=brand, article_number=number, article_key=number.replace(" ", ""), name=name
    )


def test_a_spelling_is_remembered_and_asked_about_no_more(unknown):
    mahle = BrandFactory(name="Mahle")
    is_spelling_of(unknown, mahle)
    assert BrandAlias.objects.get(key="knechtmahle").brand == mahle
    assert not UnknownBrand.objects.exists()
    is_spelling_of(unknown, mahle)
    assert BrandAlias.objects.filter(key="knechtmahle").count() == 1


def test_a_spelling_that_came_to_mean_another_brand_is_refused_and_stays_asked(unknown):
    BrandAlias.objects.create(brand=BrandFactory(name="Knecht"), key="knechtmahle", name="Knecht/Mahle")
    with pytest.raises(SpellingTaken, match="Knecht"):
        is_spelling_of(unknown, BrandFactory(name="Mahle"))
    assert UnknownBrand.objects.exists()


def test_a_new_brand_is_known_by_its_name_and_by_the_spelling(unknown):
    brand = make_brand(unknown, "Knecht", "knecht")
    assert set(brand.aliases.values_list("key", flat=True)) == {"knecht", "knechtmahle"}
    assert brand.name_sort
    assert not UnknownBrand.objects.exists()


def test_a_brand_that_is_there_is_not_made_twice(unknown):
    known = BrandFactory(name="Knecht")
    BrandAlias.objects.get_or_create(key="knecht", defaults={"brand": known, "name": "Knecht"})
    before = Brand.objects.count()
    for name, slug in (("KNECHT", "knecht-2"), ("Other", known.slug)):
        with pytest.raises(BrandExists, match="Knecht"):
            make_brand(unknown, name, slug)
    assert Brand.objects.count() == before
    assert UnknownBrand.objects.exists()


def test_a_name_we_do_not_trade_is_kept_and_asked_about_no_more(unknown):
    set_ignored(unknown, is_ignored=True)
    unknown.refresh_from_db()
    assert unknown.is_ignored


def test_a_guess_is_made_where_the_name_is_sure(category):
    sure, unsure = waiting("1", name="Фільтр масляний"), waiting("2", name="Набір №5")
    assert guesses([sure, unsure]) == {sure.pk: category}


def test_a_placed_article_is_a_part_of_the_catalogue(category):
    article = waiting("OC 90", name="Фільтр масляний Golf")
    [part] = place_parts({article.pk: category})
    assert (part.brand, part.category, part.article_number, part.name_uk, part.search_key) == (
        article.brand,
        category,
        "OC 90",
        "Фільтр масляний Golf",
        "OC90",
    )
    assert part.words
    assert not UnplacedPart.objects.exists()


def test_an_article_that_became_a_part_meanwhile_stays_what_it_became(category):
    article = waiting("OC 90")
    part = PartFactory(brand=article.brand, article_number="OC 90")
    assert place_parts({article.pk: category}) == [part]
    part.refresh_from_db()
    assert part.category != category
    assert place_parts({article.pk: category}) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_place_an_article_once(category):
    article = waiting("OC 90")
    start = threading.Barrier(2)
    placed = []

    def work():
        try:
            start.wait()
            placed.extend(place_parts({article.pk: category}))
        finally:
            connection.close()

    people = [threading.Thread(target=work) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len({part.pk for part in placed}) == 1
    assert Part.objects.filter(article_key="OC90").count() == 1


def test_rows_of_a_brand_that_was_unknown_are_offers_when_the_file_is_read_once_more(price_list, parts):  # noqa: F811
    mahle = BrandFactory(name="Mahle")
    PartFactory(brand=mahle, article_number="OC 90")
    price_list.most_rejected_percent = 100
    price_list.save()
    rows = [("F 000", "100", 4), ("F 001", "100", 4), "Knecht/Mahle;OC 90;Фільтр;80;2"]
    first = load(price_list, rows)
    assert set(prices_of(price_list)) == {"F 000", "F 001"}
    is_spelling_of(UnknownBrand.objects.get(), mahle)
    again = load_again(first, author=CustomerFactory(is_staff=True))
    run_version(again.pk)
    again.refresh_from_db()
    assert (again.status, again.trial["new"]) == (PriceListVersion.Status.WAITING, 1)
    release(again, author=CustomerFactory(is_staff=True))
    run_version(again.pk)
    assert set(prices_of(price_list)) == {"F 000", "F 001", "OC 90"}
