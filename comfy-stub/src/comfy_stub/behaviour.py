"""What a test can change while the server runs: speed, delays and faults."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, fields

from comfy_stub.downfall import Downfall, Moment
from comfy_stub.settings import Settings
from comfy_stub.wire import Json, JsonObject

OUT_OF_MEMORY = ("torch.OutOfMemoryError", "Allocation on device 0 would exceed allowed memory. (out of memory)")


class UnknownSetting(ValueError):
    """POST /stub/settings named something that cannot be set, or gave it a value of another type."""


class InjectedFailure(Exception):
    """The exception a test asked for: reported under the name of another exception type."""

    def __init__(self, exception_type: str, message: str) -> None:
        super().__init__(message)
        self.exception_type = exception_type


@dataclass(slots=True)
class PlannedFailures:
    """`count` coming jobs fail, in node `node_id` or else in the heaviest node that runs."""

    count: int
    exception_type: str = "RuntimeError"
    message: str = "a failure was asked for"
    node_id: str = ""


@dataclass(slots=True)
class NodeRejection:
    """Every node of `class_type` fails validation with this error."""

    class_type: str
    type: str = "custom_validation_failed"
    message: str = "Custom validation failed for node"
    details: str = "rejected on request"


@dataclass(slots=True)
class Behaviour:
    """Read by the HTTP thread and the worker; each attribute is replaced as a whole."""

    seconds_per_image: float = 0.5
    history_delay_seconds: float = 0.0
    stall_seconds: float = 0.0
    fail_every: int = 0
    fail_next: PlannedFailures = field(default_factory=lambda: PlannedFailures(0))
    missing_models: list[str] = field(default_factory=list[str])
    missing_classes: list[str] = field(default_factory=list[str])
    node_errors: list[NodeRejection] = field(default_factory=list[NodeRejection])
    lose_answers: int = 0
    refuse_answers: int = 0
    refuse_status: int = 503
    late_interrupts: bool = False
    previews: bool = True
    vram_total: int = 0
    memory_needed: int = 0
    memory_filled: bool = False
    free_takes_seconds: float = 0.0
    down_at: Downfall | None = None
    _jobs: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @staticmethod
    def from_settings(settings: Settings) -> Behaviour:
        return Behaviour(
            seconds_per_image=settings.seconds_per_image,
            history_delay_seconds=settings.history_delay_seconds,
            stall_seconds=settings.stall_seconds,
            fail_every=settings.fail_every,
        )

    def change(self, wanted: JsonObject) -> None:
        """Take over the given settings. Raises UnknownSetting and then changes nothing."""
        parsed = {name: _parsed(name, value) for name, value in wanted.items()}
        for name, value in parsed.items():
            setattr(self, name, value)

    def shown(self) -> JsonObject:
        shown: JsonObject = {}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name.startswith("_"):
                continue
            if isinstance(value, PlannedFailures | Downfall):
                value = _as_json(value)
            elif entry.name == "node_errors":
                value = [_as_json(rejection) for rejection in self.node_errors]
            shown[entry.name] = value
        return shown

    def next_failure(self) -> PlannedFailures | None:
        """Called once for every job that has something to draw."""
        with self._lock:
            self._jobs += 1
            if self.memory_filled or 0 < self.vram_total < self.memory_needed:
                return PlannedFailures(1, *OUT_OF_MEMORY)
            if self.fail_next.count > 0:
                self.fail_next.count -= 1
                return self.fail_next
            if self.fail_every > 0 and self._jobs % self.fail_every == 0:
                return PlannedFailures(1, message=f"every {self.fail_every}th job fails")
        return None

    def downfall(self, moment: Moment) -> Downfall | None:
        """The downfall planned for this moment, used up by asking."""
        with self._lock:
            planned = self.down_at
            if planned is None or planned.moment is not moment:
                return None
            self.down_at = None
            return planned

    def take(self, name: str) -> bool:
        """Use up one of a counted fault (`lose_answers`, `refuse_answers`)."""
        with self._lock:
            left: int = getattr(self, name)
            if left > 0:
                setattr(self, name, left - 1)
            return left > 0


def _as_json(value: PlannedFailures | NodeRejection | Downfall) -> JsonObject:
    return {entry.name: getattr(value, entry.name) for entry in fields(value)}


def _parsed(name: str, value: Json) -> Json:
    try:
        match name:
            case "seconds_per_image" | "history_delay_seconds" | "stall_seconds" | "free_takes_seconds":
                return float(value)
            case "fail_every" | "lose_answers" | "refuse_answers" | "refuse_status" | "vram_total" | "memory_needed":
                return int(value)
            case "late_interrupts" | "previews" | "memory_filled":
                return _truth(value)
            case "down_at":
                return None if value is None else Downfall(**value)
            case "missing_models" | "missing_classes":
                return [str(entry) for entry in value]
            case "node_errors":
                return [NodeRejection(**entry) for entry in value]
            case "fail_next":
                return _planned(value)
            case _:
                raise UnknownSetting(f"no such setting: {name}")
    except (TypeError, ValueError) as error:
        raise UnknownSetting(f"{name}: {error}") from error


def _truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is wanted")
    return value


def _planned(value: JsonObject) -> PlannedFailures:
    wanted = dict(value)
    if wanted.pop("kind", "") == "memory":
        exception_type, message = OUT_OF_MEMORY
        wanted = {"exception_type": exception_type, "message": message, **wanted}
    return PlannedFailures(count=int(wanted.pop("count", 1)), **wanted)
