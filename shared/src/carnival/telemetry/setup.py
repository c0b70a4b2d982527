"""Logs, traces and metrics of one process, and where they go."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON

from carnival.telemetry.exposition import REGISTRY
from carnival.telemetry.logs import setup_logs

DISTRIBUTION: Final = "turbo-carnival"


def setup_telemetry(service: str, level: str = "info", otel_endpoint: str | None = None) -> None:
    """Call once, first in a main. `otel_endpoint` is the base URL of an OTLP collector; None sends nothing: metrics can
    still be scraped."""
    resource = Resource.create({"service.name": service, "service.version": version(DISTRIBUTION)})
    collector = otel_endpoint.rstrip("/") if otel_endpoint else None
    _setup_traces(resource, collector)
    _setup_metrics(resource, collector)
    setup_logs(service, level)


def _setup_traces(resource: Resource, collector: str | None) -> None:
    """Without a collector spans carry their identity along and record nothing."""
    provider = TracerProvider(sampler=ALWAYS_ON if collector else ALWAYS_OFF, resource=resource)
    if collector:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{collector}/v1/traces")))
    trace.set_tracer_provider(provider)


def _setup_metrics(resource: Resource, collector: str | None) -> None:
    readers: list[MetricReader] = [PrometheusMetricReader(scope_info_enabled=False, registry=REGISTRY)]
    if collector:
        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter(f"{collector}/v1/metrics")))
    metrics.set_meter_provider(MeterProvider(readers, resource, exemplar_filter=AlwaysOffExemplarFilter()))
