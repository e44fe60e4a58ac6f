import pytest

from shop.catalog.loading.number_cells import checked_number, owner_and_number, split_cell, split_numbers
from shop.catalog.loading.rows import Rejected

OWNERS = {"vw", "bosch", "mann-filter", "mercedes benz"}


def is_owner(name: str) -> object | None:
    return name if name.casefold() in OWNERS else None


ENTRIES = [
    ("VW 1K0 615 301 AA", ("VW", "1K0 615 301 AA")),
    ("BOSCH: 0 986 494 123", ("BOSCH", "0 986 494 123")),
    ("0986494123 (Bosch)", ("Bosch", "0986494123")),
    ("Mercedes Benz A 000 420 29 02", ("Mercedes Benz", "A 000 420 29 02")),
    ("MANN-FILTER W 712/75", ("MANN-FILTER", "W 712/75")),
]


@pytest.mark.parametrize(("entry", "expected"), ENTRIES)
def test_a_number_names_its_owner_before_behind_or_with_a_colon(entry: str, expected: tuple[str, str]) -> None:
    assert owner_and_number(entry, is_owner) == expected


@pytest.mark.parametrize(
    ("entry", "reason"),
    [("1K0615301AA", "owner_missing"), ("Nobody 12345", "unknown_owner"), ("Nobody: 12345", "unknown_owner")],
)
def test_a_number_without_a_known_owner_is_joined_to_nothing(entry: str, reason: str) -> None:
    with pytest.raises(Rejected) as rejected:
        owner_and_number(entry, is_owner)
    assert rejected.value.reason == reason


def test_a_slash_parts_numbers_only_where_both_sides_are_whole() -> None:
    assert [*split_cell("VW 1K0615301/BOSCH 0986494123; MANN-FILTER W 712/75", is_owner)] == [
        "VW 1K0615301",
        "BOSCH 0986494123",
        "MANN-FILTER W 712/75",
    ]
    assert [*split_numbers("1K0615301AA/1K0615301AB, W 712/75")] == ["1K0615301AA", "1K0615301AB", "W 712/75"]


@pytest.mark.parametrize(
    ("number", "reason"), [("немає", "not_a_number"), ("1,23E+05", "number_damaged"), ("1" * 61, "number_too_long")]
)
def test_what_is_no_number_is_rejected(number: str, reason: str) -> None:
    with pytest.raises(Rejected) as rejected:
        checked_number(number, 60)
    assert rejected.value.reason == reason
