import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalog.words import lemmas, words_literal


def test_ukrainian_words_come_in_their_dictionary_form():
    assert lemmas("Колодки гальмівні передні") == ["колодка", "гальмівний", "передній"]
    assert sorted(lemmas("передніми гальмівними колодками")) == ["гальмівний", "колодка", "передній"]


def test_latin_and_numbers_stay_in_lower_case():
    assert lemmas("BREMBO 5W-30") == ["brembo", "5w", "30"]


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u02bc", "`"])
def test_any_apostrophe_and_none_is_the_same_word(apostrophe):
    assert lemmas(f"п{apostrophe}ять") == lemmas("пять") == ["пять"]


def test_a_literal_holds_each_lemma_once():
    assert words_literal(["Диск гальмівний", "диски"]) == "'гальмівний' 'диск'"


@given(st.text(max_size=80))
def test_whatever_is_typed_gives_plain_words(text):
    assert all(lemma and "'" not in lemma for lemma in lemmas(text))


def test_the_dictionary_is_not_loaded_before_the_first_ukrainian_word():
    code = "import sys; from shop.catalog.words import lemmas; lemmas('BREMBO 12'); print('pymorphy3' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
