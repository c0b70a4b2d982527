"""What the running system tells whoever watches it: metrics, traces, logs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio
from fixtures.collector import Collector, running_collector
from fixtures.pipelines import VARIABLES, portrait, step
from fixtures.stack import Stack, running_stack
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

pytestmark = pytest.mark.asyncio(loop_scope="module")

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
