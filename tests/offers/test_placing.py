import threading
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalog.models import Brand, BrandAlias, Part
from shop.offers.errors import BrandExists, SpellingTaken
from shop.offers.models import PriceListVersion, UnknownBrand, UnplacedPart
from shop.offers.placing import files_to_read, guesses, is_spelling_of, make_brand, place_parts, set_ignored
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


def together(*acts):
    """Each in a thread of its own, started at the same moment."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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


def test_a_second_press_gives_back_the_brand_of_the_first(unknown):
    brand = make_brand(unknown, "Knecht", "knecht")
    assert make_brand(unknown, "Knecht", "knecht") == brand
    assert Brand.objects.filter(slug="knecht").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_spellings_answered_at_once_make_one_brand(unknown):
    other = UnknownBrand.objects.create(name="Knecht GmbH", key="knechtgmbh")
    brands, refusals = [], []

    def work(name):
        try:
            brands.append(make_brand(name, "Knecht", "knecht"))
        except BrandExists as refusal:
            refusals.append(refusal.brand)

    together(partial(work, unknown), partial(work, other))
    assert refusals == brands == [Brand.objects.get(slug="knecht")]
    assert UnknownBrand.objects.count() == 1


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
    set_ignored([unknown], is_ignored=True)
    unknown.refresh_from_db()
    assert unknown.is_ignored


def test_a_guess_is_made_where_the_name_is_sure(category):
    sure, unsure = waiting("1", name="Фільтр масляний"), waiting("2", name="Набір №5")
    assert guesses([sure, unsure]) == {sure.pk: category}


def test_a_placed_article_is_a_part_of_the_catalogue(category):
    article = waiting("OC 90", name="Фільтр масляний Golf")
    assert place_parts({article.pk: category}) == 1
    part = Part.objects.get()
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
    assert place_parts({article.pk: category}) == 1
    part.refresh_from_db()
    assert part.category != category
    assert place_parts({article.pk: category}) == 0


def test_twenty_articles_are_placed_by_as_many_queries_as_one(category):
    brand, counts = BrandFactory(), []
    for total in (1, 20):
        rows = [waiting(f"{total}-{number}", name=f"Фільтр {number}", brand=brand) for number in range(total)]
        with CaptureQueriesContext(connection) as asked:
            assert place_parts({row.pk: category for row in rows}) == total
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Part.objects.filter(brand=brand).count() == 21


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_place_an_article_once(category):
    article = waiting("OC 90")
    placed = []
    together(*[lambda: placed.append(place_parts({article.pk: category}))] * 2)
    assert sorted(placed) == [0, 1]
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


def test_the_files_to_read_again_are_those_that_wait_and_those_in_force(price_list, parts):  # noqa: F811
    price_list.most_rejected_percent = 100
    price_list.save()
    active = load(price_list, [("F 000", "100", 4), "Knecht;OC 90;Фільтр;80;2"])
    asked = [UnknownBrand.objects.get()]
    assert files_to_read(asked) == [active]
    waits = load(price_list, [("F 000", "101", 4), "Knecht;OC 90;Фільтр;80;2"], is_held=True)
    assert files_to_read(UnknownBrand.objects.all()) == [waits, active]


def test_a_name_that_was_answered_elsewhere_is_asked_about_until_the_next_file_only(price_list, parts):  # noqa: F811
    price_list.most_rejected_percent = 100
    price_list.save()
    load(price_list, [("F 000", "100", 4), "Knecht;OC 90;Фільтр;80;2"])
    BrandAlias.objects.create(brand=BrandFactory(name="Mahle"), key="knecht", name="Knecht")
    load(price_list, [("F 000", "101", 4), "Knecht;OC 90;Фільтр;80;2"])
    assert not UnknownBrand.objects.exists()


def test_an_article_whose_name_tells_its_kind_at_last_is_asked_about_no_more(price_list, parts, category):  # noqa: F811
    load(price_list, [("F 000", "100", 4), "Bosch;F 999;Набір;80;2"])
    assert UnplacedPart.objects.get().article_number == "F 999"
    load(price_list, [("F 000", "100", 4), "Bosch;F 999;Фільтр масляний;80;2"])
    assert Part.objects.get(article_key="F999").category == category
    assert not UnplacedPart.objects.exists()
    assert set(prices_of(price_list)) == {"F 000", "F 999"}
