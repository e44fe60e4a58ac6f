import re

import pytest

from shop.local.messages import asked_for, missing, translated

# What must come through a translation unchanged: values, mark-up, placeholders of secrets.
_KEPT = re.compile(r"%\(\w+\)[sd]|%s|%d|<[^>]+>|\[\[[a-z-]+\]\]")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_text_is_translated(language):
    assert missing(language) == {}


@pytest.mark.parametrize(("language", "forms"), [("en", 2), ("uk", 3)])
def test_plurals_have_all_forms_of_the_language(language, forms):
    plurals = {key: texts for key, texts in translated(language).items() if isinstance(key[1], tuple)}
    assert plurals
    assert all(len(texts) == forms for texts in plurals.values())


def test_translations_keep_values_and_markup():
    for (_context, message), texts in translated("en").items():
        originals = (message,) if isinstance(message, str) else message
        for original, text in zip(originals, texts, strict=True):
            assert sorted(_KEPT.findall(text)) == sorted(_KEPT.findall(original)), original


def test_nothing_stays_translated_that_nobody_asks_for():
    assert set(translated("en")) <= set(asked_for())


def test_english_holds_no_ukrainian_sentence():
    quoted = re.compile(r"“[^”]*”")
    for texts in translated("en").values():
        for text in texts:
            assert not re.search("[а-яїієґ]", quoted.sub("", text), re.IGNORECASE), text
