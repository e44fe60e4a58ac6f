import pytest
from django.urls import reverse

from accounts.models import Customer
from shop.catalog.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    Barcode,
    BrandAlias,
    Category,
    CrossReference,
    FitCheck,
    Fitment,
    OeNumber,
    Part,
)
from shop.lib.version import catalogue_version
from shop.offers.models import PartShelf
from tests.factories import (
    BrandFactory,
    CategoryFactory,
    FitmentFactory,
    MakeFactory,
    ModificationFactory,
    OfferFactory,
    PartFactory,
)

pytestmark = pytest.mark.django_db

EMPTY = {
    f"{prefix}-{name}": "0"
    for prefix in ("barcodes", "oe_numbers", "cross_references", "fit_checks", "fitments")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def part_fields(part, **fields):
    return {
        "brand": part.brand_id,
        "category": part.category_id,
        "article_number": part.article_number,
        "name_uk": part.name_uk,
        "name_en": "",
        "sold_as": "piece",
        "weight_kg": "",
        "warranty_months": "12",
        "is_active": "on",
    } | fields


def save_part(desk, part, **fields):
    return desk.post(reverse("admin:catalog_part_change", args=[part.pk]), part_fields(part) | EMPTY | fields)


def errors(answer):
    return answer.context["adminform"].form.errors


def test_editing_a_part_refreshes_its_keys_its_shelf_and_every_cached_page(desk, django_capture_on_commit_callbacks):
    part = OfferFactory().part
    before = catalogue_version()
    with django_capture_on_commit_callbacks(execute=True):
        assert save_part(desk, part, article_number="W 712/76 а").status_code == 302
    part.refresh_from_db()
    assert (part.article_key, part.search_key) == ("W71276А", "W71276A")
    assert PartShelf.objects.get(part=part).price is not None
    assert catalogue_version() != before


def test_switching_a_part_off_takes_it_from_the_shelf(desk, django_capture_on_commit_callbacks):
    part = OfferFactory().part
    with django_capture_on_commit_callbacks(execute=True):
        save_part(desk, part)
    with django_capture_on_commit_callbacks(execute=True):
        save_part(desk, part, is_active="")
    assert not PartShelf.objects.filter(part=part).exists()


def test_the_same_number_of_one_brand_is_refused_beside_the_field(desk):
    taken = PartFactory(article_number="W 712/75")
    part = PartFactory(brand=taken.brand)
    assert errors(save_part(desk, part, article_number="w71275"))["article_number"] == [
        "У цього бренда вже є деталь із таким артикулом."
    ]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("article_number", ""),
        ("article_number", "///"),
        ("article_number", "1" * 61),
        ("name_uk", ""),
        ("name_uk", "х" * 201),
        ("weight_kg", "легка"),
        ("warranty_months", "-1"),
        ("brand", "0"),
        ("category", "'; DROP TABLE catalog_part; --"),
    ],
)
def test_wrong_values_are_refused_beside_their_field_and_nothing_is_saved(desk, field, typed):
    part = PartFactory()
    before = Part.objects.values().get(pk=part.pk)
    answer = save_part(desk, part, **{field: typed})
    assert answer.status_code == 200
    assert field in errors(answer)
    assert Part.objects.values().get(pk=part.pk) == before


def test_parts_belong_to_leaves(desk):
    part = PartFactory()
    parent = CategoryFactory()
    CategoryFactory(parent=parent)
    assert "category" in errors(save_part(desk, part, category=parent.pk))


def test_properties_of_the_category_are_edited_as_fields(desk):
    part = PartFactory()
    width = Attribute.objects.create(
        category=part.category, code="width", name_uk="Ширина", unit="мм", kind="number", min_value=10, max_value=200
    )
    side = Attribute.objects.create(category=part.category, code="side", name_uk="Сторона", kind="choice")
    left = AttributeChoice.objects.create(attribute=side, name_uk="ліва")
    page = desk.get(reverse("admin:catalog_part_change", args=[part.pk])).content.decode()
    assert "Ширина, мм" in page
    save_part(desk, part, **{f"property_{width.pk}": "55.5", f"property_{side.pk}": str(left.pk)})
    values = {value.attribute_id: (value.number, value.choice_id) for value in AttributeValue.objects.all()}
    assert values == {width.pk: (55.5, None), side.pk: (None, left.pk)}
    assert f"property_{width.pk}" in errors(save_part(desk, part, **{f"property_{width.pk}": "9"}))
    save_part(desk, part, **{f"property_{width.pk}": ""})
    assert not AttributeValue.objects.exists()


def test_numbers_and_cars_entered_here_are_claims_of_the_staff(desk):
    part, make, other, car = PartFactory(), MakeFactory(), BrandFactory(), ModificationFactory()
    answer = save_part(
        desk,
        part,
        **{
            "oe_numbers-TOTAL_FORMS": "1",
            "oe_numbers-0-make": make.pk,
            "oe_numbers-0-number": "5Q0 698 151 B",
            "oe_numbers-0-part": part.pk,
            "cross_references-TOTAL_FORMS": "1",
            "cross_references-0-kind": "3",
            "cross_references-0-brand": other.pk,
            "cross_references-0-note": "Інша різьба",
            "cross_references-0-number": "GDB-1550",
            "cross_references-0-part": part.pk,
            "fit_checks-TOTAL_FORMS": "1",
            "fit_checks-0-modification": car.pk,
            "fit_checks-0-fits": "False",
            "fit_checks-0-note": "",
            "fit_checks-0-part": part.pk,
            "fitments-TOTAL_FORMS": "1",
            "fitments-0-modification": car.pk,
            "fitments-0-position": "1",
            "fitments-0-part": part.pk,
        },
    )
    assert answer.status_code == 302
    assert OeNumber.objects.get().search_key == "5Q0698151B"
    claim, check, me = CrossReference.objects.get(), FitCheck.objects.get(), Customer.objects.get()
    assert (claim.kind, claim.source.kind, claim.author, claim.note) == (claim.Kind.DIFFERS, "staff", me, "Інша різьба")
    assert (check.modification, check.fits, check.author) == (car, False, me)
    fitment = Fitment.objects.get()
    assert (fitment.modification, fitment.category, fitment.source.code) == (car, part.category, "staff")


def barcode_typed(desk, part, text):
    row = {"barcodes-TOTAL_FORMS": "1", "barcodes-0-gtin": text, "barcodes-0-part": part.pk}
    return save_part(desk, part, **row)


def test_a_barcode_is_kept_as_one_number_however_it_was_typed(desk):
    part = PartFactory()
    assert barcode_typed(desk, part, "2 000123-456782").status_code == 302
    assert [(code.part, code.gtin, str(code)) for code in Barcode.objects.all()] == [
        (part, 2000123456782, "2000123456782")
    ]


@pytest.mark.parametrize("text", ["2000123456788", "200012345678", "штрихкод", "0" * 13])
def test_a_barcode_with_a_wrong_digit_is_refused_beside_its_field(desk, text):
    answer = barcode_typed(desk, PartFactory(), text)
    assert "остання має збігатися з контрольною" in answer.content.decode()
    assert f'value="{text}"' in answer.content.decode()
    assert not Barcode.objects.exists()


def test_a_part_replaces_no_number_of_its_own(desk):
    part = PartFactory(article_number="W 712/75")
    answer = save_part(
        desk,
        part,
        **{
            "cross_references-TOTAL_FORMS": "1",
            "cross_references-0-kind": "2",
            "cross_references-0-brand": part.brand_id,
            "cross_references-0-number": "w-712-75",
            "cross_references-0-part": part.pk,
        },
    )
    assert "Це номер самої деталі" in answer.content.decode()
    assert not CrossReference.objects.exists()


def test_a_manager_says_that_a_part_fits_and_the_page_tells_who(desk):
    part, car = PartFactory(), ModificationFactory()
    fields = {"part": part.pk, "modification": car.pk, "fits": "True", "note": "Звірили на авто"}
    assert desk.post(reverse("admin:catalog_fitcheck_add"), fields).status_code == 302
    check = FitCheck.objects.get()
    assert (check.part, check.fits, check.author) == (part, True, Customer.objects.get())


def test_a_part_that_moves_takes_its_fitments_along(desk):
    fitment = FitmentFactory()
    other = CategoryFactory()
    assert save_part(desk, fitment.part, category=other.pk).status_code == 302
    fitment.refresh_from_db()
    assert fitment.category == other


def test_a_page_of_a_part_for_many_cars_asks_few_queries(desk, django_assert_max_num_queries):
    part = PartFactory()
    for _ in range(25):
        FitmentFactory(part=part)
    page = reverse("admin:catalog_part_change", args=[part.pk])
    desk.get(page)
    with django_assert_max_num_queries(24):
        desk.get(page)


def brand_fields(brand, *names, **fields):
    rows = {f"aliases-{place}-name": name for place, name in enumerate(names)}
    rows |= {f"aliases-{place}-brand": brand.pk for place in range(len(names))}
    counts = {"aliases-TOTAL_FORMS": str(len(names)), "aliases-INITIAL_FORMS": "0"}
    return {"name": brand.name, "country": "DE", "tier": "standard", "is_active": "on"} | rows | counts | fields


def test_a_spelling_gets_its_key_and_the_own_name_is_always_one(desk):
    brand = BrandFactory(name="MANN-FILTER")
    page = reverse("admin:catalog_brand_change", args=[brand.pk])
    assert desk.post(page, brand_fields(brand, "Манн")).status_code == 302
    assert set(BrandAlias.objects.values_list("name", "key")) == {("Манн", "манн"), ("MANN-FILTER", "mannfilter")}


def test_a_spelling_of_two_brands_is_refused_beside_the_field(desk):
    BrandAlias.objects.create(brand=BrandFactory(name="Löbro"), name="Löbro", key="lobro")
    brand = BrandFactory()
    answer = desk.post(reverse("admin:catalog_brand_change", args=[brand.pk]), brand_fields(brand, "LOBRO"))
    assert "Це написання вже належить бренду «Löbro»." in answer.content.decode()
    assert BrandAlias.objects.count() == 1


def category_fields(category, **fields):
    return {
        "name_uk": category.name_uk,
        "name_en": "",
        "position": "0",
        "fitment_kind": "vehicle",
        "synonyms": "",
        "google_product_category": "",
        "is_active": "on",
        "parent": "",
    } | fields


def move(desk, category, **fields):
    return desk.post(reverse("admin:catalog_category_change", args=[category.pk]), category_fields(category, **fields))


def test_a_category_moves_with_its_branch(desk):
    old, new = CategoryFactory(), CategoryFactory()
    branch = CategoryFactory(parent=old)
    leaf = CategoryFactory(parent=branch)
    branch.refresh_from_db()
    assert move(desk, branch, parent=new.pk, synonyms="гальма\nколодки").status_code == 302
    branch, leaf = Category.objects.get(pk=branch.pk), Category.objects.get(pk=leaf.pk)
    assert Category.objects.get_parent(branch).pk == new.pk
    assert Category.objects.get_parent(leaf).pk == branch.pk
    assert branch.synonyms == ["гальма", "колодки"]
    assert Category.find_problems() == ([], [], [], [], [])


def test_a_category_rises_to_the_top_and_siblings_are_reordered(desk):
    first = CategoryFactory(position=1)
    second = CategoryFactory(parent=first)
    assert move(desk, second, position="0").status_code == 302
    assert [each.pk for each in Category.objects.get_root_nodes()] == [second.pk, first.pk]
    assert Category.find_problems() == ([], [], [], [], [])


def test_a_category_is_not_put_into_itself_nor_too_deep_nor_among_parts(desk):
    top = CategoryFactory()
    middle = CategoryFactory(parent=top)
    low = CategoryFactory(parent=middle)
    other = CategoryFactory()
    full = PartFactory().category
    top = Category.objects.get(pk=top.pk)
    assert "parent" in errors(move(desk, top, parent=low.pk))
    assert "parent" in errors(move(desk, Category.objects.get(pk=middle.pk), parent=CategoryFactory(parent=other).pk))
    assert "parent" in errors(move(desk, Category.objects.get(pk=other.pk), parent=full.pk))
    assert Category.find_problems() == ([], [], [], [], [])


def test_a_new_category_hangs_where_it_was_put(desk):
    parent = CategoryFactory()
    fields = category_fields(Category(name_uk="Колодки"), parent=parent.pk, slug="kolodky")
    assert desk.post(reverse("admin:catalog_category_add"), fields).status_code == 302
    assert Category.objects.get_parent(Category.objects.get(slug="kolodky")) == parent
