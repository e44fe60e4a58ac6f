"""How much memory and time large files take, in a process of their own."""

import json
import subprocess
import sys

import pytest

from .writers import packed, repacked, xlsx

ROWS = 300_000
READ = """
import json, sys
from pathlib import Path
from django.conf import settings
settings.configure()
from shop.lib.tables import TableRefused, open_table
def peak():  # not ru_maxrss: that of the parent is inherited
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
before = peak()
count, why = 0, ""
try:
    with open_table(Path(sys.argv[1])) as table:
        for row in table.rows():
            count += 1
except TableRefused as refused:
    why = refused.code
print(json.dumps({"count": count, "code": why, "mb": (peak() - before) // 1024}))
"""


def read_apart(path, *, seconds=60):
    """Rows, code of a refusal, and megabytes taken beyond those of an empty process."""
    told = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, timeout=seconds, check=True
    )
    return json.loads(told.stdout)


def test_a_long_text_is_never_in_memory_whole(file):
    with file.open("w") as text:
        text.write("Бренд;Артикул;Назва;Ціна;Залишок\n")
        text.writelines(f"Bosch;F 026 407 {n};Фільтр масляний {n};12,50;{n % 50}\n" for n in range(ROWS))
    told = read_apart(file)
    assert (told["count"], told["code"]) == (ROWS + 1, "")
    assert told["mb"] < 25


def test_a_long_workbook_takes_what_its_cells_take(file):
    row = (
        '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>Bosch</t></is></c><c r="B{0}"><v>{0}.5</v></c>'
        '<c r="C{0}" s="1"/><c r="D{0}"><v>{0}</v></c></row>'
    )
    rows = "".join(row.format(number) for number in range(1, ROWS + 1))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    repacked(xlsx(file, [["x"]]), xl__worksheets__sheet1_DOT_xml=sheet)
    told = read_apart(file, seconds=120)
    assert (told["count"], told["code"]) == (ROWS, "")
    assert told["mb"] < 250


@pytest.mark.parametrize("packing", ["zip", "plain"])
def test_a_bomb_takes_no_memory(file, packing):
    zeros = b"Bosch;1;2\n" * 5_000_000 if packing == "zip" else b"x" * 60_000_000
    if packing == "zip":
        packed(file, {"price.csv": zeros})
    else:
        file.write_bytes(zeros)
    told = read_apart(file)
    assert told["code"] == {"zip": "zip_bomb", "plain": "broken"}[packing]
    assert told["mb"] < 25
