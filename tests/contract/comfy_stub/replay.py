"""A recorded conversation held again with a stand-in, step by step, and everything that came out differently."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import aiohttp
from contract.comfy_stub.comparing import differences, masked
from contract.comfy_stub.frame_order import statuses
from contract.comfy_stub.recording import Exchange, Recording, SocketClosed, SocketOpened, SocketSaid, Step
from contract.comfy_stub.sending import send

Json: TypeAlias = Any

SECONDS_MAX = 20.0
READ_SECONDS_MAX = 6.0
PAUSE_SECONDS = 0.01
IDLE_NOTES = (
    "history:",
    "history after",
    "history of the same",
    "after executing:null",
    "entry is now",
    "interrupt while idle",
)
"""Notes of requests that were sent when nothing ran."""


@dataclass
class Ear:
    """A WebSocket and what it heard, in the format of the recordings."""

    socket: aiohttp.ClientWebSocketResponse
    heard: list[Json] = field(default_factory=list[Json])
    code: int | None = None
    _task: asyncio.Task[None] | None = None

    def listen(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        await self.socket.close()
        await self.ended()

    async def ended(self) -> None:
        if self._task is not None:
            await asyncio.wait_for(self._task, SECONDS_MAX)
        self.code = self.socket.close_code

    async def _listen(self) -> None:
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self.heard.append({"frame": "text", "json": json.loads(message.data)})
            elif message.type is aiohttp.WSMsgType.BINARY:
                self.heard.append(
                    {"frame": "binary", "event_type": int.from_bytes(message.data[:4]), "data": message.data}
                )


class Replay:
    """Holds the conversation; `problems` has one line for each difference between the answers."""

    def __init__(
        self,
        recorded: Recording,
        client: aiohttp.ClientSession,
        url: str,
        body_scale: float = 1.0,
        meddle: Callable[[Exchange], None] = lambda _step: None,
    ) -> None:
        self.recorded = recorded
        self.client = client
        self.url = url
        self.ids: dict[str, str] = {}
        self.ears: dict[str, Ear] = {}
        self.problems: list[str] = []
        self._body_scale = body_scale
        self._meddle = meddle

    async def hold(self, steps: list[Step]) -> None:
        for step in steps:
            await self.catch_up(step.at_ms)
            match step:
                case SocketOpened():
                    if self._was_idle(step.name):
                        await self._idle()
                    ear = Ear(await self.client.ws_connect(self.url + step.path, max_msg_size=0))
                    ear.listen()
                    self.ears[step.name] = ear
                case SocketSaid():
                    await self.ears[step.name].socket.send_str(step.text)
                case SocketClosed():
                    await self.ears[step.name].close()
                case Exchange():
                    self._meddle(step)
                    await self.exchange(step)
                case _:
                    raise AssertionError(f"{step} needs a test of its own")

    async def exchange(self, step: Exchange) -> None:
        """Send a request; what is only read is read again until it agrees, because the recorded server had its own
        pace."""
        if step.note.startswith(IDLE_NOTES):
            await self._idle()
        found = await self._compared(step)
        deadline = asyncio.get_running_loop().time() + READ_SECONDS_MAX
        while found and step.request["method"] == "GET" and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(PAUSE_SECONDS)
            found = await self._compared(step)
        self.problems += [f"{step.note or step.request['path']} at {step.at_ms}: {line}" for line in found]

    async def _compared(self, step: Exchange) -> list[str]:
        assert step.response is not None, "a request without an answer needs a test of its own"
        async with await send(self.client, self.url, step.request, self.ids, self._body_scale) as response:
            content = await response.read()
            found: list[str] = []
            self._translate(step, response)
            if response.status != step.response["status"]:
                return [f"status {step.response['status']} was recorded, we have {response.status} {content[:200]!r}"]
            for name in ("content-type", "allow", "content-disposition", "access-control-allow-origin"):
                if name == "content-type" and not content and step.request["method"] != "HEAD":
                    continue
                expected = step.response["headers"].get(name)
                if masked(expected) != masked(response.headers.get(name)):
                    found.append(f"{name}: {expected!r} was recorded, we have {response.headers.get(name)!r}")
            recorded = step.response["body"]
            if isinstance(recorded, dict) and (recorded.get("binary") or recorded.get("truncated")):
                return found if content else [*found, "an empty answer"]
            if "json" not in response.content_type:
                same = masked(recorded) == masked(content.decode())
                return found if same else [*found, f"{recorded!r} was recorded, we have {content[:200]!r}"]
            return found + self._json_differences(recorded, json.loads(content))

    def _translate(self, step: Exchange, response: aiohttp.ClientResponse) -> None:
        """Later requests name things by what this answer calls them."""
        etag: str | None = step.response["headers"].get("etag") if step.response else None
        if etag is not None and "etag" in response.headers:
            self.ids[etag] = response.headers["etag"]

    def _json_differences(self, recorded: Json, ours: Json) -> list[str]:
        if isinstance(recorded, str) and isinstance(ours, str):
            self.ids[recorded] = ours
        elif isinstance(recorded, dict) and isinstance(ours, dict):
            theirs, mine = cast(dict[str, Json], recorded), cast(dict[str, Json], ours)
            if "number" in theirs and "prompt_id" in mine:
                self.ids[theirs["prompt_id"]] = mine["prompt_id"]
        text = json.dumps(recorded)
        for theirs, mine in self.ids.items():
            text = text.replace(json.dumps(theirs)[1:-1], json.dumps(mine)[1:-1])
        return list(differences(json.loads(text), ours))

    def _was_idle(self, socket: str) -> bool:
        first = self.recorded.frames(socket)[0]["json"]["data"]
        return first["status"]["exec_info"]["queue_remaining"] == 0

    async def _idle(self) -> None:
        """Wait until nothing runs or waits any more."""
        deadline = asyncio.get_running_loop().time() + SECONDS_MAX
        while True:
            async with self.client.get(f"{self.url}/prompt") as response:
                if (await response.json())["exec_info"]["queue_remaining"] == 0:
                    return
            assert asyncio.get_running_loop().time() < deadline, "the stand-in never became idle"
            await asyncio.sleep(PAUSE_SECONDS)

    async def warm_up(self) -> None:
        """Run what the recorded server had in its cache when the conversation began."""
        workflow, cached = self.recorded.first_job()
        if not cached:
            return
        kept = {node_id: workflow[node_id] for node_id in cached}
        if not any(node["class_type"] == "SaveImage" for node in kept.values()):
            kept["warm"] = {"class_type": "PreviewImage", "inputs": {"images": [cached[-1], 0]}}
        await self.prepare({"prompt": kept, "client_id": "before"})

    async def prepare(self, body: Json) -> None:
        """Run a job that is not part of the conversation, until its last frame was sent: none may slip into it."""
        watcher = Ear(await self.client.ws_connect(f"{self.url}/ws?clientId=watcher", max_msg_size=0))
        watcher.listen()
        request = {"method": "POST", "path": "/prompt", "body": body}
        async with await send(self.client, self.url, request, {}, 1.0) as response:
            assert response.status == 200, await response.text()
        await until(lambda: statuses(watcher.heard)[1:][-1:] == [("status", "0")], "the end of a job before")
        await watcher.close()

    async def catch_up(self, at_ms: float) -> None:
        """Wait until every open socket heard as many frames as the recorded one had heard by then."""
        for name, ear in self.ears.items():
            wanted = sum(1 for frame in self.recorded.frames(name) if frame["t_ms"] <= at_ms)

            def enough(ear: Ear = ear, wanted: int = wanted) -> bool:
                return len(ear.heard) >= wanted or ear.socket.closed

            await until(enough, f"{name} heard {len(ear.heard)} of {wanted} frames by {at_ms}")


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition; fails with `what` after a deadline."""
    deadline = asyncio.get_running_loop().time() + SECONDS_MAX
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, what
        await asyncio.sleep(PAUSE_SECONDS)
