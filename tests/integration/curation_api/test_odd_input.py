"""Whatever is sent, the answer is never an error of ours."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import psycopg
from fixtures.api_document import written_out
from integration.curation_api.hub import Hub, problem

ODD_TEXTS = [
    "",
    "%",
    "\x00",
    "..",
    "../../etc/passwd",
    "ünï/x",
    "x" * 5000,
    "-1",
    "99999999999999999999999",
    "null",
    "'; --",
]
ALL_OPTIONAL = ("/what-if", "/guests/merge", "/guests/separate")
"""Here the empty object says something."""
ODD_BODIES = [
    "null",
    "[]",
    '"x"',
    "5",
    "{}",
    '{"name": 5}',
    "[" * 2000,
    '{"name": "\\ud800"}',
    '{"n": 1e999}',
    "\x00",
    "",
]
STREAMS = "/api/changes"


def filled(path: str, value: str) -> str:
    return re.sub(r"\{\w+\}", lambda _: quote(value, safe=""), path)


async def routes(hub: Hub) -> list[tuple[str, str, list[str]]]:
    found: list[tuple[str, str, list[str]]] = []
    paths: dict[str, dict[str, Any]] = written_out(await hub.get("/openapi.json"))["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            parameters: list[dict[str, str]] = operation.get("parameters", [])
            found.append((method, path, [one["name"] for one in parameters if one["in"] == "query"]))
    return found


async def routes_that_need_a_body(hub: Hub) -> list[tuple[str, str]]:
    paths: dict[str, dict[str, Any]] = (await hub.get("/openapi.json"))["paths"]
    return [
        (method, path)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if operation.get("requestBody", {}).get("required") and not path.endswith(ALL_OPTIONAL)
    ]


async def test_odd_paths_and_queries_are_never_an_error_of_the_service(hub: Hub) -> None:
    run_id = await hub.run()
    image = await hub.image(run_id)
    for method, path, names in await routes(hub):
        if method != "get" or path == STREAMS:
            continue
        for odd in ODD_TEXTS:
            answers = [await hub.http.get(filled(path, odd))] if "{" in path else []
            known = filled(path, image if "/candidates/" in path else run_id)
            answers += [await hub.http.get(known, params={name: odd}) for name in names]
            for answer in answers:
                assert answer.status_code < 500 or answer.json()["type"] in {
                    "/problems/selector-silent",
                    "/problems/projection-behind",
                }, (answer.url, answer.text)


async def test_odd_bodies_are_refused_and_change_nothing(hub: Hub) -> None:
    run_id = await hub.run()
    before = await hub.log.end()
    for method, path in await routes_that_need_a_body(hub):
        for odd in ODD_BODIES:
            answer = await hub.http.request(
                method, filled(path, run_id), content=odd.encode(), headers={"content-type": "application/json"}
            )
            assert 400 <= answer.status_code < 500, (method, path, odd[:20], answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
    assert await hub.log.end() == before


async def test_odd_headers_are_taken_or_refused(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    for name in ("Idempotency-Key", "Carnival-Actor", "At-Least", "Carnival-Correlation", "If-None-Match"):
        for odd in (b"", b"\xff\xfe", b"x" * 3000, b"-1", "ünï".encode(), b"a\tb"):
            answer = await hub.http.post(
                f"/api/pipelines/{pipeline_id}/versions", json={"name": "P"}, headers={name.encode(): odd}
            )
            assert answer.status_code in {201, 409, 422}, (name, odd[:10], answer.text)


async def test_without_a_read_model_it_says_so(hub: Hub) -> None:
    run_id = await hub.run()
    await hub.stop_projector()
    with psycopg.connect(hub.database_url, autocommit=True) as session:
        session.execute("ALTER SCHEMA carnival RENAME TO elsewhere")
    problem(await hub.http.get(f"/api/runs/{run_id}"), 503, "read-model-unavailable")
    ready = await hub.http.get("/health/ready")
    assert (ready.status_code, list(ready.json()["problems"])) == (503, ["postgres"])
    assert (await hub.http.get("/health/live")).status_code == 200
