"""The headers of answers are those that the document names, and those that it promises come."""

from __future__ import annotations

from typing import Any, Final

import httpx
from fixtures.api_document import written_out
from integration.curation_api.hub import Hub

PLAIN: Final = {
    *("content-length", "content-type", "transfer-encoding", "cache-control", "date", "server", "vary", "etag"),
    *("content-security-policy", "referrer-policy", "x-content-type-options"),
}
"""What HTTP has for any answer; an ETag belongs to all that may be asked for conditionally."""
MAY_BE_ABSENT: Final = {"link", "carnival-position"}


def documented(document: dict[str, Any], path: str, answer: httpx.Response) -> set[str]:
    operation = document["paths"][path][answer.request.method.lower()]
    return {name.lower() for name in operation["responses"][str(answer.status_code)]["headers"]}


async def test_answers_bear_the_headers_that_the_document_names(closed_hub: Hub) -> None:
    run_id = await closed_hub.run()
    image, _ = await closed_hub.image(run_id), await closed_hub.image(run_id)
    document = written_out(await closed_hub.get("/openapi.json"))
    run = await closed_hub.http.get(f"/api/runs/{run_id}")
    picture = f"/api/candidates/{image}/image"
    seen = {
        "/api/runs/{run_id}": [
            run,
            await closed_hub.http.get(f"/api/runs/{run_id}", headers={"If-None-Match": run.headers["etag"]}),
            await closed_hub.http.patch(f"/api/runs/{run_id}", json={"n": 7}),
            await closed_hub.http.get("/api/runs/nowhere"),
        ],
        "/api/runs": [await closed_hub.http.get("/api/runs")],
        "/api/candidates/{candidate_id}/image": [
            await closed_hub.http.get(picture),
            await closed_hub.http.get(picture, headers={"Range": "bytes=0-3"}),
            await closed_hub.http.get(picture, headers={"Range": "bytes=900000-"}),
            await closed_hub.http.get(picture, headers={"If-None-Match": "*"}),
        ],
        "/api/candidates/{candidate_id}/reject": [
            await closed_hub.http.post(f"/api/candidates/{image}/reject", json={})
        ],
        "/api/exports/events": [await closed_hub.http.get("/api/exports/events")],
        "/api/exports/preferences": [await closed_hub.http.get("/api/exports/preferences")],
        "/api/exports/images": [await closed_hub.http.get("/api/exports/images", params={"format": "jsonl"})],
    }
    for path, answers in seen.items():
        for answer in answers:
            named = documented(document, path, answer)
            came = {name.lower() for name in answer.headers}
            assert (path, answer.status_code, came - named - PLAIN, named - came - MAY_BE_ABSENT) == (
                path,
                answer.status_code,
                set(),
                set(),
            )


async def test_who_is_not_known_hears_the_documented_headers(closed_hub: Hub) -> None:
    document = written_out(await closed_hub.get("/openapi.json"))
    async with httpx.AsyncClient(base_url=closed_hub.http.base_url) as nobody:
        answer = await nobody.get("/api/runs")
    came = {name.lower() for name in answer.headers} - PLAIN
    assert (answer.status_code, came) == (401, documented(document, "/api/runs", answer))
