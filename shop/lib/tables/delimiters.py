"""What separates the cells of a text file, and whether quotes hold cells together."""

import csv
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from shop.lib.tables.limits import MOST_COLUMNS

# In order of preference when two are equally good.
DELIMITERS = ("\t", ";", ",", "|", "^", "~", "¦", "§", "\x1f", "#", ":", "!")
_LINES = 400


def delimiter_of(lines: Iterable[str]) -> str:
    """The sign that cuts most lines into the same number of cells, many rather than few."""
    sample = [line for line in islice(lines, _LINES) if line.strip("\r\n")]
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == 5:
        return sample[0][4]  # what Excel writes for itself
    best, most = ";", 0.0
    for delimiter in DELIMITERS:
        if (points := _evenness(sample, delimiter)) > most + 1e-9:
            best, most = delimiter, points
    return best


def _evenness(lines: list[str], delimiter: str) -> float:
    try:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0
    total = sum(counts.values())
    cells, rows = max(((n, rows) for n, rows in counts.items() if n > 1), key=lambda pair: pair[1], default=(1, 0))
    if cells == 1 or cells > MOST_COLUMNS:
        return 0
    return float((rows / total) ** 2 * min(cells - 1, 12) ** 0.5)
