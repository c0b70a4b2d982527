"""Every execution since the process began, also those a simulated restart has forgotten."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass

from comfy_stub.queue import Item
from comfy_stub.wire import JsonObject, now_ms


@dataclass(slots=True)
class Line:
    prompt_id: str
    number: float
    client_id: str | None
    prefixes: list[str]
    started_ms: int
    ended_ms: int | None = None
    verdict: str = "running"
    nodes_run: int = 0


class Ledger:
    """Thread-safe; only for tests and measurements, so it is never shortened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[Line] = []

    def begin(self, item: Item) -> Line:
        prefixes = [
            str(node["inputs"]["filename_prefix"])
            for node in item.prompt.values()
            if "filename_prefix" in node.get("inputs", {})
        ]
        line = Line(item.prompt_id, item.number, item.extra_data.get("client_id"), prefixes, now_ms())
        with self._lock:
            self._lines.append(line)
        return line

    def end(self, line: Line, verdict: str, nodes_run: int) -> None:
        with self._lock:
            line.ended_ms, line.verdict, line.nodes_run = now_ms(), verdict, nodes_run

    def lines(self) -> list[JsonObject]:
        with self._lock:
            return [asdict(line) for line in self._lines]
