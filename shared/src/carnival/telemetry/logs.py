"""JSON logs on stderr, each line with the trace it belongs to."""

from __future__ import annotations

import logging
import sys
from typing import Final

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from carnival.telemetry.catalogue.several_services import PROBLEMS
from carnival.telemetry.instruments import counter

CHATTY: Final = ("httpx", "httpcore", "websockets", "uvicorn.access")
TROUBLE: Final = frozenset({"warning", "error", "critical"})
UNNAMED: Final = "other"


def setup_logs(service: str, level: str) -> None:
    """Everything that is logged from now on, by whichever library, is one JSON object a line."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _naming(service),
        _add_trace,
        _counting_problems(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _naming(service: str) -> Processor:
    def add_service(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
        entry["service"] = service
        return entry

    return add_service


def _counting_problems() -> Processor:
    """Whatever goes wrong is logged, so what is logged says how often. A rate needs a value from before the first."""
    problems = counter(PROBLEMS)
    for level in sorted(TROUBLE):
        problems.add(0, {"level": level, "action": UNNAMED})

    def count(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
        if entry.get("level") in TROUBLE:
            problems.add(1, {"level": entry["level"], "action": str(entry.get("action", UNNAMED))})
        return entry

    return count


def _add_trace(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        entry["trace_id"] = format(context.trace_id, "032x")
        entry["span_id"] = format(context.span_id, "016x")
    return entry
