"""The National Bank's open interface: https://bank.gov.ua/ua/open-data/api-dev.

``exchange?date=YYYYMMDD&json`` answers ``[{"r030":840,"txt":"Долар США","rate":41.2345,"cc":"USD",
"exchangedate":"22.11.2026"}, …]``: hryvnias for one unit.
"""

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx
from django.conf import settings

_PATH = "/NBUStatService/v1/statdirectory/exchange"
# The whole list is about 6 KB.
_MAX_BYTES = 200_000
# A rate of a day may have been set some days before: holidays.
_MAX_AGE = timedelta(days=10)
# Of the currencies that suppliers quote in; a hundred times more or less is another unit or a broken answer.
_SANE = (Decimal("0.5"), Decimal(1000))
_PLACES = Decimal("0.000001")


class NbuUnavailable(Exception):
    """The bank did not answer, or not with rates; ``str(error)`` says what came instead."""


class QuotedRate(NamedTuple):
    currency: str
    rate: Decimal
    valid_on: date


def read_rates(on: date, currencies: Collection[str]) -> dict[str, QuotedRate]:
    """The bank's rates of a day by currency; those it does not quote are missing. Raises NbuUnavailable."""
    rows = _read_list(on)
    quoted = [_read_row(row, on) for row in rows if isinstance(row, dict) and row.get("cc") in currencies]
    by_currency = {each.currency: each for each in quoted}
    if len(by_currency) != len(quoted):
        raise NbuUnavailable("a currency is quoted twice")
    if not by_currency:
        raise NbuUnavailable("none of our currencies is quoted")
    return by_currency


def _read_list(on: date) -> list[Any]:
    body = bytearray()
    try:
        with (
            httpx.Client(timeout=httpx.Timeout(15, connect=5), follow_redirects=False) as client,
            client.stream("GET", f"{settings.NBU_URL}{_PATH}?date={on:%Y%m%d}&json") as response,
        ):
            if response.status_code != HTTPStatus.OK:
                raise NbuUnavailable(f"HTTP {response.status_code}")
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise NbuUnavailable("the answer is too long")
    except httpx.HTTPError as error:
        raise NbuUnavailable(type(error).__name__) from error
    try:
        # Numbers as they are written: a rate never passes through a float.
        answer = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        raise NbuUnavailable("not JSON") from error
    if not isinstance(answer, list):
        raise NbuUnavailable("not a list of rates")
    return answer


def _read_row(row: dict[str, Any], on: date) -> QuotedRate:
    currency, rate = str(row["cc"]), row.get("rate")
    if not isinstance(rate, Decimal) or not rate.is_finite() or not _SANE[0] <= rate <= _SANE[1]:
        raise NbuUnavailable(f"{currency}: the rate cannot be true")
    try:
        valid_on = datetime.strptime(row.get("exchangedate", ""), "%d.%m.%Y").date()  # noqa: DTZ007  # a day, no time
    except (TypeError, ValueError) as error:
        raise NbuUnavailable(f"{currency}: no day") from error
    if not on - _MAX_AGE <= valid_on <= on:
        raise NbuUnavailable(f"{currency}: of another day")
    return QuotedRate(currency, rate.quantize(_PLACES), valid_on)
