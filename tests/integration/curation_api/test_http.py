"""What holds for every route: problems, limits, health, documentation, monitoring, streams."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from fixtures.api_document import written_out
from integration.curation_api.hub import Hub, problem
from nats.aio.msg import Msg

from carnival.contracts.notices import NodePresence, NodeState
from carnival.contracts.subjects import NEXT_DECISION, PRESENCE_BUCKET
from carnival.testing import until


async def test_whatever_goes_wrong_is_a_problem_document(hub: Hub) -> None:
    problem(await hub.http.get("/nowhere"), 404, "route-unknown")
    problem(await hub.http.put("/api/runs"), 405, "method-not-allowed")
    headers = {"content-type": "application/json"}
    problem(await hub.http.post("/api/pipelines", content=b"{", headers=headers), 400, "bad-json")
    found = problem(await hub.http.post("/api/pipelines", json={}), 422, "invalid-request")
    assert found["errors"] == [{"place": "body.name", "message": "Field required"}]
    problem(await hub.http.get("/api/runs", params={"limit": 5000}), 422, "invalid-request")
    problem(await hub.http.get("/api/runs", params={"at-least": "x"}), 422, "invalid-request")


@pytest.mark.parametrize("written", ["+5", "5.0", "5_0", " 5"])
async def test_whole_numbers_in_addresses_are_written_with_digits(hub: Hub, written: str) -> None:
    problem(await hub.http.get("/api/runs", params={"limit": written}), 422, "invalid-request")
    problem(await hub.http.get("/api/runs", headers={"At-Least": written.strip() + "."}), 422, "invalid-request")


@pytest.mark.parametrize(
    ("path", "field", "values"),
    [
        ("/api/runs", "n", ["5", True]),
        ("/api/runs", "raffle", [{"temperature": "5"}, {"temperature": False}]),
        ("/api/workflows/inspect", "first_step", [0, 0.0, "yes"]),
    ],
)
async def test_numbers_and_truth_values_in_bodies_are_those_of_json(
    hub: Hub, path: str, field: str, values: list[object]
) -> None:
    for value in values:
        body = {"workflow": {}, field: value} if "workflows" in path else {"pipeline_id": "p", field: value}
        [flaw] = problem(await hub.http.post(path, json=body), 422, "invalid-request")["errors"]
        assert flaw["place"].startswith(f"body.{field}")


async def test_a_correlation_id_is_given_or_kept(hub: Hub) -> None:
    own = await hub.http.get("/api/runs", headers={"Carnival-Correlation": "my-1"})
    assert own.headers["carnival-correlation"] == "my-1"
    strange = await hub.http.get("/api/runs", headers={"Carnival-Correlation": "a b"})
    assert len(strange.headers["carnival-correlation"]) == 32


async def test_an_error_nobody_foresaw_is_a_problem_with_a_correlation_id(hub: Hub) -> None:
    run_id = await hub.run()
    await hub.image(run_id)
    with psycopg.connect(hub.database_url, autocommit=True) as session:
        session.execute("UPDATE carnival.candidates SET status = 'odd', media_type = 'x'")
        session.execute("ALTER TABLE carnival.candidates RENAME COLUMN rating TO score")
    problem(await hub.http.get(f"/api/runs/{run_id}/tree"), 500, "internal")


async def test_bodies_have_a_limit_declared_or_not(hasty_hub: Hub) -> None:
    large = json.dumps({"name": "P", "description": "x" * 30_000}).encode()
    headers = {"content-type": "application/json"}
    problem(await hasty_hub.http.post("/api/pipelines", content=large, headers=headers), 413, "too-large")

    async def pieces() -> AsyncGenerator[bytes]:
        for start in range(0, len(large), 1000):
            yield large[start : start + 1000]

    problem(await hasty_hub.http.post("/api/pipelines", content=pieces(), headers=headers), 413, "too-large")


async def test_a_service_that_is_up_says_that_it_lives_and_is_ready(hub: Hub) -> None:
    assert (await hub.get("/health/live"))["status"] == "live"
    assert (await hub.get("/health/ready"))["status"] == "ready"


async def test_the_documentation_names_every_route_and_its_problems(hub: Hub) -> None:
    schema = written_out(await hub.get("/openapi.json"))
    assert "/api/runs/{run_id}/next-pair" in schema["paths"]
    assert "detail" in schema["components"]["schemas"]["Problem"]["properties"]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            problems = [
                code for code, answer in operation["responses"].items() if code >= "400" and "content" in answer
            ]
            for code in problems:
                assert list(operation["responses"][code]["content"]) == ["application/problem+json"], (path, code)
    kinds = [found["type"] for found in await hub.get("/problems")]
    assert "/problems/vote-duplicate" in kinds
    assert len(kinds) == len(set(kinds))


async def test_the_page_of_the_documentation_asks_nothing_of_other_hosts(hub: Hub) -> None:
    page = await hub.http.get("/docs")
    assert not re.search(r"https?://", page.text + page.headers["content-security-policy"])
    for path, kind in (("docs/swagger-ui-bundle.js", "text/javascript"), ("docs/swagger-ui.css", "text/css")):
        assert f'"{path}"' in page.text
        file = await hub.http.get(f"/{path}")
        assert (file.status_code, file.headers["content-type"].partition(";")[0]) == (200, kind)
    assert (await hub.http.get("/docs/other.js")).status_code == 404


async def test_the_overview_page_needs_nothing_else(hub: Hub) -> None:
    page = await hub.http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "http://" not in page.text
    assert "https://" not in page.text


async def test_status_counts_jobs_images_and_positions(hub: Hub) -> None:
    run_id = await hub.run()
    await hub.image(run_id)
    status = await hub.get("/api/status")
    assert (status["jobs"]["completed"], status["jobs"]["pending"]) == (1, 0)
    assert status["runs"] == [{"run_id": run_id, "name": "Gym Shoot", "images": 1, "open_jobs": 0}]
    assert (status["log_position"], status["lag"]) == (await hub.log.end(), 0)
    assert (status["void_events"], status["parked_events"], status["nodes"]) == (0, 0, [])


async def test_jobs_are_listed_and_shown_with_their_decision(hub: Hub) -> None:
    run_id = await hub.run()
    image = await hub.image(run_id)
    jobs = await hub.get(f"/api/runs/{run_id}/jobs", state="completed")
    assert [job["candidate_id"] for job in jobs["items"]] == [image]
    job = await hub.get(f"/api/jobs/{jobs['items'][0]['job_id']}")
    assert job["decision"]["mode"] == "base_generation"
    assert (await hub.get(f"/api/runs/{run_id}/jobs", state="failed"))["items"] == []
    problem(await hub.http.get("/api/jobs/none"), 404, "job-unknown")


async def test_who_is_announced_is_present_whatever_time_it_thinks_it_is(hub: Hub) -> None:
    bucket = await hub.nats.jetstream().key_value(PRESENCE_BUCKET)

    async def announce(name: str, clock_ahead: timedelta) -> None:
        present = NodePresence(
            gateway="g1",
            node=name,
            pool="default",
            slots=1,
            state=NodeState.READY,
            expires_at=datetime.now(UTC) + clock_ahead,
        )
        await bucket.put(present.key, present.model_dump_json().encode())

    async def seen() -> list[str]:
        await announce("stays", -timedelta(days=1))
        return [found["node"] for found in (await hub.get("/api/status"))["nodes"]]

    await announce("gone", timedelta(days=1))
    assert await seen() == ["gone", "stays"]

    async def one_alone() -> bool:
        return await seen() == ["stays"]

    await until(one_alone, seconds=60, what="the silent one to be gone")


async def test_the_selector_is_asked_what_comes_next(hub: Hub) -> None:
    problem(await hub.http.get("/api/next"), 503, "selector-silent")
    asked: list[object] = []

    async def answer(message: Msg) -> None:
        asked.append(json.loads(message.data))
        await message.respond(b'{"mode": "no_work"}')

    await hub.nats.subscribe(NEXT_DECISION, cb=answer)
    await hub.nats.flush()
    run_id = await hub.run()
    assert await hub.get("/api/next") == {"mode": "no_work"}
    assert await hub.get("/api/next", run_id=run_id) == {"mode": "no_work"}
    assert asked == [{"run_id": None}, {"run_id": run_id}]
    problem(await hub.http.get("/api/next", params={"run_id": "none"}), 404, "run-unknown")


async def test_events_are_paged_and_filtered(hub: Hub) -> None:
    run_id = await hub.run()
    await hub.http.post(f"/api/runs/{run_id}/pause", headers={b"Carnival-Actor": "Ada Ümlaut".encode()})
    first = await hub.get("/api/events", limit=2)
    assert [found["type"] for found in first["items"]] == ["PipelineDefined", "RunStarted"]
    rest = await hub.get("/api/events", limit=2, cursor=first["next"])
    assert [found["type"] for found in rest["items"]] == ["RunPaused"]
    assert (rest["items"][0]["source"], rest["items"][0]["actor"]) == ("curation-api", "Ada Ümlaut")
    own = await hub.get("/api/events", run_id=run_id)
    assert [found["type"] for found in own["items"]] == ["RunStarted", "RunPaused"]
    assert own["items"][0]["event"]["run_id"] == run_id
    assert (await hub.get("/api/events", after=10**12))["items"] == []
    for query in ({}, {"run_id": run_id}, {"type": "RunPaused"}, {"text": "ümlaut"}):
        exported = await hub.http.get("/api/exports/events", params=query)
        assert [json.loads(line) for line in exported.text.splitlines()] == (await hub.get("/api/events", **query))[
            "items"
        ]
    problem(await hub.http.get("/api/exports/events", params={"run_id": "none"}), 404, "run-unknown")


async def test_changes_stream_and_resume(hub: Hub) -> None:
    run_id = await hub.run()

    async def changes(count: int, **headers: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        async with hub.http.stream("GET", "/api/changes", headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for line in answer.aiter_lines():
                if line.startswith(": from"):
                    await hub.http.post(f"/api/runs/{run_id}/pause")
                    await hub.http.post(f"/api/runs/{run_id}/resume")
                if line.startswith("data:"):
                    found.append(json.loads(line.removeprefix("data:")))
                if len(found) == count:
                    break
        return found

    live = await changes(2)
    assert [change["type"] for change in live] == ["RunPaused", "RunResumed"]
    assert live[0]["run_id"] == run_id
    ahead = {"Last-Event-ID": str(await hub.log.end() + 1)}
    problem(await hub.http.get("/api/changes", headers=ahead), 409, "position-ahead")
    resumed = await changes(4, **{"Last-Event-ID": "0"})
    assert [change["position"] for change in resumed] == [1, 2, 3, 4]
    assert [change["type"] for change in resumed][:2] == ["PipelineDefined", "RunStarted"]
