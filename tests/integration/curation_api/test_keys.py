"""One key, one answer: what was refused or changed nothing is answered as the first time, at any later time (EVT-2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fixtures.mortal import MortalServer
from integration.curation_api.hub import Hub, problem, running_hub

from carnival.contracts.envelope import Event, Metadata, Recorded
from carnival.contracts.ids import CandidateId, RunId
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import Appended, Expectation
from carnival.postgres import open_pool
from carnival.testing import examples
from curation_api.adapters.read_model.readers import Readers
from curation_api.application import repeats
from curation_api.application.candidates.use_cases import CandidateUseCases
from curation_api.domain.idempotency import Origin, digest_of, keyed_origin
from curation_api.settings import Settings
from curation_api.wiring.outside import Outside

COMING = "coming-1"


async def answer(hub: Hub, path: str, key: str = "k1", **body: object) -> httpx.Response:
    return await hub.http.post(path, headers={"Idempotency-Key": key}, json=body or None, timeout=60)


def same(first: httpx.Response, again: httpx.Response) -> None:
    """The same answer, apart from what names the request itself and says that it is a repetition."""
    own = {"correlation_id": None, "replayed": None}
    assert again.status_code == first.status_code
    assert again.json() | own == first.json() | own


async def come(hub: Hub, run_id: RunId) -> CandidateId:
    """An image of the name COMING comes into being."""
    about = {"run_id": run_id, "job_id": "coming"}
    await hub.append(examples.job_requested(99, None, **about), "selector")
    made = examples.image_produced(99, None, candidate_id=CandidateId(COMING), **about)
    await hub.settle(await hub.append(made, "comfy-gateway"))
    return CandidateId(COMING)


async def test_what_was_refused_or_changed_nothing_is_answered_so_whatever_is_true_by_now(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    first = {
        "unknown": await answer(hub, f"/api/candidates/{COMING}/reject"),
        "unknown of many": await answer(hub, "/api/candidates/reject", candidate_ids=[a, COMING]),
        "conflict": await answer(hub, f"/api/runs/{run_id}/steps/1/approve", k=1),
        "no effect": await answer(hub, f"/api/runs/{run_id}/resume"),
        "no effect of many": await answer(hub, "/api/candidates/restore", candidate_ids=[a, b]),
        "skip": await answer(hub, "/api/votes", left_id=a, right_id=b, outcome="skip"),
    }
    assert [found.status_code for found in first.values()] == [404, 404, 409, 200, 200, 200]
    await come(hub, run_id)
    for path in (f"/api/runs/{run_id}/pause", f"/api/candidates/{b}/reject"):
        assert (await hub.http.post(path)).status_code == 200
    end = await hub.log.end()
    same(first["unknown"], await answer(hub, f"/api/candidates/{COMING}/reject"))
    same(first["unknown of many"], await answer(hub, "/api/candidates/reject", candidate_ids=[a, COMING]))
    same(first["conflict"], await answer(hub, f"/api/runs/{run_id}/steps/1/approve", k=1))
    resumed = await answer(hub, f"/api/runs/{run_id}/resume")
    assert (resumed.json()["changed"], resumed.json()["replayed"]) == (False, True)
    same(first["no effect of many"], await answer(hub, "/api/candidates/restore", candidate_ids=[a, b]))
    same(first["skip"], await answer(hub, "/api/votes", left_id=a, right_id=b, outcome="skip"))
    assert await hub.log.end() == end
    other = await answer(hub, f"/api/runs/{run_id}/steps/1/approve", k=2)
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert (await answer(hub, f"/api/candidates/{COMING}/reject", key="k2")).json()["changed"]


async def test_a_refusal_outlives_every_server_and_a_read_model_made_anew(
    mortal_nats: MortalServer, postgres_url: str, read_model_url: str, tmp_path: Path
) -> None:
    async with running_hub(mortal_nats.url, postgres_url, tmp_path) as hub:
        run_id = await hub.run()
        first = await answer(hub, f"/api/candidates/{COMING}/reject")
        problem(first, 404, "candidate-unknown")
        await come(hub, run_id)
    mortal_nats.kill()
    await mortal_nats.start()
    async with running_hub(mortal_nats.url, read_model_url, tmp_path) as hub:
        await hub.settle(await hub.log.end())
        same(first, await answer(hub, f"/api/candidates/{COMING}/reject"))
        assert (await answer(hub, f"/api/candidates/{COMING}/reject", key="k2")).json()["changed"]


async def test_first_tries_at_once_come_to_one_decision(hub: Hub) -> None:
    run_id = await hub.run()
    tries = [answer(hub, f"/api/candidates/{COMING}/reject") for _ in range(4)]
    answers, _ = await asyncio.gather(asyncio.gather(*tries), come(hub, run_id))
    late = await answer(hub, f"/api/candidates/{COMING}/reject")
    assert {found.status_code for found in [*answers, late]} in ({404}, {200})


class Crash(Exception):
    """The process ends here."""


class DyingLog(NatsEventLog):
    """A log whose writer dies, before or after an event is written."""

    after: bool = False

    async def append(self, event: Event, meta: Metadata, *, expected: Expectation | None = None) -> Appended:
        if self.after:
            await super().append(event, meta, expected=expected)
        raise Crash


@asynccontextmanager
async def dying_commands(hub: Hub, nats_url: str, root: Path, *, after: bool) -> AsyncGenerator[CandidateUseCases]:
    """The commands about candidates of a process that does not survive its first append."""
    async with AsyncExitStack() as stack:
        connection = await open_connection(nats_url, "dying")
        stack.push_async_callback(connection.close)
        pool = await open_pool(hub.database_url, size_max=2)
        stack.push_async_callback(pool.close)
        settings = Settings.model_validate({"api_auth": "off", "image_root": str(root)})
        outside = Outside.over(settings, connection, Readers.over(pool, pool))
        stack.push_async_callback(asyncio.to_thread, outside.shrinker.close)
        log = DyingLog(connection)
        log.after = after
        yield CandidateUseCases.over(replace(outside.books(), log=log), outside.readers.candidates)


@pytest.mark.parametrize(("after", "status"), [(False, 200), (True, 404)])
async def test_a_crash_beside_the_record_leaves_one_answer_or_none(
    hub: Hub, nats_url: str, tmp_path: Path, after: bool, status: int
) -> None:
    """What nobody was told and nothing recorded is decided anew; what is recorded stands though nobody was told."""
    run_id = await hub.run()
    async with dying_commands(hub, nats_url, tmp_path, after=after) as commands:
        with pytest.raises(Crash):
            await commands.reject(CandidateId(COMING), "", _origin(f"/api/candidates/{COMING}/reject"))
    await come(hub, run_id)
    for _ in range(2):
        assert (await answer(hub, f"/api/candidates/{COMING}/reject")).status_code == status


def _origin(path: str) -> Origin:
    return keyed_origin("local", f"POST {path}", "k1", digest_of("", b""))


async def test_without_the_log_a_refusal_with_a_key_is_not_given(
    mortal_nats: MortalServer, postgres_url: str, tmp_path: Path
) -> None:
    async with running_hub(mortal_nats.url, postgres_url, tmp_path) as hub:
        await hub.run()
        mortal_nats.kill()
        keyed = await answer(hub, f"/api/candidates/{COMING}/reject")
        problem(keyed, 503, "log-unavailable")
        problem(await hub.http.post(f"/api/candidates/{COMING}/reject"), 404, "candidate-unknown")
        await mortal_nats.start()


async def test_keys_are_refused_while_the_projector_is_behind_for_too_long(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await hub.run()
    monkeypatch.setattr(repeats, "LAG_MAX", timedelta(0))
    monkeypatch.setattr(repeats, "CHECKED_FOR_SECONDS", 0.0)
    await hub.stop_projector()
    await hub.append(examples.job_requested(1, None, run_id=run_id), "selector")
    refused = await answer(hub, f"/api/runs/{run_id}/pause")
    problem(refused, 503, "projection-behind")
    assert refused.headers["retry-after"] == "1"
    assert (await hub.http.post(f"/api/runs/{run_id}/pause")).status_code == 202
    await hub.start_projector()
    await hub.settle(await hub.log.end())
    assert (await answer(hub, f"/api/runs/{run_id}/pause")).json()["changed"] is False


async def test_the_record_stands_apart_from_the_runs(hub: Hub) -> None:
    await answer(hub, f"/api/candidates/{COMING}/reject")
    newest = await hub.log.last_of("carnival.events.command.*.CommandAnswered")
    assert isinstance(newest, Recorded)
    assert newest.position == await hub.log.end()
