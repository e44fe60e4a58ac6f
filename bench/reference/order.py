"""A bare view that runs the statements of a placed order, and nothing else: no session, no form, no rendering."""

import json
import os
import random
import re
import uuid
from functools import cache
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

# Both tell a new row's id: RETURNING, or the look-up after ON CONFLICT DO NOTHING.
_TELLS_ID = re.compile(r'(?:INSERT INTO|SELECT) "(\w+)"')


@cache
def recordings() -> list[list[list[str]]]:
    """Orders recorded by ``bench.prepare_orders``: statements of text and tokens in turn."""
    recorded: list[list[list[str]]] = json.loads(Path(os.environ["BENCH_SQL"]).read_text())
    return recorded


def place_order(request: HttpRequest) -> HttpResponse:
    """Run one recorded order's SQL with this buyer's basket and session."""
    values = {name: request.POST[name] for name in ("basket", "session", "key")}
    values["number"] = str(random.randrange(10**9, 10**10))
    made: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for statement in recordings()[int(request.POST["recording"])]:
            try:
                cursor.execute(_filled(statement, values, made))
            except Exception:
                cursor.execute("ROLLBACK")
                raise
            if cursor.description:
                rows = cursor.fetchall()
                if match := _TELLS_ID.match(statement[0]):
                    known = made.setdefault(match.group(1), [])
                    known.extend(told for row in rows if (told := str(row[0])) not in known)
    response = HttpResponseRedirect(f"/orders/{values['number']}/")
    response.headers["Content-Length"] = "0"
    return response


def _filled(statement: list[str], values: dict[str, str], made: dict[str, list[str]]) -> str:
    if len(statement) == 1:
        return statement[0]
    pieces = statement.copy()
    for place in range(1, len(pieces), 2):
        token = pieces[place]
        if token.startswith("made:"):
            _, table, number = token.split(":")
            pieces[place] = made[table][int(number)]
        elif token.startswith("uuid:"):
            pieces[place] = values.setdefault(token, uuid.uuid4().hex)
        else:
            pieces[place] = values[token]
    return "".join(pieces)
