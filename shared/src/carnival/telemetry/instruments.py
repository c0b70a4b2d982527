"""Instruments of the metrics in the catalogue. Without an exporter they do nothing."""

from __future__ import annotations

from typing import Final

from opentelemetry.metrics import Counter, Histogram, Meter, UpDownCounter, get_meter

from carnival.telemetry.metric import Metric

SCOPE: Final = "carnival"


def meter() -> Meter:
    return get_meter(SCOPE)


def counter(metric: Metric) -> Counter:
    return meter().create_counter(metric.name, metric.unit, metric.says)


def histogram(metric: Metric) -> Histogram:
    return meter().create_histogram(
        metric.name, metric.unit, metric.says, explicit_bucket_boundaries_advisory=metric.bounds
    )


def level(metric: Metric) -> UpDownCounter:
    """A gauge that is told what comes and goes."""
    return meter().create_up_down_counter(metric.name, metric.unit, metric.says)
