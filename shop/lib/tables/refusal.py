"""Why a file is not read."""

from typing import Any

from django.utils.functional import Promise


class TableRefused(Exception):
    """A file that is not read; ``str(refusal)`` says why in the reader's language, ``code`` says it to programs.

    Codes: wrong_type, encoding, macros, formulas, zip_bomb, zip_content, too_large, empty, password, broken, columns.
    """

    def __init__(self, code: str, message: Promise | str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self._message = message
        self._values = values

    def __str__(self) -> str:
        return str(self._message) % self._values if self._values else str(self._message)
