"""Staged rows of fitments → claims, compared with what the source says already, and written."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from shop.catalog.loading import ledger
from shop.catalog.loading.fitment_rows import FitmentReader
from shop.catalog.loading.matching import Rules
from shop.catalog.loading.report import Report
from shop.catalog.models import CarText, CatalogFile, CatalogFileClaims
from shop.lib.copying import copy_rows

_TABLE: Final = CatalogFileClaims.Table.FITMENT
_PAIRS: Final = """
SELECT staged.rule, staged_car.rule FROM staged JOIN staged_car USING (car) WHERE state = 'o'
UNION
SELECT rule, 0 FROM staged WHERE state IN ('w', 'n') OR (state = 'o' AND car IN (SELECT car FROM staged_rule))
"""
_CLAIMED: Final = """
CREATE TEMP TABLE claimed AS
SELECT DISTINCT part.id AS part_id, part.category_id, car.modification_id, staged.position, combined.condition_id
FROM staged
JOIN catalog_part part ON part.brand_id = staged.brand_id AND part.article_key = staged.article_key
JOIN staged_car car ON car.car = staged.car
JOIN combined ON combined.row_rule = staged.rule AND combined.car_rule = car.rule
WHERE staged.state = 'o'
"""
_KNOWN: Final = """
CREATE TEMP TABLE known AS
SELECT claimed.*, min(fitment.id) AS id
FROM claimed JOIN catalog_fitment fitment
  ON fitment.part_id = claimed.part_id AND fitment.modification_id = claimed.modification_id
 AND fitment.position = claimed.position AND fitment.source_id = %s
 AND fitment.condition_id IS NOT DISTINCT FROM claimed.condition_id
GROUP BY 1, 2, 3, 4, 5
"""
_WAITING_CONDITIONS: Final = """
SELECT DISTINCT ON (waiting.condition_id) waiting.condition_id, condition.rules::text::json
FROM catalog_waitingfitment waiting LEFT JOIN catalog_fitmentcondition condition ON condition.id = waiting.condition_id
WHERE waiting.file_id = %s AND waiting.text_id = %s
"""
_ANSWERED: Final = """
CREATE TEMP TABLE claimed AS
SELECT DISTINCT part.id AS part_id, part.category_id, answered.modification_id, waiting.position, answered.condition_id
FROM catalog_waitingfitment waiting
JOIN catalog_part part ON part.id = waiting.part_id
JOIN answered ON answered.waiting_condition_id IS NOT DISTINCT FROM waiting.condition_id
WHERE waiting.file_id = %s AND waiting.text_id = %s
"""
_CONTRADICTED: Final = """
SELECT claimed.part_id, claimed.modification_id, count(*) OVER ()
FROM (SELECT DISTINCT part_id, modification_id FROM claimed) claimed
JOIN catalog_fitcheck checked USING (part_id, modification_id)
WHERE NOT checked.fits ORDER BY 1, 2 LIMIT 20
"""
_ADD: Final = """
WITH added AS (
    INSERT INTO catalog_fitment (part_id, category_id, modification_id, position, condition_id, source_id)
    SELECT part_id, category_id, modification_id, position, condition_id, %s FROM claimed
    WHERE NOT EXISTS (
        SELECT 1 FROM known WHERE known.part_id = claimed.part_id AND known.modification_id = claimed.modification_id
        AND known.position = claimed.position AND known.condition_id IS NOT DISTINCT FROM claimed.condition_id
    )
    RETURNING id
)
INSERT INTO fresh SELECT id FROM added
"""
_OPEN_TEXTS: Final = """
INSERT INTO catalog_cartext (key, text, cells, status, reason, candidates, modifications, rows, file_id)
SELECT told.key, min(told.text), (array_agg(told.cells))[1], 'open', min(told.reason), min(told.candidates), '{}',
       count(DISTINCT staged.row), %s
FROM staged_text told JOIN staged ON staged.car = told.car AND staged.state = 'w'
GROUP BY told.key ORDER BY told.key
ON CONFLICT (key) DO UPDATE
SET reason = excluded.reason, candidates = excluded.candidates, rows = excluded.rows, file_id = excluded.file_id,
    seen_at = now()
WHERE catalog_cartext.status = 'open'
"""
_WAITING: Final = """
INSERT INTO catalog_waitingfitment (file_id, text_id, part_id, condition_id, position)
SELECT %s, text.id, part.id, combined.condition_id, staged.position
FROM staged
JOIN staged_text told ON told.car = staged.car
JOIN catalog_cartext text ON text.key = told.key
JOIN catalog_part part ON part.brand_id = staged.brand_id AND part.article_key = staged.article_key
JOIN combined ON combined.row_rule = staged.rule AND combined.car_rule = 0
WHERE staged.state = 'w'
ON CONFLICT DO NOTHING
"""
# Rows that a rule of our staff reads wait no more, but show where the rule is at work.
_BY_RULE: Final = """
INSERT INTO catalog_waitingfitment (file_id, text_id, part_id, condition_id, position)
SELECT DISTINCT %s::bigint, text.id, part.id, combined.condition_id, staged.position
FROM staged
JOIN staged_rule told ON told.car = staged.car
JOIN catalog_cartext text ON text.key = told.key
JOIN catalog_part part ON part.brand_id = staged.brand_id AND part.article_key = staged.article_key
JOIN combined ON combined.row_rule = staged.rule AND combined.car_rule = 0
WHERE staged.state IN ('o', 'n')
ON CONFLICT DO NOTHING
"""
_COUNT_WAITING: Final = """
UPDATE catalog_cartext text SET rows = counted.rows FROM (
    SELECT text.id, count(waiting.id) AS rows
    FROM catalog_cartext text LEFT JOIN catalog_waitingfitment waiting ON waiting.text_id = text.id
    WHERE text.id IN (SELECT text_id FROM catalog_waitingfitment WHERE file_id = %s) OR text.file_id = %s
    GROUP BY text.id
) counted WHERE counted.id = text.id AND text.rows <> counted.rows
"""


def compare(cursor: CursorWrapper, reader: FitmentReader, *, source_id: int, report: Report, writes: bool) -> None:
    """Make ``claimed`` and ``known``. With ``writes`` conditions that are new get a row, else a number of their own."""
    _combine(cursor, reader, writes=writes)
    cursor.execute(_CLAIMED)
    claimed = cursor.rowcount
    cursor.execute("ANALYZE claimed")
    cursor.execute(_KNOWN, [source_id])
    known = cursor.rowcount
    cursor.execute("ANALYZE known")
    report.new["fitment"], report.known["fitment"] = claimed - known, known
    cursor.execute("SELECT count(DISTINCT key) FROM staged_text JOIN staged USING (car) WHERE state = 'w'")
    report.unknown_cars = cursor.fetchone()[0]
    cursor.execute(_CONTRADICTED)
    rows = cursor.fetchall()
    report.contradicting = rows[0][2] if rows else 0
    report.contradictions = [{"part_id": part, "modification_id": car} for part, car, _count in rows]


def find_vanished(cursor: CursorWrapper, file: CatalogFile, report: Report) -> None:
    report.vanished["fitment"] = ledger.find_doomed(cursor, file, _TABLE, "(SELECT id FROM known) kept")


def remember_texts(cursor: CursorWrapper, file: CatalogFile) -> None:
    """Put what nobody understands into the queue."""
    cursor.execute(_OPEN_TEXTS, [file.pk])


def write(cursor: CursorWrapper, file: CatalogFile, report: Report) -> None:
    """Write claims, ledger and waiting rows. Call it in a transaction, after ``compare`` with ``writes``."""
    _add(cursor, file)
    cursor.execute("INSERT INTO known (id) SELECT id FROM fresh")
    find_vanished(cursor, file, report)
    ledger.take_away(cursor, file, _TABLE)
    if file.replaces:
        cursor.execute(
            "DELETE FROM catalog_waitingfitment waiting USING catalog_catalogfile file WHERE file.id = waiting.file_id"
            " AND file.source_id = %s AND file.kind = %s AND file.name = %s",
            [file.source_id, file.kind, file.name],
        )
    cursor.execute("DELETE FROM catalog_waitingfitment WHERE file_id = %s", [file.pk])
    remember_texts(cursor, file)
    cursor.execute(_WAITING, [file.pk])
    cursor.execute(_BY_RULE, [file.pk])
    cursor.execute(_COUNT_WAITING, [file.pk, file.pk])


def write_answered(cursor: CursorWrapper, file: CatalogFile, text: CarText, cars: Sequence[tuple[int, Rules]]) -> int:
    """Write what waited for the answer to ``text``; gives back how many fitments are new. Call it in a transaction."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.claimed, pg_temp.known, pg_temp.fresh, pg_temp.answered")
    cursor.execute(_WAITING_CONDITIONS, [file.pk, text.pk])
    conditions: dict[int | None, Rules] = {pk: tuple((rules or {}).items()) for pk, rules in cursor.fetchall()}
    joined = [(waiting, car, _joined(rules, said)) for waiting, rules in conditions.items() for car, said in cars]
    ids = _condition_ids(cursor, {rules for _waiting, _car, rules in joined if rules}, writes=True)
    cursor.execute(
        "CREATE TEMP TABLE answered (waiting_condition_id bigint, modification_id bigint, condition_id bigint)"
    )
    copy_rows(
        cursor,
        "answered",
        ["waiting_condition_id", "modification_id", "condition_id"],
        ((waiting, car, ids.get(rules)) for waiting, car, rules in joined),
    )
    cursor.execute(_ANSWERED, [file.pk, text.pk])
    cursor.execute(_KNOWN, [file.source_id])
    added = _add(cursor, file)
    cursor.execute("DROP TABLE claimed, known, fresh, answered")
    return added


def _add(cursor: CursorWrapper, file: CatalogFile) -> int:
    cursor.execute("CREATE TEMP TABLE fresh (id bigint NOT NULL)")
    cursor.execute(_ADD, [file.source_id])
    added = int(cursor.rowcount)
    ledger.remember(cursor, file, _TABLE, "fresh")
    ledger.remember_shared(cursor, file, _TABLE, "known")
    return added


def _combine(cursor: CursorWrapper, reader: FitmentReader, *, writes: bool) -> None:
    """``combined``: what the condition of a row and that of its car make together."""
    cursor.execute(_PAIRS)
    pairs: list[tuple[int, int]] = cursor.fetchall()
    by_number = {number: rules for rules, number in reader.rules.items()}
    together = {pair: _joined(by_number[pair[0]], by_number[pair[1]]) for pair in pairs}
    wanted = {rules for rules in together.values() if rules}
    ids = _condition_ids(cursor, wanted, writes=writes)
    cursor.execute("CREATE TEMP TABLE combined (row_rule integer, car_rule integer, condition_id bigint)")
    copy_rows(
        cursor,
        "combined",
        ["row_rule", "car_rule", "condition_id"],
        ((row, car, ids.get(rules)) for (row, car), rules in together.items()),
    )


def _joined(of_row: Rules, of_car: Rules) -> Rules:
    """The row's own column of conditions says more than the words of its car."""
    return tuple(sorted((dict(of_car) | dict(of_row)).items()))


def _condition_ids(cursor: CursorWrapper, wanted: set[Rules], *, writes: bool) -> dict[Rules, int]:
    if not wanted:
        return {}
    cursor.execute("DROP TABLE IF EXISTS pg_temp.wanted")
    cursor.execute("CREATE TEMP TABLE wanted (number integer, rules jsonb)")
    numbered = list(enumerate(sorted(wanted, key=str)))
    copy_rows(cursor, "wanted", ["number", "rules"], ((number, Jsonb(dict(rules))) for number, rules in numbered))
    if writes:
        cursor.execute(
            "INSERT INTO catalog_fitmentcondition (rules) SELECT rules FROM wanted ORDER BY number"
            " ON CONFLICT (rules) DO NOTHING"
        )
    cursor.execute("SELECT number, id FROM wanted LEFT JOIN catalog_fitmentcondition kept USING (rules)")
    found: dict[int, Any] = dict(cursor.fetchall())
    cursor.execute("DROP TABLE wanted")
    return {rules: found[number] or -1 - number for number, rules in numbered}
