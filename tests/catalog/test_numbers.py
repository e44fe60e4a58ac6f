import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalog.numbers import article_key, brand_key, search_key


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("W 712/75", "W71275"),
        ("0 986 494 291", "0986494291"),
        ("sp-3023", "SP3023"),
        ("НГ-1234П", "НГ1234П"),
        ("--", ""),
    ],
)
def test_a_key_is_letters_and_digits_in_upper_case(number, key):
    assert article_key(number) == key


def test_search_folds_cyrillic_look_alikes_and_identity_does_not():
    assert search_key("АВС-12") == search_key("ABC 12") == "ABC12"
    assert article_key("АВС-12") != article_key("ABC 12")


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_the_key(number):
    assert article_key(article_key(number)) == article_key(number)


@given(st.text(alphabet="ABC123abc", min_size=1), st.lists(st.sampled_from(" -/."), max_size=5))
def test_separators_never_count(number, separators):
    spelled = "".join(separators).join(number)
    assert search_key(spelled) == search_key(number)


@pytest.mark.parametrize(
    ("one", "other"), [("MANN-FILTER", "Mann Filter"), ("Löbro", "LOBRO"), ("Škoda", "skoda"), ("Бош", "бош")]
)
def test_spellings_of_a_brand_share_a_key(one, other):
    assert brand_key(one) == brand_key(other)
