"""The trace context as one W3C `traceparent` text, to travel inside metadata."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()


def current_traceparent() -> str | None:
    """The running span's `traceparent`, None outside of any span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span(name: str, *, traceparent: str | None = None, **attributes: str | int) -> Generator[Span]:
    """A span named `name`; with `traceparent` it continues that trace instead of the running one."""
    context = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    tracer = trace.get_tracer("carnival")
    with tracer.start_as_current_span(name, context=context, attributes=attributes) as running:
        yield running
