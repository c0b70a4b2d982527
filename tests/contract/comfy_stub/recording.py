"""Recorded conversations with a real server, as steps in the order of time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = Any

FOLDER = Path(__file__).parent / "transcripts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; `response` is None where the client got no answer."""

    at_ms: float
    note: str
    request: Json
    response: Json | None


@dataclass(frozen=True)
class SocketOpened:
    at_ms: float
    name: str
    path: str


@dataclass(frozen=True)
class SocketSaid:
    """The client sent a text frame."""

    at_ms: float
    name: str
    text: str


@dataclass(frozen=True)
class SocketClosed:
    at_ms: float
    name: str
    code: int


@dataclass(frozen=True)
class Happened:
    """Something done to the server process itself."""

    at_ms: float
    event: str


Step = Exchange | SocketOpened | SocketSaid | SocketClosed | Happened


@dataclass(frozen=True)
class Recording:
    name: str
    whole: Json
    until_ms: float = math.inf

    def steps(self) -> list[Step]:
        steps = sorted([*self._exchanges(), *self._socket_steps()], key=lambda step: step.at_ms)
        return [step for step in steps if step.at_ms <= self.until_ms or isinstance(step, SocketClosed)]

    def frames(self, socket: str) -> list[Json]:
        """What the server sent to a socket."""
        messages: list[Json] = self.whole["ws"][socket]["messages"]
        return [
            message
            for message in messages
            if "frame" in message and not message.get("sent_by_client") and message["t_ms"] <= self.until_ms
        ]

    def sockets(self) -> list[str]:
        return list(self.whole.get("ws", {}))

    def first_job(self) -> tuple[Json, list[str]]:
        """The first workflow that ran, and which of its nodes were in the cache by then."""
        posted = [step for step in self.steps() if isinstance(step, Exchange) and _posts_prompt(step)]
        if not posted or posted[0].response is None:
            return {}, []
        first = posted[0]
        assert first.response is not None
        prompt_id = first.response["body"]["prompt_id"]
        for event, data in self._messages():
            if event == "execution_cached" and data["prompt_id"] == prompt_id:
                return first.request["body"]["prompt"], data["nodes"]
        return {}, []

    def _messages(self) -> Iterator[tuple[str, Json]]:
        for socket in self.sockets():
            for frame in self.frames(socket):
                if frame["frame"] == "text":
                    yield frame["json"]["type"], frame["json"]["data"]
        for entry in self.history_entries():
            yield from entry["status"]["messages"]

    def history_entries(self) -> list[Json]:
        """Every history entry shown, by job number."""
        bodies = [entry.get("response", {}).get("body") for entry in self.whole["exchanges"]]
        shown = [value for body in bodies if isinstance(body, dict) for value in body.values()]
        entries = [value for value in shown if isinstance(value, dict) and "status" in value and "outputs" in value]
        return sorted(entries, key=lambda entry: entry["prompt"][0])

    def _exchanges(self) -> Iterator[Step]:
        for entry in self.whole["exchanges"]:
            if "event" in entry:
                yield Happened(entry["t_ms"], entry["event"])
            else:
                yield Exchange(entry["t_ms"], entry.get("note") or "", entry["request"], entry.get("response"))

    def _socket_steps(self) -> Iterator[Step]:
        for name in self.sockets():
            record = self.whole["ws"][name]
            yield SocketOpened(record["messages"][0]["t_ms"] - 0.001, name, record["connect"])
            for message in record["messages"]:
                if message.get("sent_by_client"):
                    yield SocketSaid(message["t_ms"], name, message.get("raw") or json.dumps(message["json"]))
                elif message.get("closed"):
                    yield SocketClosed(message["t_ms"], name, message["code"])


def _posts_prompt(step: Exchange) -> bool:
    if step.request["method"] != "POST" or step.request["path"] != "/prompt" or step.response is None:
        return False
    return step.response["status"] == 200


def recording(name: str, until_ms: float = math.inf) -> Recording:
    """A recording, up to a moment."""
    return Recording(name, json.loads((FOLDER / f"{name}.json").read_text()), until_ms)
