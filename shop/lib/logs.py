"""Log lines for people who look after the shop: JSON, route names, no paths and no personal data.

A path may hold the secret of an order's page, so a line tells which route was asked for, never which address.
"""

import logging
import logging.config
import re
import traceback
from types import TracebackType
from typing import Any

import structlog
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter


def route_of(request: object) -> str:
    """``orders/<str:number>/<str:secret>/``: what was asked for, without saying for whom."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else "no route"


class RouteInsteadOfPath(logging.Filter):
    """Rewrites Django's lines about a request, which quote its path."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record.msg = "%s for %s %s"
            record.args = (getattr(record, "status_code", "answer"), request.method, route_of(request))
            del record.__dict__["request"]
        return True


class BareReporter(ExceptionReporter):
    """What a letter about an error may hold: where the program was, no values, no form, no cookies."""

    def get_traceback_text(self) -> SafeString:
        # A text letter: nothing in it is read as HTML.
        return SafeString(bare_traceback(self.exc_type, self.exc_value, self.tb))


def bare_traceback(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> str:
    """Files, lines and the exception's class; its text may quote what a customer typed."""
    if kind is None:
        return ""
    return "".join([*traceback.format_list(traceback.extract_tb(trace)), f"{kind.__module__}.{kind.__qualname__}\n"])


def _bare_exception(_: Any, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    exc_info = event.pop("exc_info", None)
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if isinstance(exc_info, tuple) and exc_info[0]:
        event["exception"] = bare_traceback(*exc_info)
    return event


# 17 Latin letters and digits without I, O and Q, both kinds among them: nothing that we log on purpose looks so.
_VIN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])([A-HJ-NPR-Z0-9]{3})[A-HJ-NPR-Z0-9]{10}([0-9]{4})(?![A-Za-z0-9])"
)


def _without_vins(_: Any, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """The last net: no line of ours holds a VIN, but a library's may quote what it was given."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _VIN.sub(r"\1…\2", value)
    return event


_SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """One line of JSON for structlog's and the standard library's loggers alike."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _bare_exception,
                _without_vins,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )


def configure(config: dict[str, Any]) -> None:
    """``LOGGING_CONFIG``: the standard library's handlers, and structlog's lines into them."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
