import os

import pytest
from django.core.exceptions import ValidationError

from shop.offers.models import PriceListSource
from shop.offers.models.source import validate_pattern
from shop.offers.sources import folder as watched
from shop.offers.sources.checking import check
from tests.offers.sources.conftest import CONTENT, OTHER, Problem, contents, put


def look(source):
    check(source.pk, is_asked_for=True)
    source.refresh_from_db()
    return source


def test_a_file_that_stopped_growing_is_taken_at_the_second_look(folder_source, folder, price_list):
    file = put(folder, ready=False)
    look(folder_source)
    assert contents(price_list) == []
    with file.open("ab") as growing:
        growing.write(b"Bosch;F 002;\xd0\xa4;1;1\n")
    look(folder_source)
    assert contents(price_list) == []
    look(folder_source)
    assert contents(price_list) == [CONTENT + b"Bosch;F 002;\xd0\xa4;1;1\n"]


def test_a_growing_file_is_looked_at_again_within_a_minute(folder_source, folder):
    put(folder, ready=False)
    source = look(folder_source)
    assert (source.due_at - source.last_checked_at).total_seconds() < 60


def test_a_file_that_its_sender_calls_ready_is_taken_at_once_and_put_away(folder_source, folder, price_list):
    put(folder)
    look(folder_source)
    assert contents(price_list) == [CONTENT]
    assert [file.name for file in folder.iterdir()] == ["taken"]
    assert next((folder / "taken").iterdir()).read_bytes() == CONTENT


def test_a_file_that_stays_because_the_folder_is_not_ours_is_not_taken_twice(
    folder_source, folder, price_list, monkeypatch
):
    monkeypatch.setattr(watched, "_put_away", lambda *_: None)
    put(folder)
    look(folder_source)
    look(folder_source)
    assert contents(price_list) == [CONTENT]


def test_the_same_name_with_other_prices_is_another_file(folder_source, folder, price_list):
    put(folder)
    look(folder_source)
    put(folder, content=OTHER)
    look(folder_source)
    assert contents(price_list) == [CONTENT, OTHER]


def test_of_several_files_the_newest_is_loaded_and_all_are_put_away(folder_source, folder, price_list):
    for age, (name, content) in enumerate([("new.csv", OTHER), ("old.csv", CONTENT)]):
        file = put(folder, name, content)
        os.utime(file, (1_800_000_000 - 1000 * age,) * 2)
    look(folder_source)
    assert contents(price_list) == [OTHER]
    assert [file.name for file in folder.iterdir()] == ["taken"]
    look(folder_source)
    assert contents(price_list) == [OTHER]


@pytest.mark.parametrize("name", [".price.csv", "price.csv.part", "price.csv~", "price.tmp", "price.exe", "prices.pdf"])
def test_what_is_unfinished_or_no_table_is_left_alone(folder_source, folder, price_list, name):
    folder_source.file_pattern = "*"
    folder_source.save()
    put(folder, name)
    look(folder_source)
    look(folder_source)
    assert contents(price_list) == []
    assert (folder / name).exists()


def test_only_files_of_the_pattern_are_taken_in_whatever_case(folder_source, folder, price_list):
    folder_source.file_pattern = "acme*.csv"
    folder_source.save()
    put(folder, "other.csv", OTHER)
    put(folder, "ACME-23.CSV")
    look(folder_source)
    assert contents(price_list) == [CONTENT]
    assert (folder / "other.csv").exists()


def test_a_folder_below_the_watched_one_is_looked_into(folder_source, folder, price_list):
    (folder / "acme").mkdir()
    put(folder / "acme")
    folder_source.file_pattern = "acme/*.csv"
    folder_source.save()
    look(folder_source)
    assert contents(price_list) == [CONTENT]


def test_no_link_leads_out_of_the_folder(folder_source, folder, price_list, tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_bytes(CONTENT)
    (folder / "price.csv").symlink_to(outside)
    (folder / "price.csv.ready").touch()
    look(folder_source)
    assert contents(price_list) == []
    (folder / "away").symlink_to(tmp_path)
    folder_source.file_pattern = "away/*.csv"
    folder_source.save()
    assert look(folder_source).last_problem == Problem.NO_FOLDER


@pytest.mark.parametrize(
    "pattern", ["../*.csv", "/etc/*.csv", "a//b.csv", ".hidden/*.csv", "*/price.csv", "a/../b.csv", "a\\b.csv", ""]
)
def test_a_pattern_that_leads_elsewhere_is_refused(pattern):
    with pytest.raises(ValidationError):
        validate_pattern(pattern)


@pytest.mark.parametrize("pattern", ["*", "price*.xlsx", "папка/прайс *.csv"])
def test_an_ordinary_pattern_is_taken(pattern):
    validate_pattern(pattern)


def test_without_a_folder_the_source_says_so(folder_source, settings, tmp_path):
    settings.PRICE_LIST_FOLDER = None
    assert look(folder_source).last_problem == Problem.NOT_CONFIGURED
    settings.PRICE_LIST_FOLDER = tmp_path / "nowhere"
    assert look(folder_source).last_problem == Problem.NO_FOLDER


def test_an_empty_file_is_refused_and_stays(folder_source, folder, price_list):
    put(folder, content=b"")
    assert look(folder_source).last_problem == Problem.EMPTY
    assert contents(price_list) == []
    assert (folder / "price.csv").exists()


def test_a_file_that_is_too_large_is_said_to_be(folder_source, folder, monkeypatch):
    monkeypatch.setattr(watched, "MOST_BYTES", 10)
    put(folder)
    assert look(folder_source).last_problem == Problem.TOO_LARGE
    assert PriceListSource.objects.get().failures == 1
