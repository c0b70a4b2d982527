"""Spans, and how their context travels: as one W3C `traceparent` text inside metadata."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeGuard

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

RECORDED: Final = "-01"
"""How a `traceparent` ends whose trace is kept somewhere."""
NANOSECONDS: Final = 1_000_000_000

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_TRACER: Final = trace.get_tracer("carnival")
"""Goes on to whatever provider is set later."""


def current_traceparent() -> str | None:
    """The running span's `traceparent`, None outside of any span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def is_recorded(traceparent: str | None) -> TypeGuard[str]:
    """Whether anybody will be able to look at the trace."""
    return traceparent is not None and traceparent.endswith(RECORDED)


@contextmanager
def span(
    name: str,
    *,
    traceparent: str | None = None,
    links: Iterable[str] = (),
    kind: SpanKind = SpanKind.INTERNAL,
    begun: datetime | None = None,
    **attributes: str | int,
) -> Generator[Span]:
    """A span named `name`; with `traceparent` it continues that trace instead of the running one.

    `links` are the traceparents of further causes, `begun` is its start if that lies behind. Within a trace that nobody
    records there is nothing to add: the running span is given.
    """
    current = trace.get_current_span()
    if traceparent is None and current.get_span_context().is_valid and not current.is_recording():
        yield current
        return
    with _TRACER.start_as_current_span(
        name,
        context=_context_of(traceparent) if traceparent else None,
        kind=kind,
        attributes=attributes,
        links=[Link(trace.get_current_span(_context_of(link)).get_span_context()) for link in links],
        start_time=int(begun.timestamp() * NANOSECONDS) if begun else None,
    ) as running:
        yield running


def _context_of(traceparent: str) -> Context:
    return _PROPAGATOR.extract({"traceparent": traceparent}, Context())
