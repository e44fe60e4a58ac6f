from hypothesis import given
from hypothesis import strategies as st

from shop.lib.sorting import ukrainian_sort_key


def test_ukrainian_letters_stand_in_the_order_of_the_alphabet():
    letters = list("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
    backwards = letters[::-1]
    assert sorted(backwards, key=ukrainian_sort_key) == letters


def test_digits_come_before_latin_and_latin_before_ukrainian():
    assert sorted(["Ауді", "Audi", "80"], key=ukrainian_sort_key) == ["80", "Audi", "Ауді"]


def test_case_accents_and_apostrophes_do_not_count():
    assert ukrainian_sort_key("Škoda") == ukrainian_sort_key("SKODA")
    assert ukrainian_sort_key("Кам’янець") == ukrainian_sort_key("камянець")


@given(st.text(alphabet="абвгґдеєжзиіїйклмн", max_size=8), st.text(alphabet="абвгґдеєжзиіїйклмн", max_size=8))
def test_a_word_stands_before_its_longer_forms(word, ending):
    assert ukrainian_sort_key(word) <= ukrainian_sort_key(word + ending)
