"""Postgres goes away under the API and comes back: everything says so, and goes on by itself."""

from __future__ import annotations

from pathlib import Path

from fixtures.mortal import MortalServer
from integration.curation_api.hub import problem, running_hub

from carnival.testing import until

BACK_SECONDS = 60


async def test_requests_are_refused_in_words_while_postgres_is_away_and_answered_when_it_is_back(
    mortal_postgres: MortalServer, nats_url: str, tmp_path: Path
) -> None:
    async with running_hub(nats_url, mortal_postgres.url, tmp_path) as hub:
        run_id = await hub.run()
        mortal_postgres.kill()
        problem(await hub.http.get(f"/api/runs/{run_id}"), 503, "read-model-unavailable")
        problem(await hub.http.post(f"/api/runs/{run_id}/pause", json={}), 503, "read-model-unavailable")
        ready = await hub.http.get("/health/ready")
        assert (ready.status_code, list(ready.json()["problems"])) == (503, ["postgres"])
        await mortal_postgres.start()

        async def paused() -> bool:
            await hub.http.post(f"/api/runs/{run_id}/pause", json={})
            answer = await hub.http.get(f"/api/runs/{run_id}")
            return answer.status_code == 200 and answer.json()["paused"]

        await until(paused, BACK_SECONDS, "a command that is taken and shown")
        assert (await hub.http.get("/health/ready")).status_code == 200
