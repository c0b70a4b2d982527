"""Which node runs next: those that everything else waits for, and of several the one closest to an output."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from comfy_stub.links import links_of
from comfy_stub.wire import JsonObject


class RunOrder:
    """The nodes that still have to run for the wanted outputs. Cached nodes upstream do not count."""

    def __init__(
        self,
        prompt: JsonObject,
        outputs: Iterable[str],
        is_cached: Callable[[str], bool],
        is_output: Callable[[str], bool],
    ) -> None:
        self._prompt = prompt
        self._is_output = is_output
        self._waits_for: dict[str, set[str]] = {}
        self._blocks: dict[str, list[str]] = {}
        for output in outputs:
            self._add(output, is_cached)

    def left(self) -> list[str]:
        return list(self._waits_for)

    def next(self) -> str | None:
        """The node to run now; None when all are done."""
        ready = [node_id for node_id, waits in self._waits_for.items() if not waits]
        for distance in range(3):
            for node_id in ready:
                if self._reaches_output(node_id, distance):
                    return node_id
        return ready[0] if ready else None

    def done(self, node_id: str) -> None:
        del self._waits_for[node_id]
        for blocked in self._blocks.get(node_id, ()):
            if blocked in self._waits_for:
                self._waits_for[blocked].discard(node_id)

    def _add(self, output: str, is_cached: Callable[[str], bool]) -> None:
        found = [output]
        while found:
            node_id = found.pop()
            if node_id in self._waits_for:
                continue
            waits = self._waits_for.setdefault(node_id, set())
            if is_cached(node_id):
                continue
            for _, upstream, _ in links_of(self._prompt[node_id]):
                if is_cached(upstream):
                    continue
                waits.add(upstream)
                self._blocks.setdefault(upstream, []).append(node_id)
                found.append(upstream)

    def _reaches_output(self, node_id: str, distance: int) -> bool:
        if distance == 0:
            return self._is_output(node_id)
        return any(self._reaches_output(blocked, distance - 1) for blocked in self._blocks.get(node_id, ()))
