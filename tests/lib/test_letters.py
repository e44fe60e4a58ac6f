import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.lib.letters import codes, in_one_alphabet, name_sounds, on_other_keyboard, root, sound


@pytest.mark.parametrize(
    "words", [("масляний", "масляный", "maslyanyy"), ("октавія", "Octavia", "oktaviya"), ("свічки", "svichky")]
)
def test_one_word_sounds_the_same_in_every_spelling(words):
    assert len({sound(word) for word in words}) == 1


@pytest.mark.parametrize(("word", "other"), [("передні", "передних"), ("колодками", "колодка"), ("рычагов", "рычаги")])
def test_endings_do_not_count(word, other):
    assert root(sound(word)) == root(sound(other))


@pytest.mark.parametrize(
    ("typed", "meant"), [("rjkjlrb", "колодки"), ("ufkmvsdys", "гальмівні"), ("ищыср", "bosch"), ("зьл768", "pmk768")]
)
def test_the_other_keyboard_has_the_same_keys(typed, meant):
    assert on_other_keyboard(typed) == meant


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lacetti", "лачетті"), ("Qashqai", "кашкай"), ("Duster", "дастер"), ("Sportage", "спортейдж"),
        ("Juke", "джук"), ("Megane", "меган"), ("Outlander", "аутлендер"),
        ("Land Cruiser", "лендкрузер"), ("X-Trail", "ікстрейл"),
    ],
)  # fmt: skip
def test_foreign_names_are_known_as_people_say_them(name, said):
    assert sound(said) in name_sounds(name)


def test_a_short_code_is_read_by_look_and_by_sound():
    assert {"b6", "v6"} <= codes("в6")
    assert codes("A7") == {"a7"}


def test_latin_look_alikes_in_a_cyrillic_word_are_cyrillic():
    assert in_one_alphabet("кoлoдки") == "колодки"
    assert in_one_alphabet("bosch") == "bosch"


@given(st.text(max_size=60))
def test_any_text_has_a_plain_sound(text):
    heard = sound(text)
    assert heard.isascii()
    assert heard.isalnum() or not heard
    assert all(one.isascii() for one in name_sounds(text))
