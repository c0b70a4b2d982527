"""What holds at every address: problems are explained, pages are linked, what a client has is not sent again."""

from __future__ import annotations

from typing import Any

import pytest
from integration.curation_api.hub import Hub, problem


async def test_a_type_of_problem_is_the_address_of_its_explanation(hub: Hub) -> None:
    found = problem(await hub.http.get("/api/runs/nobody"), 404, "run-unknown")
    page = await hub.get(found["type"])
    assert (page["type"], page["status"], page["title"]) == (found["type"], 404, found["title"])
    assert page["advice"]
    assert page in await hub.get("/problems")
    browser = await hub.http.get(found["type"], headers={"Accept": "text/html,*/*"})
    assert browser.headers["content-type"].startswith("text/html")
    assert found["title"] in browser.text
    problem(await hub.http.get("/problems/no-such-kind"), 404, "problem-unknown")


async def test_a_method_that_an_address_has_not_is_told_with_those_it_has(hub: Hub) -> None:
    answer = await hub.http.put("/api/runs")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
async def test_a_body_of_another_type_than_json_is_refused_as_such(hub: Hub, media_type: str) -> None:
    answer = await hub.http.post("/api/votes", content=b"{}", headers={"Content-Type": media_type})
    problem(answer, 415, "media-type-unsupported")


async def test_a_body_that_is_missing_is_told_from_one_of_another_type(hub: Hub) -> None:
    problem(await hub.http.post("/api/votes"), 422, "invalid-request")


async def test_the_next_page_is_linked(hub: Hub) -> None:
    run_id = await hub.run()
    for _ in range(3):
        await hub.image(run_id)
    await hub.http.post(f"/api/runs/{run_id}/pause")
    lists = ["/api/events", f"/api/events?run_id={run_id}&after=1", f"/api/runs/{run_id}/tree"]
    lists += [
        f"/api/runs/{run_id}/jobs",
        f"/api/candidates?run_id={run_id}",
        f"/api/runs/{run_id}/candidates?sort=created",
    ]
    for address in lists:
        separator = "&" if "?" in address else "?"
        whole = (await hub.http.get(address)).json()["items"]
        seen: list[dict[str, Any]] = []
        link: str | None = f"{address}{separator}limit=2"
        while link is not None:
            answer = await hub.http.get(link)
            seen += answer.json()["items"]
            link = answer.links["next"]["url"] if "next" in answer.links else None
            assert (link is None) == (answer.json()["next"] is None)
        assert seen == whole
        assert len(seen) >= 3


async def test_an_answer_the_client_has_is_not_sent_again(hub: Hub) -> None:
    run_id = await hub.run()
    for address in (f"/api/runs/{run_id}", "/api/runs", "/api/pipelines", f"/api/runs/{run_id}/tree"):
        first = await hub.http.get(address)
        tag = first.headers["etag"]
        again = await hub.http.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in again.headers
    await hub.http.post(f"/api/runs/{run_id}/pause")
    changed = await hub.http.get(f"/api/runs/{run_id}", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["paused"]) == (200, True)
