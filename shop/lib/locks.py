"""Named advisory locks: "one of these at a time" where no row stands for it. All names in one table."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """The first half of PostgreSQL's two-part key; the second is the id of what is locked (0 for the whole act)."""

    REFERENCE_LOAD = 1
    SHELF_REFRESH = 2
    PRICE_LIST = 3  # of one supplier; 0 is our own
    CATALOG_FILE = 4  # of one source
    CATALOG_NUMBERS = 5
    CATALOG_FITMENTS = 6
    PAYMENT_START = 7  # of one payment
    CARRIER_DIRECTORY = 8  # of one carrier
    SENT_CODES = 9
    CLAIMED_ORDERS = 10


class Busy(Exception):
    """Somebody else holds the lock."""


@contextmanager
def advisory_lock(lock: Lock, subject: int = 0) -> Iterator[None]:
    """Hold ``lock`` for the block, over transactions. Raises Busy at once when it is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [int(lock), subject])
        if not cursor.fetchone()[0]:
            raise Busy(lock.name)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [int(lock), subject])


def advisory_transaction_lock(lock: Lock, subject: int = 0) -> None:
    """Wait for ``lock`` and hold it to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(lock), subject])


def try_advisory_transaction_lock(lock: Lock, subject: int = 0) -> bool:
    """As ``advisory_transaction_lock``, but without waiting: whether it is held now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [int(lock), subject])
        return bool(cursor.fetchone()[0])
