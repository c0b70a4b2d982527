"""Everything one running job tells its client, and what its history entry keeps of that."""

from __future__ import annotations

from dataclasses import dataclass, field

from comfy_stub.frames import ImageFormat, PreviewFrame, TextFrame
from comfy_stub.sockets import Voice
from comfy_stub.wire import Json, JsonObject, now_ms


@dataclass(slots=True)
class Report:
    """Frames go to the client of the job. Without one, progress and interruptions reach everybody, the rest nobody."""

    voice: Voice
    prompt_id: str
    client_id: str | None
    messages: list[list[Json]] = field(default_factory=list[list[Json]])
    _states: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])

    def message(self, event: str, data: JsonObject, *, to_everybody: bool = False) -> None:
        """A milestone: goes into the history as well."""
        stamped = {**data, "timestamp": now_ms()}
        self.messages.append([event, stamped])
        self._send(event, stamped, to_everybody=to_everybody)

    def started(self, node_id: str) -> None:
        self._state(node_id, 0.0, 1.0, "running")
        self._send("executing", {"node": node_id, "display_node": node_id, "prompt_id": self.prompt_id})

    def ticked(self, node_id: str, value: int, total: int, preview: tuple[bytes, ImageFormat] | None) -> None:
        self._state(node_id, value, total, "running")
        if preview is not None and self.client_id is not None:
            self.voice.post(PreviewFrame(*preview, metadata=self._described(node_id)), self.client_id)
        tick = {"value": value, "max": total, "prompt_id": self.prompt_id, "node": node_id}
        self._send("progress", tick, to_everybody=True)
        if preview is not None:
            self.voice.post(PreviewFrame(*preview, metadata=None), self.client_id)

    def gave_output(self, node_id: str, output: JsonObject | None) -> None:
        data = {"node": node_id, "display_node": node_id, "output": output, "prompt_id": self.prompt_id}
        self._send("executed", data)

    def finished(self, node_id: str) -> None:
        known = self._states.get(node_id)
        total = 1 if known is None else known["max"]
        self._state(node_id, total, total, "finished")

    def ended(self) -> None:
        """The end marker; carries no verdict."""
        self._send("executing", {"node": None, "prompt_id": self.prompt_id})

    def _state(self, node_id: str, value: float, total: float, state: str) -> None:
        self._states[node_id] = {"value": value, "max": total, "state": state, **self._described(node_id)}
        nodes = dict(self._states)
        self._send("progress_state", {"prompt_id": self.prompt_id, "nodes": nodes}, to_everybody=True)

    def _described(self, node_id: str) -> JsonObject:
        return {
            "node_id": node_id,
            "prompt_id": self.prompt_id,
            "display_node_id": node_id,
            "parent_node_id": None,
            "real_node_id": node_id,
        }

    def _send(self, event: str, data: JsonObject, *, to_everybody: bool = False) -> None:
        if self.client_id is not None or to_everybody:
            self.voice.post(TextFrame(event, data), self.client_id)
