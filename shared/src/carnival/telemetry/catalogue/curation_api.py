"""Metrics of curation-api."""

from __future__ import annotations

from typing import Final

from carnival.contracts.catalogue import API
from carnival.telemetry.metric import QUICK_BOUNDS, Kind, Metric

REQUEST_DURATION: Final = Metric(
    name="http.server.request.duration",
    kind=Kind.HISTOGRAM,
    unit="s",
    says="From a request's first byte to its answer's last one, by route template. Streams of changes are not among"
    " them; what no route answers is unmatched.",
    labels=("http.request.method", "http.route", "http.response.status_code"),
    services=(API,),
    bounds=QUICK_BOUNDS,
)
STREAMS: Final = Metric(
    name="carnival.api.streams",
    kind=Kind.GAUGE,
    unit="{stream}",
    says="Streams of changes that are open.",
    services=(API,),
)
VOTES: Final = Metric(
    name="carnival.votes",
    kind=Kind.COUNTER,
    unit="{vote}",
    says="Votes written into the log. Outcome: left, right, tie, both_bad. Voter: member or guest.",
    labels=("outcome", "voter"),
    services=(API,),
)
PARKED: Final = Metric(
    name="carnival.events.parked",
    kind=Kind.GAUGE,
    unit="{event}",
    says="Events kept aside because nobody could read or fold them.",
    services=(API,),
)
VOID: Final = Metric(
    name="carnival.events.void",
    kind=Kind.GAUGE,
    unit="{event}",
    says="Events without effect, because they broke a rule at their place in the log.",
    services=(API,),
)
WORK_DONE: Final = Metric(
    name="carnival.work.done",
    kind=Kind.GAUGE,
    unit="1",
    says="Which part of a rebuild or a rescoring is done, from 0 to 1; nothing while none is under way.",
    labels=("kind", "phase"),
    services=(API,),
)
WORK_LEFT: Final = Metric(
    name="carnival.work.left",
    kind=Kind.GAUGE,
    unit="s",
    says="How long it will still take at its rate so far.",
    labels=("kind", "phase"),
    services=(API,),
)

METRICS: Final = (
    REQUEST_DURATION,
    STREAMS,
    VOTES,
    PARKED,
    VOID,
    WORK_DONE,
    WORK_LEFT,
)
