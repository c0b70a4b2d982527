"""JSON logs on stderr, and spans to a collector where one is named."""

from __future__ import annotations

import logging
import sys

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from structlog.typing import EventDict, WrappedLogger


def setup_telemetry(service: str, level: str = "info", otel_endpoint: str | None = None) -> None:
    """Call once, first in a main. `otel_endpoint` is the base URL of an OTLP collector; None exports nothing."""
    _setup_logs(service, level)
    # Without a collector spans carry their identity along and record nothing.
    sampler = ALWAYS_ON if otel_endpoint else ALWAYS_OFF
    provider = TracerProvider(sampler=sampler, resource=Resource.create({"service.name": service}))
    if otel_endpoint:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{otel_endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)


def _setup_logs(service: str, level: str) -> None:
    def add_service(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
        entry["service"] = service
        return entry

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        add_service,
        _add_trace,
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
    for chatty in ("httpx", "httpcore", "websockets", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _add_trace(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        entry["trace_id"] = format(context.trace_id, "032x")
    return entry
