"""A whole hub without GPUs: real NATS and Postgres, a projector, and curation-api on a real port."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from nats.aio.client import Client
from PIL import Image

from carnival.concurrency import end_tasks
from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from carnival.contracts.job import StoredImage
from carnival.contracts.notices import Projected
from carnival.health import serve_health
from carnival.images.files import FileImageStore
from carnival.images.opening import open_image_store
from carnival.images.port import ImageStore
from carnival.log.connection import nats_broker, open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival.testing import examples, until
from curation_api.adapters.http.connection import GuardedProtocol
from curation_api.main import assembled
from curation_api.settings import Settings
from projector.adapters.history import PostgresHistory
from projector.adapters.notices import NatsNotices
from projector.adapters.questions import questions
from projector.adapters.row_store import PostgresRows
from projector.adapters.verdicts import PostgresVerdicts
from projector.application.follow_log import FollowLog
from projector.application.look_back import LookBack
from projector.application.rescore import Rescore

OPERATOR = "tc_" + "operator" * 5
KEY = "key" * 12
TEMPLATE = {
    "draw": {
        "class_type": "EmptyImage",
        "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": "{{auto_seed}}"},
    },
    "save": {"class_type": "SaveImage", "inputs": {"images": ["draw", 0], "filename_prefix": "image"}},
}


def step(order: int, name: str, **fields: Any) -> dict[str, Any]:
    return {"order": order, "name": name, "template": TEMPLATE, **fields}


STEPS = [step(1, "Base"), step(2, "Face Fix", needs_parent=True), step(3, "Upscale", needs_parent=True)]


@dataclass
class Hub:
    """The API as a client sees it, and the log as gateways and selectors write it."""

    http: httpx.AsyncClient
    log: NatsEventLog
    nats: Client
    images: ImageStore
    database_url: str
    app: FastAPI
    _jobs: int = 0
    _projector: _Projector | None = field(default=None)

    async def pipeline(self, **fields: Any) -> str:
        answer = await self.http.post("/api/pipelines", json={"name": "Portrait", "steps": STEPS, **fields})
        return await self._made(answer)

    async def run(self, pipeline_id: str | None = None, **fields: Any) -> RunId:
        body = {"pipeline_id": pipeline_id or await self.pipeline(), "name": "Gym Shoot", "prompt": "a gym", **fields}
        answer = await self.http.post("/api/runs", json=body)
        return RunId(await self._made(answer))

    async def _made(self, answer: httpx.Response) -> str:
        assert answer.status_code in {201, 202}, answer.text
        await self.settle(answer.json()["position"])
        return answer.json()["id"]

    async def image(
        self,
        run_id: RunId,
        parent: str | None = None,
        step_order: int = 1,
        *,
        data: bytes | None = None,
        size: tuple[int, int] = (8, 8),
        pixels: str | None = None,
    ) -> CandidateId:
        """A candidate as selector and gateway make one, its file in the store; waits until it is projected."""
        self._jobs += 1
        number, job_id = self._jobs, JobId(f"{run_id[:8]}-j{self._jobs}")
        data = png(number) if data is None else data
        stored = StoredImage(
            place=f"f/{job_id}.png",
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            width=size[0],
            height=size[1],
            pixel_sha256=pixels,
        )
        await self.images.put(stored.place, data)
        about = {"run_id": run_id, "job_id": job_id, "step_order": step_order}
        candidate_id = examples.candidate_of(job_id)
        parent_id = CandidateId(parent) if parent else None
        await self.append(examples.job_requested(number, parent_id, **about), "selector")
        made = examples.image_produced(number, parent_id, candidate_id=candidate_id, image=stored, **about)
        await self.settle(await self.append(made, "comfy-gateway"))
        return candidate_id

    def file(self, place: str) -> Path:
        """The file behind a place of a store in files."""
        assert isinstance(self.images, FileImageStore)
        return self.images.path_of(place)

    async def append(self, event: Event, source: str) -> Position:
        return (await self.log.append(event, examples.meta(source))).position

    async def settle(self, position: int) -> None:
        """Waits until `position` is projected, however short the API's own patience is."""

        async def projected() -> bool:
            answer = await self.http.get("/api/pipelines", params={"at-least": position, "limit": 1})
            return answer.status_code == 200

        await until(projected, seconds=20, what=f"position {position} to be projected")

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def vote(self, left: str, right: str, outcome: str = "left", **fields: Any) -> httpx.Response:
        body = {"left_id": left, "right_id": right, "outcome": outcome, "voter": "ada", **fields}
        return await self.http.post("/api/votes", json=body)

    async def stop_projector(self) -> None:
        assert self._projector is not None
        await self._projector.stop()

    async def start_projector(self) -> None:
        assert self._projector is not None
        await self._projector.start()


class _LostNotices:
    async def projected(self, notice: Projected) -> None:
        """Nobody hears of it."""


class _Projector:
    def __init__(self, nats: Client, nats_url: str, database_url: str, *, notices_lost: bool) -> None:
        self._nats = nats
        self._nats_url = nats_url
        self._answering: AsyncExitStack | None = None
        self._notices = _LostNotices() if notices_lost else NatsNotices(nats)
        self._database_url = database_url
        self._follow: FollowLog | None = None
        self._task: asyncio.Task[None] | None = None
        self._rescoring: asyncio.Task[None] | None = None
        self._history: PostgresHistory | None = None

    async def start(self) -> None:
        async def no_rebuild() -> None:
            raise AssertionError("nobody asked for a rebuild")

        rows = PostgresRows(self._database_url)
        log = NatsEventLog(self._nats)
        follow = FollowLog(log, rows, self._notices, no_rebuild)
        self._follow, self._task = follow, asyncio.create_task(follow.run())
        self._history = PostgresHistory(self._database_url)
        rescore = Rescore(log, self._history, NatsNotices(self._nats), lambda: follow.position is not None)
        self._rescoring = asyncio.create_task(rescore.run())
        await self._answer()
        await until(lambda: follow.position is not None, seconds=20, what="the projector to start")

    async def _answer(self) -> None:
        self._answering = AsyncExitStack()
        broker, verdicts = nats_broker(self._nats_url, "test-projector"), PostgresVerdicts(self._database_url)
        broker.include_router(questions(LookBack(NatsEventLog(self._nats), verdicts)))
        self._answering.push_async_callback(verdicts.close)
        self._answering.push_async_callback(broker.stop)
        await broker.start()

    async def stop(self) -> None:
        if self._answering:
            await self._answering.aclose()
            self._answering = None
        if self._task and self._follow:
            self._follow.stop()
            done, _ = await asyncio.wait({self._task}, timeout=2)
            if not done:
                await end_tasks([self._task])
            self._task = None
        if self._rescoring and self._history:
            await end_tasks([self._rescoring])
            await self._history.close()
            self._rescoring = None


@asynccontextmanager
async def running_hub(
    nats_url: str,
    database_url: str,
    root: Path,
    *,
    notices_lost: bool = False,
    projects: bool = True,
    **settings: Any,
) -> AsyncGenerator[Hub]:
    """A hub at work while the block runs. `projects`: with a projector of its own; a second API has none."""
    async with AsyncExitStack() as stack:
        nats = await open_connection(nats_url, "test-hub")
        stack.push_async_callback(nats.close)
        await ensure_stream(nats)
        await ensure_buckets(nats)
        projector = _Projector(nats, nats_url, database_url, notices_lost=notices_lost)
        if projects:
            await projector.start()
        stack.push_async_callback(projector.stop)
        chosen = {
            "nats_url": nats_url,
            "database_url": database_url,
            "image_root": str(root),
            "api_auth": "off",
        } | settings
        given = Settings.model_validate(chosen)
        app = await stack.enter_async_context(assembled(given))
        port = await stack.enter_async_context(serve_health(app, "127.0.0.1", 0, GuardedProtocol))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=15))
        yield Hub(http, NatsEventLog(nats), nats, open_image_store(given), database_url, app, _projector=projector)


def png(shade: int) -> bytes:
    data = BytesIO()
    Image.new("RGB", (8, 8), (shade % 256, 90, 90)).save(data, "PNG")
    return data.getvalue()


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem document of an answer, checked for what all of them have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["type"] == f"/problems/{kind}", found
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    assert found["correlation_id"] == answer.headers["carnival-correlation"]
    return found
