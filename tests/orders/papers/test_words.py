"""Sums in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.papers.words import MOST, sum_in_words

UNITS = dict.fromkeys(["нуль"], 0) | {
    word: number
    for number, words in enumerate(
        [
            "один одна",
            "два дві",
            "три",
            "чотири",
            "п’ять",
            "шість",
            "сім",
            "вісім",
            "дев’ять",
            "десять",
            "одинадцять",
            "дванадцять",
            "тринадцять",
            "чотирнадцять",
            "п’ятнадцять",
            "шістнадцять",
            "сімнадцять",
            "вісімнадцять",
            "дев’ятнадцять",
        ],
        1,
    )
    for word in words.split()
}
TENS = ["двадцять", "тридцять", "сорок", "п’ятдесят", "шістдесят", "сімдесят", "вісімдесят", "дев’яносто"]
HUNDREDS = ["сто", "двісті", "триста", "чотириста", "п’ятсот", "шістсот", "сімсот", "вісімсот", "дев’ятсот"]
VALUES = UNITS | {word: (nth + 2) * 10 for nth, word in enumerate(TENS)}
VALUES |= {word: (nth + 1) * 100 for nth, word in enumerate(HUNDREDS)}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "Нуль гривень 00 копійок"),
        ("1", "Одна гривня 00 копійок"),
        ("2.01", "Дві гривні 01 копійка"),
        ("5.22", "П’ять гривень 22 копійки"),
        ("11.11", "Одинадцять гривень 11 копійок"),
        ("21.5", "Двадцять одна гривня 50 копійок"),
        ("112", "Сто дванадцять гривень 00 копійок"),
        ("1000", "Одна тисяча гривень 00 копійок"),
        ("1234.50", "Одна тисяча двісті тридцять чотири гривні 50 копійок"),
        ("12000.04", "Дванадцять тисяч гривень 04 копійки"),
        ("1000001", "Один мільйон одна гривня 00 копійок"),
        ("2002002000", "Два мільярди два мільйони дві тисячі гривень 00 копійок"),
    ],
)
def test_a_sum_reads_as_an_accountant_writes_it(amount, words):
    assert sum_in_words(Decimal(amount)) == words


@given(st.integers(min_value=0, max_value=int(MOST * 100)))
def test_words_say_the_very_sum(kopecks):
    said = sum_in_words(Decimal(kopecks) / 100).casefold().split()
    total = three = 0
    for word in said[:-2]:
        if word in VALUES:
            three += VALUES[word]
        elif word.startswith("тисяч"):
            total, three = total + three * 1000, 0
        elif word.startswith("мільйон"):
            total, three = total + three * 1_000_000, 0
        elif word.startswith("мільярд"):
            total, three = total + three * 1_000_000_000, 0
        else:
            assert word.startswith("грив")
    assert (total + three) * 100 + int(said[-2]) == kopecks


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1000000000000"])
def test_what_is_no_sum_is_refused(amount):
    with pytest.raises(ValueError, match="no sum of money"):
        sum_in_words(Decimal(amount))
