"""What a version would do, before it does anything: counts, price moves, largest jumps, and the brakes they pull."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db.backends.utils import CursorWrapper

from shop.offers.models import PriceList
from shop.offers.pricelists.staging import Counts

LARGEST_JUMPS = 20
# Percent of the purchase price; the outermost are open.
EDGES = (-50, -20, -10, -5, -1, 0, 1, 5, 10, 20, 50)
# A price that moves by more than this is a jump; more than so many of a hundred are a fault of the file.
_JUMP_PERCENT = 50
_MOST_JUMPS_PERCENT = 10

_COUNTS = """
SELECT count(*) FILTER (WHERE kind = 'n'), count(*) FILTER (WHERE kind = 'c'), count(*) FILTER (WHERE kind = 'v'),
       count(*) FILTER (WHERE kind = 'c' AND currency <> old_currency)
FROM moved
"""
# Prices in another currency than before are not compared: that is a brake of its own.
_PERCENTS = """
SELECT 100 * (purchase_price - old_purchase_price) / old_purchase_price AS percent
FROM moved WHERE kind = 'c' AND currency = old_currency
"""
_MOVES = f"""
WITH moves AS ({_PERCENTS})
SELECT count(*) FILTER (WHERE abs(percent) > {_JUMP_PERCENT}),
       (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY percent)
        FROM (SELECT percent::float FROM moves UNION ALL SELECT 0 FROM generate_series(1, %s)) AS every)
FROM moves
"""  # noqa: S608  # texts of ours
_BUCKETS = f"""
WITH moves AS ({_PERCENTS})
SELECT width_bucket(percent, %s::numeric[]) AS bucket, count(*) FROM moves WHERE percent <> 0 GROUP BY bucket
"""  # noqa: S608
_JUMPS = """
SELECT part.id, brand.name, part.article_number, moved.old_purchase_price, moved.purchase_price, moved.currency,
       round(100 * (moved.purchase_price - moved.old_purchase_price) / moved.old_purchase_price, 1)
FROM moved JOIN catalog_part part ON part.id = moved.part_id JOIN catalog_brand brand ON brand.id = part.brand_id
WHERE moved.kind = 'c' AND moved.currency = moved.old_currency AND moved.purchase_price <> moved.old_purchase_price
ORDER BY abs(ln(moved.purchase_price / moved.old_purchase_price)) DESC, part.id LIMIT %s
"""


@dataclass
class Brake:
    """Why a version waits for a person: ``value`` went beyond ``limit`` (percent, or texts)."""

    code: str
    value: str
    limit: str = ""


@dataclass
class Trial:
    """What a version would do; kept as JSON with it."""

    rows_after_header: int = 0
    rows_ok: int = 0
    rows_rejected: int = 0
    rows_ignored: int = 0
    rejected_by_reason: dict[str, int] = field(default_factory=dict)
    ignored_by_reason: dict[str, int] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: int = 0
    unpriced: int = 0
    new_parts: int = 0
    unplaced_parts: int = 0
    currency_changes: int = 0
    jumps: int = 0
    price_moves: dict[str, Any] = field(default_factory=dict)
    largest_jumps: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    rows_per_second: int = 0
    peak_mb: int = 0

    def count_rows(self, counts: Counts) -> None:
        self.rows_after_header = counts.rows
        self.rows_ok = counts.ok
        self.rows_rejected = counts.rejected_rows
        self.rows_ignored = sum(counts.ignored.values())
        self.rejected_by_reason = dict(sorted(counts.rejected.items()))
        self.ignored_by_reason = dict(sorted(counts.ignored.items()))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compare_prices(cursor: CursorWrapper, trial: Trial, table: str) -> None:
    """Count what ``table`` (of ``merging.compare``) changes, and by how much prices move."""
    cursor.execute("SELECT count(*), count(*) FILTER (WHERE price IS NULL) FROM listed")
    listed, trial.unpriced = cursor.fetchone()
    if table == "listed":
        trial.new = listed - trial.unpriced
        return
    cursor.execute(_COUNTS)
    trial.new, trial.changed, trial.vanished, trial.currency_changes = cursor.fetchone()
    trial.unchanged = listed - trial.unpriced - trial.new - trial.changed
    cursor.execute(_MOVES, [trial.unchanged])
    trial.jumps, median = cursor.fetchone()
    cursor.execute(_BUCKETS, [list(EDGES)])
    counted: Mapping[int, int] = dict(cursor.fetchall())
    edges = [None, *EDGES, None]
    trial.price_moves = {
        "median_percent": str(round(Decimal(median or 0), 2)),
        "buckets": [
            {"from": edges[place], "to": edges[place + 1], "count": counted.get(place, 0)}
            for place in range(len(EDGES) + 1)
        ],
    }
    cursor.execute(_JUMPS, [LARGEST_JUMPS])
    trial.largest_jumps = [
        {"part_id": pk, "brand": brand, "article": article, "old": str(old), "new": str(new), "currency": currency,
         "percent": str(percent)}
        for pk, brand, article, old, new, currency, percent in cursor.fetchall()
    ]  # fmt: skip


def brakes_of(trial: Trial, price_list: PriceList, *, columns_changed: bool) -> list[Brake]:
    """Everything that makes the version wait for a person; empty when it may go on by itself."""
    brakes = []
    in_force = trial.unchanged + trial.changed + trial.vanished
    compared = trial.unchanged + trial.changed - trial.currency_changes
    median = abs(Decimal(trial.price_moves.get("median_percent", "0")))
    if not trial.rows_ok:
        brakes.append(Brake("empty", "0"))
    if columns_changed:
        brakes.append(Brake("columns", ""))
    if trial.currency_changes:
        brakes.append(Brake("currency", str(trial.currency_changes)))
    if (share := _percent(trial.vanished, in_force)) > price_list.most_vanished_percent:
        brakes.append(Brake("vanished", str(share), str(price_list.most_vanished_percent)))
    if median > price_list.most_price_move_percent:
        brakes.append(Brake("median", str(median), str(price_list.most_price_move_percent)))
    if (share := _percent(trial.jumps, compared)) > _MOST_JUMPS_PERCENT:
        brakes.append(Brake("jumps", str(share), str(_MOST_JUMPS_PERCENT)))
    goods = trial.rows_ok + trial.rows_rejected
    if (share := _percent(trial.rows_rejected, goods)) > price_list.most_rejected_percent:
        brakes.append(Brake("rejected", str(share), str(price_list.most_rejected_percent)))
    if trial.unpriced:
        brakes.append(Brake("unpriced", str(trial.unpriced)))
    return brakes


def _percent(part: int, whole: int) -> Decimal:
    return round(Decimal(100 * part) / whole, 1) if whole else Decimal(0)
