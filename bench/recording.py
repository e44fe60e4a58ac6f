"""The SQL of one request, written down so that the reference can run the same statements for another order.

What differs from order to order becomes a token in the text: ids (sequences are moved to numbers of nine digits
first, so that an id is never mistaken for a quantity), UUIDs, the session's key, the order's number.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Text and token in turn, beginning and ending with text. Tokens: a name given by the caller, ``uuid:…`` (a fresh one
# per order) or ``made:TABLE:N``, the N-th id that this order's INSERTs into the table returned.
Statement = list[str]

_FIRST_ID = 700_000_001
_ID_STEP = 1_000_000
_UUID = r"\b[0-9a-f]{32}\b"  # as psycopg writes them into a statement


def move_sequences(tables: Sequence[str]) -> None:
    """Give each table's next rows ids of nine digits, a million numbers for each."""
    with connection.cursor() as cursor:
        for place, table in enumerate(tables):
            first = _FIRST_ID + place * _ID_STEP
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, first])


def record(act: Callable[[], Mapping[str, str]], tables: Sequence[str]) -> list[Statement]:
    """Do ``act`` and write its statements down; it gives back which text stands for which token."""
    next_ids = {table: _next_id(table) for table in tables}
    with CaptureQueriesContext(connection) as captured:
        tokens = {text: name for name, text in act().items()}
    statements = [query["sql"] for query in captured.captured_queries]
    text = "\n".join(statements)
    for number in set(re.findall(r"\b7\d{8}\b", text)) - set(tokens):
        table = tables[(int(number) - _FIRST_ID) // _ID_STEP]
        tokens[number] = f"made:{table}:{int(number) - next_ids[table]}"
    for value in set(re.findall(_UUID, text)) - set(tokens):
        tokens[value] = f"uuid:{value}"
    pattern = re.compile("|".join(map(re.escape, tokens)))
    return [_in_turn(statement, pattern, tokens) for statement in statements]


def _in_turn(statement: str, pattern: re.Pattern[str], tokens: Mapping[str, str]) -> Statement:
    pieces, place = [], 0
    for match in pattern.finditer(statement):
        pieces += [statement[place : match.start()], tokens[match.group()]]
        place = match.end()
    return [*pieces, statement[place:]]


def _next_id(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT last_value + is_called::int FROM {sequence}")
        return int(cursor.fetchone()[0])
