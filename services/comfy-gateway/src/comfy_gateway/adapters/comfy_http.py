"""ComfyUI's HTTP interface. The server has no authentication and refuses foreign origins: no Origin header is sent."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from carnival.contracts.job import NodeImage
from comfy_gateway.adapters.submission_line import SubmissionLine
from comfy_gateway.application.ports import ComfyBusy, ComfyRefused, ComfyUnreachable, ImageTooLarge
from comfy_gateway.domain.loose_json import Json, mapping, text
from comfy_gateway.domain.machine import Machine, machine_of
from comfy_gateway.domain.retry import PASSING_STATUSES, PASSING_STATUSES_OF_SUBMISSION
from comfy_gateway.domain.verdict import Queue, queue_of

CONNECT_TIMEOUT_SECONDS: Final = 5.0
PULSE_TIMEOUT_SECONDS: Final = 5.0
INFO_TIMEOUT_SECONDS: Final = 60.0
KEEPALIVE_SECONDS: Final = 60.0
CONNECTIONS_MAX: Final = 16
UPLOAD_FOLDER: Final = "carnival"
BODY_SHOWN_MAX: Final = 100_000


class HttpComfyServer:
    """Implements `ComfyServer`. Submissions have a line of their own, so that nothing stands in their way.

    `trust`: what an https server has to prove; a plain one proves nothing.
    """

    def __init__(
        self, name: str, base_url: str, *, trust: ssl.SSLContext | None, timeout_seconds: float, image_bytes_max: int
    ) -> None:
        self._name = name
        self._image_bytes_max = image_bytes_max
        self._pulse_timeout = min(PULSE_TIMEOUT_SECONDS, timeout_seconds)
        self._info_timeout = min(INFO_TIMEOUT_SECONDS, timeout_seconds)
        timeout = httpx.Timeout(timeout_seconds, connect=min(CONNECT_TIMEOUT_SECONDS, timeout_seconds))
        self._client = _client(base_url, trust, timeout)
        self._submissions = SubmissionLine(
            base_url,
            trust=trust,
            timeout_seconds=timeout_seconds,
            connect_seconds=min(CONNECT_TIMEOUT_SECONDS, timeout_seconds),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()
        self._submissions.close()

    @property
    def name(self) -> str:
        return self._name

    async def post(self, body: bytes) -> Mapping[str, Json]:
        answer = await self._submissions.request("POST", "/prompt", body)
        _check_status(answer.status, answer.body, PASSING_STATUSES_OF_SUBMISSION)
        try:
            return mapping(mapping(json.loads(answer.body)).get("node_errors"))
        except ValueError as error:
            raise ComfyUnreachable("Something else than ComfyUI answers there") from error

    async def history(self, prompt_id: str) -> Json:
        answer = await self._get(f"/history/{quote(prompt_id, safe='')}")
        return mapping(_json(answer)).get(prompt_id)

    async def queue(self) -> Queue:
        return queue_of(_json(await self._get("/queue")))

    async def stop(self, prompt_id: str) -> None:
        _check(await _sent(self._client, "POST", "/queue", json={"delete": [prompt_id]}))
        _check(await _sent(self._client, "POST", "/interrupt", json={"prompt_id": prompt_id}))

    async def upload(self, name: str, data: bytes) -> str:
        answer = await _sent(
            self._client,
            "POST",
            "/upload/image",
            files={"image": (name, data, "application/octet-stream")},
            data={"subfolder": UPLOAD_FOLDER, "type": "input"},
        )
        _check(answer)
        placed = mapping(_json(answer))
        folder, given = text(placed.get("subfolder")), text(placed.get("name")) or name
        return f"{folder}/{given}" if folder else given

    async def view(self, image: NodeImage) -> bytes:
        """Read piece by piece, so that a huge file is refused before it fills the memory."""
        query = {"filename": image.filename, "subfolder": image.subfolder, "type": image.type}
        pieces: list[bytes] = []
        size = 0
        try:
            async with self._client.stream("GET", "/view", params=query) as answer:
                if not answer.is_success:
                    await answer.aread()
                    _check(answer)
                async for piece in answer.aiter_bytes():
                    size += len(piece)
                    if size > self._image_bytes_max:
                        raise ImageTooLarge(f"it has more than {self._image_bytes_max} bytes")
                    pieces.append(piece)
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
        return b"".join(pieces)

    async def free_memory(self) -> None:
        _check(await _sent(self._client, "POST", "/free", json={"unload_models": True, "free_memory": True}))

    async def pulse(self) -> int:
        answer = await self._get("/prompt", timeout=self._pulse_timeout)
        waiting = mapping(mapping(_json(answer)).get("exec_info")).get("queue_remaining")
        if not isinstance(waiting, int):
            raise ComfyUnreachable("Something else than ComfyUI answers there")
        return waiting

    async def warm(self) -> None:
        answer = await self._submissions.request("GET", "/prompt")
        _check_status(answer.status, answer.body)

    async def machine(self) -> Machine:
        return machine_of(_json(await self._get("/system_stats", timeout=self._pulse_timeout)))

    async def object_info(self) -> Json:
        answer = await self._get("/object_info", timeout=self._info_timeout)
        return mapping(await asyncio.to_thread(_json, answer))

    async def _get(self, path: str, timeout: float | None = None) -> httpx.Response:
        options: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        answer = await _sent(self._client, "GET", path, **options)
        _check(answer)
        return answer


def _client(base_url: str, trust: ssl.SSLContext | None, timeout: httpx.Timeout) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=KEEPALIVE_SECONDS)
    return httpx.AsyncClient(base_url=base_url, verify=trust or True, timeout=timeout, limits=limits, trust_env=False)


async def _sent(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> httpx.Response:
    try:
        return await client.request(method, path, **options)
    except httpx.HTTPError as error:
        raise _unreachable(error) from error


def _unreachable(error: httpx.HTTPError) -> ComfyUnreachable:
    kind = type(error).__name__
    return ComfyUnreachable(f"The server does not answer ({f'{kind}: {error}' if str(error) else kind})")


def _check(answer: httpx.Response) -> None:
    _check_status(answer.status_code, answer.content)


def _check_status(status: int, body: bytes, passing: frozenset[int] = PASSING_STATUSES) -> None:
    if status in passing:
        raise ComfyBusy(status)
    if not 200 <= status < 300:
        raise ComfyRefused(status, body[:BODY_SHOWN_MAX].decode(errors="replace"))


def _json(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except ValueError as error:
        raise ComfyUnreachable("Something else than ComfyUI answers there") from error
