"""What every kind of file is read into: rows of text cells."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class TableFormat:
    """How to read a file. ``kind`` is csv, tsv, xlsx, xls or ods; text files have no sheet, workbooks no delimiter."""

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "TableFormat":
        return cls(**{name: str(data.get(name, "")) for name in ("kind", "encoding", "delimiter", "sheet")})

    @property
    def is_workbook(self) -> bool:
        """Numbers in it are numbers, not texts: they come with a point, whatever the supplier's country writes."""
        return self.kind in ("xlsx", "xls", "ods")


class Table:
    """An open file; leave it by ``with``. ``rows()`` starts from the first row each time it is called."""

    format: TableFormat
    sheets: list[str]
    size: int

    def __init__(self) -> None:
        self._at_end = ExitStack()
        self.sheets = []

    @property
    def position(self) -> int:
        """Bytes of the file taken in so far; for a workbook the share of rows given out, in bytes."""
        raise NotImplementedError

    def rows(self) -> Iterator[list[str]]:
        """Every row of the file or sheet, blank ones too, each cell as text. Raises TableRefused where it is broken."""
        raise NotImplementedError

    def close(self) -> None:
        self._at_end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
