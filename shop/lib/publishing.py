"""Waking workers. The database row is the promise; a broker that is down costs seconds, never a page."""

import time
from typing import Any

import structlog
from celery import Task
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)
# After a failed publish the broker is left alone for this long, so that no page pays for it twice.
_PAUSE_SECONDS = 5.0
_quiet_until = 0.0


def publish(task: Task[Any, None], *args: object, expires: int = 60) -> None:
    """Ask a worker for ``task``, once and without waiting; what cannot be published is left to the timetable.

    Call it after the commit. ``expires`` is in seconds.
    """
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        task.apply_async(args=args, retry=False, expires=expires)
    except (OperationalError, OSError) as error:
        _quiet_until = time.monotonic() + _PAUSE_SECONDS
        log.warning("broker-unreachable", task=task.name, error=type(error).__name__)
