"""The beginning of a file, what the reader makes of it, and the columns a person corrects."""

import pytest

from shop.offers.models import PriceListVersion
from shop.offers.pricelists.running import run_version
from shop.offers.pricelists.switching import release
from tests.backoffice.price_files import lines, page_of, said, send
from tests.factories import (
    CustomerFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db

Status = PriceListVersion.Status


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
