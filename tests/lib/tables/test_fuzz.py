"""Valid files with bytes changed, cut out or repeated: rows or a refusal come out, nothing else, and soon."""

import random
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.lib.tables import TableRefused, open_table

from .writers import as_bytes, ods, packed, repacked, xls, xlsx

GOODS = [["Бренд", "Артикул", "Назва", "Ціна"]] + [["Bosch", f"F {n}", 'Щітка "Aero"', n / 4] for n in range(30)]
CSV = "Бренд;Артикул;Назва;Ціна\r\n" + "".join(f'Bosch;F {n};"Щітка ""Aero""";{n},25\r\n' for n in range(40))


def _stored(path):
    """Parts that are not packed, so that a changed byte reaches the loader instead of failing the unpacking."""
    with zipfile.ZipFile(path) as archive:
        return packed(path, {name: archive.read(name) for name in archive.namelist()}, zipfile.ZIP_STORED)


@pytest.fixture(scope="module")
def valid(tmp_path_factory):
    place = tmp_path_factory.mktemp("valid")
    two = xlsx(place / "two", GOODS[:3], GOODS)
    return {
        "utf-8": CSV.encode(),
        "cp1251": CSV.encode("cp1251"),
        "utf-16": CSV.encode("utf-16"),
        "xlsx": as_bytes(xlsx, GOODS),
        "stored": _stored(two).read_bytes(),
        "ods": as_bytes(ods, GOODS),
        "xls": xls(place / "xls", GOODS).read_bytes(),
        "zip": as_bytes(packed, {"price.csv": CSV}),
    }


def opened(path):
    """Read all of it, or be told why not."""
    try:
        with open_table(path) as table:
            assert all(type(cell) is str for row in table.rows() for cell in row)
            assert table.position <= table.size
    except TableRefused as refusal:
        str(refusal)


def changed(content, seed):
    """A few changes of the kinds that wires, discs and people with bad intentions make."""
    chance = random.Random(seed)
    content = bytearray(content)
    for _change in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(content))
        match chance.randrange(5):
            case 0:
                content[at] ^= 1 << chance.randrange(8)
            case 1:
                content[at] = chance.choice((0, 1, 0x22, 0x3C, 0x3E, 0x7F, 0xFF))
            case 2:
                del content[at : at + chance.randrange(1, 40)]
            case 3:
                content[at:at] = content[at : at + chance.randrange(1, 200)]
            case 4:
                content[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"9999"))
        if not content:
            return b"x"
    return bytes(content)


@pytest.mark.parametrize("kind", ["utf-8", "cp1251", "utf-16", "xlsx", "stored", "ods", "xls", "zip"])
@settings(
    max_examples=120, deadline=5_000, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(valid, file, kind, seed):
    file.write_bytes(changed(valid[kind], seed))
    opened(file)


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"],
)
@settings(
    max_examples=60, deadline=5_000, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_a_workbook_with_a_damaged_part_is_read_or_refused(valid, file, part, seed):
    file.write_bytes(valid["xlsx"])
    with zipfile.ZipFile(file) as archive:
        content = archive.read(part)
    opened(repacked(file, **{part: changed(content, seed)}))


@settings(
    max_examples=200, deadline=5_000, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(min_size=1, max_size=2_000))
def test_any_bytes_are_read_or_refused(file, content):
    file.write_bytes(content)
    opened(file)
