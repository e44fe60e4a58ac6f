"""Every text has its English, every plural its Ukrainian forms."""

import pytest
from babel.messages.catalog import Catalog

from shop.local import messages


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_text_has_words_in(language):
    assert messages.problems(language) == []


@pytest.fixture
def catalogues(monkeypatch):
    """One text in the sources and its English entry, to be spoiled by the test."""
    sources, english = Catalog(), Catalog(locale="en")
    sources.add(("%(count)s деталь", "%(count)s деталей"), locations=[("shop/urls.py", 1)])
    entry = english.add(("%(count)s деталь", "%(count)s деталей"), ("%(count)s part", "%(count)s parts"))
    monkeypatch.setattr(messages, "texts_in_sources", lambda: sources)
    monkeypatch.setattr(messages, "read", lambda language: english)
    return entry


def test_a_whole_entry_is_no_problem(catalogues):
    assert messages.problems("en") == []


def test_the_form_of_one_may_leave_the_number_out(catalogues):
    catalogues.string = ("One part", "%(count)s parts")
    assert messages.problems("en") == []


def test_a_missing_form_is_told(catalogues):
    catalogues.string = ("%(count)s part", "")
    assert messages.problems("en") == ["no words for shop/urls.py: '%(count)s деталь'"]


def test_another_placeholder_is_told(catalogues):
    catalogues.string = ("%(count)s part", "%(number)s parts")
    assert messages.problems("en") == ["other placeholders in shop/urls.py: '%(count)s деталь'"]


def test_an_unsure_entry_is_told(catalogues):
    catalogues.flags.add("fuzzy")
    assert messages.problems("en") == ["unsure about shop/urls.py: '%(count)s деталь'"]
