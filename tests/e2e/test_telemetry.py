"""What the running system tells whoever watches it: metrics, traces, logs."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio
from fixtures.collector import Collector, Span, running_collector
from fixtures.pipelines import VARIABLES, portrait, step
from fixtures.stack import Json, Stack, running_stack
from prometheus_client.parser import text_string_to_metric_families

from carnival.contracts.catalogue import API
from carnival.contracts.ids import RunId
from carnival.contracts.notices import WorkProgress
from carnival.contracts.run import RunResumed
from carnival.contracts.subjects import WORK_BUCKET
from carnival.log.connection import open_connection
from carnival.log.metadata import fresh_metadata
from carnival.log.nats_log import NatsEventLog
from carnival.telemetry.catalogue import CATALOGUE, EVERY
from carnival.telemetry.metric import Metric
from carnival.testing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

LABELS_OF_KIND = {"le"}
TARGET = "target_info"
"""Which service and version this is: of the exporter, not of the catalogue."""
BY_NAME: Mapping[str, Metric] = {metric.prometheus_name.removesuffix("_total"): metric for metric in CATALOGUE}
EXPECTED = {(service, metric.name) for metric in CATALOGUE for service in metric.services}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def collector() -> AsyncGenerator[Collector]:
    async with running_collector() as collector:
        yield collector


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(collector: Collector) -> AsyncGenerator[Stack]:
    async with running_stack(
        COMFY_STUB_SECONDS_PER_IMAGE="0.1",
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        OTEL_METRIC_EXPORT_INTERVAL="1000",
        OTEL_BSP_SCHEDULE_DELAY="200",
    ) as stack:
        yield stack


async def scraped(stack: Stack) -> dict[str, Mapping[str, set[frozenset[str]]]]:
    """By service: the metrics it shows to Prometheus, with the sets of labels that were seen."""
    found: dict[str, Mapping[str, set[frozenset[str]]]] = {}
    async with httpx.AsyncClient(timeout=20) as http:
        for service, url in stack.state()["metrics_urls"].items():
            answer = await http.get(url)
            assert answer.status_code == 200
            families = text_string_to_metric_families(answer.text)
            found[service] = {
                family.name: {frozenset(sample.labels) - LABELS_OF_KIND for sample in family.samples}
                for family in families
                if family.name != TARGET
            }
    return found


async def provoke_everything(stack: Stack, run_id: str) -> None:
    """A vote, jobs that fail, events that are parked or void, work that takes long."""
    pair = (await stack.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"]
    vote = {"left_id": pair["left"]["candidate_id"], "right_id": pair["right"]["candidate_id"], "voter": "ada"}
    await stack.post("/api/votes", vote | {"outcome": "left"})
    await stack.post("/api/rescorings", {"system": "weng-lin"})
    broken = await stack.define_pipeline(step(1, "Broken", "fails"), name="Broken")
    await stack.start_run(broken, n=1, t=1, variables=VARIABLES)
    connection = await open_connection(stack.state()["nats_url"], "test")
    try:
        resumed = RunResumed(run_id=RunId(run_id))
        await NatsEventLog(connection).append(resumed, fresh_metadata(source=API))
        await connection.jetstream().publish(f"carnival.events.run.{run_id}.VoteCast", b"nothing that can be read")
        work = WorkProgress(kind="rebuild", id="test", phase="folding", done=1, total=4, seconds=2)
        await connection.publish(f"$KV.{WORK_BUCKET}.{work.key}", work.model_dump_json().encode())
        await connection.flush()
    finally:
        await connection.close()


@asynccontextmanager
async def listening(stack: Stack) -> AsyncGenerator[None]:
    async with stack.http.stream("GET", "/api/changes") as stream:
        assert stream.status_code == 200
        yield


WAY_OF_A_VOTE = {
    "POST /api/votes": "curation-api",
    "append VoteCast": "curation-api",
    "decide": "selector",
    "append JobRequested": "selector",
    "carry out job": "comfy-gateway",
    "stage job": "comfy-gateway",
    "submit job": "comfy-gateway",
    "append JobSubmitted": "comfy-gateway",
    "execute job": "comfy-gateway",
    "fetch image": "comfy-gateway",
    "store image": "comfy-gateway",
    "append ImageProduced": "comfy-gateway",
    "work thumbnails": "curation-api",
}


async def growing_run(stack: Stack) -> str:
    """With pairs to vote on, and far from its target."""
    run_id = await stack.start_run(await stack.define_pipeline(*portrait()), n=3, t=60, variables=VARIABLES)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 2, what="two finals")
    return run_id


async def vote(stack: Stack, run_id: str, voter: str, traceparent: str) -> None:
    pair = (await stack.get(f"/api/runs/{run_id}/next-pair", voter=voter))["pair"]
    sides = {"left_id": pair["left"]["candidate_id"], "right_id": pair["right"]["candidate_id"]}
    await stack.post("/api/votes", {**sides, "voter": voter, "outcome": "left"}, traceparent=traceparent)


def ancestors(spans: Sequence[Span], name: str) -> Sequence[str]:
    """From the first span of that name up to the one whose parent is not among `spans`."""
    by_id = {span.span_id: span for span in spans}
    at = next(span for span in spans if span.name == name)
    way = [at.name]
    while (parent := by_id.get(at.parent_id)) is not None:
        way.append(parent.name)
        at = parent
    return [*way, at.parent_id]


async def test_the_trace_of_one_vote_leads_to_the_image_it_led_to(stack: Stack, collector: Collector) -> None:
    run_id = await growing_run(stack)
    trace_id, client = "a1" * 16, "c1" * 8
    await vote(stack, run_id, "eve", f"00-{trace_id}-{client}-01")

    def arrived() -> bool:
        return {span.name for span in collector.trace(trace_id)} >= WAY_OF_A_VOTE.keys()

    await until(arrived, seconds=60, what="an image")
    spans = collector.trace(trace_id)
    assert WAY_OF_A_VOTE.items() <= {span.name: span.service for span in spans}.items()
    way = ["append ImageProduced", "carry out job", "decide", "POST /api/votes", client]
    assert ancestors(spans, "append ImageProduced") == way
    at_gateway = ["carry out job", *way[2:]]
    for name in ("stage job", "submit job", "execute job", "fetch image", "store image"):
        assert ancestors(spans, name) == [name, *at_gateway]
    folded = [link for batch in collector.named("fold batch") for link in batch.links]
    assert (trace_id, next(span.span_id for span in spans if span.name == "POST /api/votes")) in folded
    await stack.complete(run_id, seconds=60)
    check_logs(stack, trace_id, run_id)


def check_logs(stack: Stack, trace_id: str, run_id: str) -> None:
    """The lines of the trace name run, job and correlation, the same in both services."""
    found = {
        service: [line for line in lines_of(stack, service) if line.get("trace_id") == trace_id]
        for service in ("selector", "comfy-gateway")
    }
    requested = next(line for line in found["selector"] if line["action"] == "job_requested")
    settled = next(line for line in found["comfy-gateway"] if line["action"] == "job_settled")
    for name in ("run_id", "job_id", "correlation_id"):
        assert requested[name] == settled[name]
    assert requested["run_id"] == run_id
    assert len(requested["span_id"]) == len(settled["span_id"]) == 16


def lines_of(stack: Stack, service: str) -> list[Json]:
    return [json.loads(line) for line in (stack.data / "logs" / f"{service}.log").read_text().splitlines()]


async def test_a_decision_with_several_causes_links_to_each(stack: Stack, collector: Collector) -> None:
    run_id = await growing_run(stack)
    await stack.post(f"/api/runs/{run_id}/pause")
    await stack.wait_for_run(run_id, lambda run: run["open_jobs"] == 0, what="no open job")
    first, second, resumed = "a2" * 16, "b2" * 16, "d2" * 16
    await vote(stack, run_id, "ada", f"00-{first}-{'c2' * 8}-01")
    await vote(stack, run_id, "bob", f"00-{second}-{'c2' * 8}-01")
    await stack.post(f"/api/runs/{run_id}/resume", traceparent=f"00-{resumed}-{'c2' * 8}-01")

    def decided() -> list[Span]:
        return [span for span in collector.trace(resumed) if span.name == "decide"]

    decision = (await until(decided, seconds=60, what="a decision"))[0]
    assert {first, second} <= {trace_id for trace_id, _ in decision.links}
    await stack.complete(run_id, seconds=60)


async def test_services_emit_what_the_catalogue_names_and_nothing_else(stack: Stack, collector: Collector) -> None:
    async with httpx.AsyncClient(base_url=stack.stub_url) as stub:
        settings = {"fail_next": {"count": 1, "kind": "memory"}}
        assert (await stub.post("/stub/settings", json=settings)).status_code == 200
    pipeline_id = await stack.define_pipeline(*portrait())
    run_id = await stack.start_run(pipeline_id, n=2, t=2, variables=VARIABLES)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 2, what="two finals")
    await provoke_everything(stack, run_id)
    missing = set(EXPECTED)

    async def all_seen() -> bool:
        for service, families in (await scraped(stack)).items():
            for name, labels in families.items():
                metric = BY_NAME[name]
                assert service in metric.services, f"{service} emits {name}"
                assert labels <= {frozenset(metric.prometheus_labels)}, f"{service} emits {name} with {labels}"
                missing.discard((service, metric.name))
        return not missing

    async with listening(stack):
        try:
            await until(all_seen, seconds=60, every=0.5, what="every metric")
        except TimeoutError:
            assert missing == set()
    assert set(collector.metrics) == set(EVERY)
    for service, names in collector.metrics.items():
        assert {(service, name) for name in names} <= EXPECTED


async def test_what_the_projector_logs_of_an_event_names_its_request(stack: Stack) -> None:
    run_id = await stack.start_run(await stack.define_pipeline(*portrait()), n=1, t=0, variables=VARIABLES)
    connection = await open_connection(stack.state()["nats_url"], "test")
    try:
        headers = {"ce-correlationid": "the request that wrote it"}
        subject = f"carnival.events.run.{run_id}.VoteCast"
        await connection.jetstream().publish(subject, b"nothing that can be read", headers=headers)
    finally:
        await connection.close()

    def parked() -> list[Json]:
        lines = [line for line in lines_of(stack, "projector") if line.get("action") == "event_parked"]
        return [line for line in lines if line["run_id"] == run_id]

    [line] = await until(parked, seconds=60, what="the projector's line")
    assert line["correlation_id"] == headers["ce-correlationid"]
    assert len(line["trace_id"]) == 32


async def test_what_the_api_logs_of_a_request_names_it(stack: Stack) -> None:
    trace_id = "a3" * 16

    async def refused() -> Json | None:
        await stack.kill("postgres")
        answer = await stack.http.get("/api/runs", headers={"traceparent": f"00-{trace_id}-{'c3' * 8}-01"})
        return answer.json() if answer.status_code == 503 else None

    problem = await until(refused, seconds=60, what="a request that fails")
    assert problem is not None

    def written() -> list[Json]:
        lines = [line for line in lines_of(stack, API) if line.get("action") == "read_model_failed"]
        return [line for line in lines if line["correlation_id"] == problem["correlation_id"]]

    [line] = await until(written, seconds=60, what="the API's line")
    assert line["trace_id"] == trace_id
