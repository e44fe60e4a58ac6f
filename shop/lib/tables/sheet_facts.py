"""What must be known of a sheet before it is loaded: how large it is, and what the loader would not tell."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from shop.lib.tables.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from shop.lib.tables.refusal import TableRefused

# Formulas stand in rows of goods or below them; after so many the first have been met.
_MOST_NOTED = 200_000


@dataclass
class SheetFacts:
    """Rows and columns reached, and cells with formulas or errors, by 0-based row and column."""

    rows: int = 0
    columns: int = 0
    formulas: dict[int, set[int]] = field(default_factory=dict)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    noted: int = 0

    def reach(self, row: int, column: int) -> None:
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def formula(self, row: int, column: int) -> None:
        if self.noted < _MOST_NOTED:
            self.noted += 1
            self.formulas.setdefault(row, set()).add(column)

    def error(self, row: int, column: int, text: str) -> None:
        if self.noted < _MOST_NOTED:
            self.noted += 1
            self.errors.setdefault(row, {})[column] = text

    def check(self) -> None:
        """Raises TableRefused when the sheet is larger than is read."""
        if self.rows > MOST_ROWS:
            raise TableRefused("too_large", _("На аркуші понад %(rows)s рядків."), rows=MOST_ROWS)
        if self.columns > MOST_COLUMNS:
            raise TableRefused("too_large", _("На аркуші понад %(columns)s колонок."), columns=MOST_COLUMNS)
        if self.rows * self.columns > MOST_CELLS:
            raise TableRefused("too_large", _("На аркуші понад %(cells)s комірок."), cells=MOST_CELLS)


def column_number(letters: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 → ``A``, 26 → ``AA``."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
