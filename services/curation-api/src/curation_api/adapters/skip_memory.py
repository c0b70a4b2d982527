"""Skipped pairs in a key-value bucket that forgets after an hour (PAIR-6)."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Final

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.kv import KeyValue
from pydantic import TypeAdapter, ValidationError

from carnival.contracts.ids import CandidateId, RunId
from carnival.contracts.subjects import SKIP_BUCKET
from carnival.log.errors import LogUnavailable
from curation_api.domain.pairing import Pair

PAIRS_MAX: Final = 100
TRIES_MAX: Final = 10
ANSWER_SECONDS_MAX: Final = 3.0

_PAIRS: Final[TypeAdapter[list[tuple[CandidateId, CandidateId]]]] = TypeAdapter(list[tuple[CandidateId, CandidateId]])


class SkipMemory:
    """Implements `ports.Skips`: one entry a run and voter, shared by all processes of the API."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection
        self._bucket: KeyValue | None = None

    async def of(self, run_id: RunId, voter: str) -> Sequence[Pair]:
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return (await self._entry(run_id, voter))[0]
        except (TimeoutError, nats.errors.Error, OSError) as error:
            raise LogUnavailable("the bucket of skipped pairs does not answer") from error

    async def add(self, run_id: RunId, voter: str, pair: Pair) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                for _ in range(TRIES_MAX):
                    if await self._added(run_id, voter, pair):
                        return
        except (TimeoutError, nats.errors.Error, OSError) as error:
            raise LogUnavailable("the bucket of skipped pairs does not answer") from error
        raise LogUnavailable("others kept changing the same skipped pairs")

    async def _added(self, run_id: RunId, voter: str, pair: Pair) -> bool:
        pairs, revision = await self._entry(run_id, voter)
        kept = [*(known for known in pairs if known != pair), pair][-PAIRS_MAX:]
        value = json.dumps([sorted(one) for one in kept]).encode()
        try:
            await (await self._opened()).update(_key(run_id, voter), value, last=revision)
        except nats.js.errors.KeyWrongLastSequenceError:
            return False
        return True

    async def _entry(self, run_id: RunId, voter: str) -> tuple[list[Pair], int]:
        """The pairs and the entry's revision, 0 without one. What cannot be read counts as nothing skipped."""
        try:
            entry = await (await self._opened()).get(_key(run_id, voter))
        except nats.js.errors.KeyNotFoundError:
            return [], 0
        try:
            pairs = _PAIRS.validate_json(entry.value or b"[]")
        except ValidationError:
            return [], entry.revision or 0
        return [frozenset(pair) for pair in pairs], entry.revision or 0

    async def _opened(self) -> KeyValue:
        if self._bucket is None:
            self._bucket = await self._connection.jetstream().key_value(SKIP_BUCKET)
        return self._bucket


def _key(run_id: RunId, voter: str) -> str:
    """Voters have any name; a key has few signs."""
    return f"{run_id}.{hashlib.sha256(voter.encode()).hexdigest()[:32]}"
