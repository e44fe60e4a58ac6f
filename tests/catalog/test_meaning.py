import pytest

from shop.catalog.meaning import meaning_of
from shop.catalog.models import BrandAlias
from shop.catalog.numbers import brand_key
from shop.lib.version import bump_catalogue_version
from tests.factories import BrandFactory, CategoryFactory, GenerationFactory, ModificationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    brakes = CategoryFactory(slug="brakes", name_uk="Гальма", synonyms=["тормоза"])
    CategoryFactory(
        parent=brakes, slug="front-pads", name_uk="Колодки гальмівні передні", synonyms=["тормозные колодки передние"]
    )
    CategoryFactory(
        parent=brakes, slug="rear-pads", name_uk="Колодки гальмівні задні", synonyms=["тормозные колодки задние"]
    )
    CategoryFactory(slug="spark-plugs", name_uk="Свічки запалювання", name_en="Spark plugs", synonyms=["свечи"])
    CategoryFactory(slug="leaf-springs", name_uk="Ресори", name_en="Leaf springs")
    for name, aliases in (("Bosch", ["Бош"]), ("Tesla Blatná", ["Tesla", "Тесла"]), ("MANN-FILTER", ["Mann", "Манн"])):
        brand = BrandFactory(slug=name.split()[0].lower(), name=name)
        for alias in (name, *aliases):
            BrandAlias.objects.create(brand=brand, name=alias, key=brand_key(alias))
    octavia = GenerationFactory(
        name="III A7 (5E3, 5E5)",
        slug="iii-a7",
        model__name="Octavia",
        model__slug="octavia",
        model__make__slug="skoda",
        model__make__name="Skoda",
        model__make__name_uk="Шкода",
    )
    ModificationFactory(generation=octavia, name="2.0 TDI", displacement_cc=1968, fuel="diesel", engine_codes=["CKFC"])
    ModificationFactory(generation=octavia, name="1.4 TSI", displacement_cc=1395, fuel="petrol", engine_codes=["CHPA"])
    for make, model in (("nissan", "Leaf"), ("tesla", "Model 3")):
        ModificationFactory(
            generation__name="I",
            generation__slug="i",
            generation__model__name=model,
            generation__model__slug=model.lower().replace(" ", "-"),
            generation__model__make__slug=make,
            generation__model__make__name=make.title(),
            generation__model__make__name_uk=make.title(),
        )
    bump_catalogue_version()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("передні колодки", "front-pads"),
        ("передних тормозных колодок", "front-pads"),
        ("kolodki zadnie", "rear-pads"),
        ("rjkjlrb pflys", "rear-pads"),
        ("кoлодки задні", "rear-pads"),
        ("свічьки", "spark-plugs"),
        ("ызфкл здгпы", "spark-plugs"),
        ("spark plug", "spark-plugs"),
        ("leaf springs", "leaf-springs"),
        ("тормоза", "brakes"),
    ],
)
def test_a_kind_of_part_is_understood_in_any_language_alphabet_layout_and_spelling(text, slug):
    assert meaning_of(text).categories[0].category.slug == slug


@pytest.mark.parametrize(
    ("text", "brand"),
    [("свічки бош", "bosch"), ("bosch spark plug", "bosch"), ("ищыср свечи", "bosch"), ("манн", "mann-filter")],
)
def test_a_brand_is_understood_by_spelling_sound_and_layout(text, brand):
    assert [found.slug for found in meaning_of(text).brands] == [brand]


@pytest.mark.parametrize(
    ("text", "address", "cars"),
    [
        ("колодки октавія а7", "skoda/octavia/iii-a7", 2),
        ("oktaviya a7 kolodki", "skoda/octavia/iii-a7", 2),
        ("шкоду октавию 3 свечи", "skoda/octavia/iii-a7", 2),
        ("octavia 5e3 2.0 tdi колодки", "skoda/octavia/iii-a7", 1),
        ("октавія дизель колодки", "skoda/octavia/iii-a7", 1),
        ("октавія CHPA свічки", "skoda/octavia/iii-a7", 1),
        ("nissan leaf колодки", "nissan/leaf/i", 1),
        ("tesla model 3 колодки", "tesla/model-3/i", 1),
    ],
)
def test_a_car_among_the_words_is_found_down_to_its_engine(text, address, cars):
    meaning = meaning_of(text)
    assert (meaning.car.address, len(meaning.car.modifications)) == (address, cars)
    assert meaning.categories
    assert meaning.unknown == []


def test_a_make_alone_is_a_car_without_modifications():
    car = meaning_of("колодки шкода").car
    assert (car.address, car.modifications) == ("skoda", ())


def test_words_that_nobody_knows_are_told_apart():
    meaning = meaning_of("передні колодки бульбулятор 144,9")
    assert meaning.unknown == ["бульбулятор"]
    assert meaning.rest == ["144", "9"]


def test_what_was_corrected_is_said():
    assert meaning_of("rjkjlrb").read_as == "колодки"
    assert meaning_of("колодки").read_as == ""


@pytest.mark.parametrize(
    "text", ["", "а" * 200, "1 " * 100, "((((", "'", "🚗", "\u202eа\u202c", "İıŉß", "a.b.c.d", "2.0 2.0"]
)
def test_no_text_is_too_strange(text):
    meaning_of(text)
