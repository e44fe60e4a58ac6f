import pytest

from shop.catalog.errors import ColumnsNotFound
from shop.catalog.loading.layout import recognise


def test_columns_are_told_by_words_of_three_languages_below_a_title() -> None:
    rows = [
        ["Застосування, листопад 2026"],
        [],
        [
            "№",
            "Производитель",
            "Article No.",
            "Make",
            "Модель",
            "Мощность, кВт",
            "Рік від",
            "Год по",
            "Примітки",
            "Ціна",
        ],
    ]
    layout = recognise(rows, "fitment")
    assert layout.header_row == 3
    assert layout.columns == {
        "brand": (1,),
        "article": (2,),
        "make": (3,),
        "model": (4,),
        "power_kw": (5,),
        "years_from": (6,),
        "years_to": (7,),
        "conditions": (8,),
    }


def test_a_second_brand_and_number_of_a_list_of_numbers_are_the_cross() -> None:
    layout = recognise([["Бренд", "Артикул", "Бренд", "Артикул"]], "numbers")
    assert layout.columns == {"brand": (0,), "article": (1,), "cross_brand": (2,), "cross_number": (3,)}


@pytest.mark.parametrize("kind", ["fitment", "numbers"])
def test_a_table_without_the_needed_columns_is_refused(kind: str) -> None:
    with pytest.raises(ColumnsNotFound):
        recognise([["Бренд", "Артикул", "Ціна"]], kind)
