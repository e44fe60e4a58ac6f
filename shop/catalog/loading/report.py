"""What a file would change, or did: the numbers a person decides by."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

# A row may have several lines: one for each car or number in it.
_ROWS: Final = """
SELECT count(DISTINCT row), count(DISTINCT row) FILTER (WHERE state = 'o'),
       count(DISTINCT row) FILTER (WHERE state = 'i'), count(DISTINCT row) FILTER (WHERE state = 'r'),
       count(DISTINCT row) FILTER (WHERE state = 'w'), count(DISTINCT row) FILTER (WHERE state = 'n')
FROM staged
"""
_REASONS: Final = """
SELECT reason, count(DISTINCT (row, value)) FROM staged WHERE state = 'r' GROUP BY reason ORDER BY 2 DESC, 1
"""


@dataclass
class Report:
    """Rows of the file, then claims: one part and one car or number. ``new`` and ``vanished`` are by table name."""

    rows: int = 0
    rows_ok: int = 0
    rows_ignored: int = 0
    rows_rejected: int = 0
    rows_waiting: int = 0
    rows_of_other_cars: int = 0
    rejected_by_reason: dict[str, int] = field(default_factory=dict)
    unknown_cars: int = 0
    unknown_parts: int = 0
    new: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    vanished: dict[str, int] = field(default_factory=dict)
    # Against what our staff have checked: our word stays in force.
    contradicting: int = 0
    contradictions: list[dict[str, Any]] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def count_rows(self, cursor: CursorWrapper) -> None:
        cursor.execute(_ROWS)
        (self.rows, self.rows_ok, self.rows_ignored, self.rows_rejected, self.rows_waiting, self.rows_of_other_cars) = (
            cursor.fetchone()
        )
        cursor.execute(_REASONS)
        self.rejected_by_reason = dict(cursor.fetchall())
        cursor.execute(
            "SELECT count(*) FROM (SELECT DISTINCT brand_id, article_key FROM staged WHERE reason = 'unknown_part') one"
        )
        self.unknown_parts = cursor.fetchone()[0]
