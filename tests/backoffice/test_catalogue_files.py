"""Files of fitments and numbers at the desk: sent, looked at, applied, undone; cars that nobody could tell answered."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.catalog.loading.running import run_file
from shop.catalog.models import BrandAlias, CarText, CatalogFile, Fitment
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    GenerationFactory,
    MakeFactory,
    ModelFactory,
    ModificationFactory,
    PartFactory,
)
from tests.factories.catalog import CarTextFactory, CatalogFileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def golf():
    model = ModelFactory(make=MakeFactory(name="Volkswagen", aliases=["VW"]), name="Golf")
    return ModificationFactory(generation=GenerationFactory(model=model, name="V (1K1)"), name="1.6 TDI")


@pytest.fixture
def part():
    brand = BrandFactory(name="TRW")
    BrandAlias.objects.create(brand=brand, name="TRW", key="trw")
    return PartFactory(brand=brand, article_number="GDB 1550")


def send(browser, text, **fields):
    file = SimpleUploadedFile("fit.csv", text.encode())
    told = {"kind": "fitment", "source": CatalogSourceFactory().pk, "name": "main", "replaces": "on", "file": file}
    return browser.post(reverse("admin:catalog_catalogfile_add"), told | fields)


def page(browser, row):
    model = row._meta.model_name
    return browser.get(reverse(f"admin:catalog_{model}_change", args=[row.pk])).content.decode()


def test_a_file_is_sent_looked_at_applied_and_undone(desk, golf, part):
    text = "Бренд;Артикул;Авто\nTRW;GDB1550;VW Golf V 1.6 TDI\nTRW;GDB1550;Zastava Yugo\nНіхто;=1+1;VW Golf V\n"
    answer = send(desk, text)
    file = CatalogFile.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("admin:catalog_catalogfile_change", args=[file.pk]))
    assert 'hx-trigger="every 2s"' in page(desk, file)
    run_file(file.pk)
    shown = page(desk, file)
    assert "Перевірено, чекає на людину".casefold() in shown.casefold()
    assert "бренда немає в каталозі" in shown
    assert "Zastava Yugo" in shown
    assert 'hx-trigger="every 2s"' not in shown
    desk.post(reverse("admin:catalog_catalogfile_application", args=[file.pk]))
    run_file(file.pk)
    assert Fitment.objects.get().modification == golf
    rejected = b"".join(desk.get(reverse("admin:catalog_catalogfile_rejected", args=[file.pk])).streaming_content)
    assert rejected.decode().splitlines()[1] == "4,бренда немає в каталозі,Ніхто"
    desk.post(reverse("admin:catalog_catalogfile_undoing", args=[file.pk]))
    run_file(file.pk)
    file.refresh_from_db()
    assert (file.status, Fitment.objects.exists()) == ("undone", False)


def test_a_form_without_a_file_says_so_and_keeps_what_was_typed(desk):
    answer = send(desk, "", file="", name="Елит 2026")
    assert answer.status_code == 200
    assert "Елит 2026" in answer.content.decode()
    assert not CatalogFile.objects.exists()


def test_a_move_that_the_state_does_not_allow_is_refused_in_words(desk):
    file = CatalogFileFactory(status=CatalogFile.Status.UNDONE)
    answer = desk.post(reverse("admin:catalog_catalogfile_application", args=[file.pk]), follow=True)
    assert "Стан файлу вже змінився" in answer.content.decode()
    file.refresh_from_db()
    assert file.status == "undone"


def test_one_press_answers_a_text_and_shows_the_next(desk, golf):
    text = CarTextFactory(candidates=[golf.pk], rows=5)
    following = CarTextFactory(rows=2)
    shown = page(desk, text)
    assert "Golf V (1K1)" in shown
    answer = desk.post(reverse("admin:catalog_cartext_change", args=[text.pk]), {"car": golf.pk})
    text.refresh_from_db()
    assert (text.status, text.modifications) == ("settled", [golf.pk])
    assert answer.url == reverse("admin:catalog_cartext_change", args=[following.pk])


def test_a_car_is_chosen_by_make_model_and_generation(desk, golf):
    text = CarTextFactory()
    address = reverse("admin:catalog_cartext_change", args=[text.pk])
    generation = golf.generation
    query = {"make": generation.model.make_id, "model": generation.model_id, "generation": generation.pk}
    box = re.compile(rf'<input type="checkbox"\s+name="car"\s+value="{golf.pk}"')
    assert box.search(desk.get(address, query).content.decode())
    assert not box.search(desk.get(address, query | {"model": "x"}).content.decode())


def test_a_whole_generation_is_chosen_by_one_press(desk, golf):
    other = ModificationFactory(generation=golf.generation)
    text = CarTextFactory()
    address = reverse("admin:catalog_cartext_change", args=[text.pk])
    desk.post(address, {"generation": golf.generation_id, "car": "99999999999999999999"})
    text.refresh_from_db()
    assert text.modifications == [golf.pk, other.pk]


def test_an_answer_without_a_car_is_refused_and_not_our_car_is_an_answer(desk):
    text = CarTextFactory()
    address = reverse("admin:catalog_cartext_change", args=[text.pk])
    assert "Оберіть хоча б одну модифікацію" in desk.post(address, {"car": ["", "x", "9" * 30]}).content.decode()
    desk.post(address, {"refusal": "1"})
    assert CarText.objects.get().status == "refused"


def test_warehouse_staff_neither_see_nor_answer(sign_in, golf):
    text = CarTextFactory()
    browser = sign_in("warehouse")
    assert browser.post(reverse("admin:catalog_cartext_change", args=[text.pk]), {"car": golf.pk}).status_code == 403
    address = reverse("admin:catalog_catalogfile_application", args=[text.file_id])
    assert browser.post(address).status_code == 403
    assert CarText.objects.get().status == "open"


def test_twenty_candidates_and_texts_cost_as_many_queries_as_one(desk, golf):
    def queries(row):
        with CaptureQueriesContext(connection) as asked:
            page(desk, row)
        return len(asked)

    text = CarTextFactory(candidates=[golf.pk])
    page(desk, text)
    one = queries(text), queries(text.file)
    cars = ModificationFactory.create_batch(20)
    CarText.objects.filter(pk=text.pk).update(candidates=[car.pk for car in cars])
    for _ in range(20):
        CarTextFactory(file=text.file)
    assert (queries(text), queries(text.file)) == one
