"""One prompt from `execution_start` to its verdict."""

from __future__ import annotations

import io
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from comfy_stub.behaviour import Behaviour, InjectedFailure, PlannedFailures
from comfy_stub.cache import CachedResult, ResultCache, signatures
from comfy_stub.downfall import Moment, Reached
from comfy_stub.files import Files
from comfy_stub.frames import ImageFormat
from comfy_stub.mapping import Values, gathered, run_over, shown
from comfy_stub.nodes.definition import NodeClass, Surroundings
from comfy_stub.ordering import RunOrder
from comfy_stub.pace import Abandoned, Pace
from comfy_stub.queue import Item
from comfy_stub.reporting import Report
from comfy_stub.wire import Json, JsonObject

PREVIEW_QUALITY = 75


class Interrupted(Exception):
    """Somebody posted /interrupt; looked at before each node and at progress ticks only."""


class NodeFailed(Exception):
    """A node raised; `values` are the inputs it had."""

    def __init__(self, error: Exception, values: Values) -> None:
        super().__init__(str(error))
        self.error = error
        self.values = values


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an execution needs of the server around it."""

    classes: Mapping[str, NodeClass]
    surroundings: Surroundings
    cache: ResultCache
    interrupted: threading.Event
    stopping: threading.Event
    write_metadata: bool
    behaviour: Behaviour
    reached: Reached


class RunningNode:
    """The node at work, as its own code sees it."""

    def __init__(self, execution: Execution, node_id: str) -> None:
        self._execution = execution
        self.node_id = node_id
        self.prompt: JsonObject = execution.item.prompt
        self.extra_data: JsonObject = execution.item.extra_data
        self.files: Files = execution.conditions.surroundings.files
        self.write_metadata = execution.conditions.write_metadata

    def progress(self, value: int, total: int, preview: Image.Image | None = None, *, as_png: bool = False) -> None:
        """Report a tick, in its turn. Raises Interrupted or Abandoned."""
        shown = preview if as_png or self._execution.conditions.behaviour.previews else None
        self._execution.tick(self.node_id, value, total, _encoded(shown, as_png=as_png))


class Execution:
    """Runs in the worker thread. `current_node` is read by other threads for clients that reconnect."""

    def __init__(self, item: Item, conditions: Conditions, report: Report) -> None:
        self.item = item
        self.conditions = conditions
        self.current_node: str | None = None
        self.ran: list[str] = []
        self._report = report
        self._outputs: JsonObject = {}
        self._meta: JsonObject = {}
        self._results: dict[str, tuple[list[Json], ...]] = {}
        self._signatures = signatures(item.prompt, conditions.classes, conditions.surroundings)
        self._pace = Pace(0, 0, conditions.stopping)
        self._doomed: tuple[str, PlannedFailures] | None = None

    def start(self) -> float:
        """Announce the job; returns the weight of what has to run, 0 when all of it is cached."""
        prompt_id = self.item.prompt_id
        self._report.message("execution_start", {"prompt_id": prompt_id})
        self.conditions.reached(Moment.STARTED)
        self.conditions.cache.keep_only(self._signatures)
        cached = [node_id for node_id in self.item.prompt if self._cached(node_id) is not None]
        for node_id in cached:
            found = self._cached(node_id)
            if found is not None:
                self._results[node_id] = found.values
        self._order = RunOrder(
            self.item.prompt, self.item.outputs, lambda node_id: self._cached(node_id) is not None, self._is_output
        )
        self._report.message("execution_cached", {"nodes": cached, "prompt_id": prompt_id})
        self._weights = {n: self._class(n).weight for n in self._order.left() if self._cached(n) is None}
        return sum(self._weights.values())

    def run(self, seconds: float, failure: PlannedFailures | None) -> str:
        """Run what is left, stretched to `seconds`; returns how it ended. Raises Abandoned."""
        self._pace = Pace(seconds, sum(self._weights.values()), self.conditions.stopping)
        self._doomed = self._doom(failure)
        while (node_id := self._order.next()) is not None:
            found = self._cached(node_id)
            try:
                if found is None:
                    self._run_node(node_id)
                else:
                    self._reuse(node_id, found)
            except Interrupted:
                self._stop(node_id)
                return "interrupted"
            except NodeFailed as failed:
                self._fail(node_id, failed)
                return "error"
            self._order.done(node_id)
        self._report.message("execution_success", {"prompt_id": self.item.prompt_id})
        self.conditions.reached(Moment.SUCCEEDED)
        return "success"

    def entry(self, verdict: str) -> JsonObject:
        """What the history keeps beside the queue item."""
        completed = verdict == "success"
        status = {
            "status_str": "success" if completed else "error",
            "completed": completed,
            "messages": self._report.messages,
        }
        return {"outputs": self._outputs, "status": status, "meta": self._meta}

    def tick(self, node_id: str, value: int, total: int, preview: tuple[bytes, ImageFormat] | None) -> None:
        self._pace.wait_until(self._weights.get(node_id, 0), value / total if total else 1.0)
        if self.conditions.interrupted.is_set():
            raise Interrupted
        self._report.ticked(node_id, value, total, preview)

    def _run_node(self, node_id: str) -> None:
        self.current_node = node_id
        self._report.started(node_id)
        if self.conditions.interrupted.is_set():
            raise Interrupted
        node_class = self._class(node_id)
        values = gathered(self.item.prompt[node_id], node_class, self._results)
        try:
            self._meet_doom(node_id)
            if node_id == self._heaviest():
                self._pass_middle(node_id)
            outputs, ui = run_over(node_class, RunningNode(self, node_id), values)
            if node_class.output_node:
                self.conditions.reached(Moment.SAVED)
        except (Interrupted, Abandoned):
            raise
        except Exception as error:
            raise NodeFailed(error, values) from error
        self._pace.finished(self._weights.get(node_id, 0))
        self.ran.append(node_id)
        self._keep(node_id, outputs, ui)

    def _keep(self, node_id: str, outputs: tuple[list[Json], ...], ui: JsonObject | None) -> None:
        meta = {"node_id": node_id, "display_node": node_id, "parent_node": None, "real_node_id": node_id}
        self._results[node_id] = outputs
        if ui is not None:
            self._outputs[node_id] = ui
            self._meta[node_id] = meta
            self._report.gave_output(node_id, ui)
        self._report.finished(node_id)
        self.conditions.cache.put(self._signatures[node_id], CachedResult(outputs, ui, meta))

    def _reuse(self, node_id: str, found: CachedResult) -> None:
        """A result found in the cache reaches the outputs only when the job has a client."""
        self._results[node_id] = found.values
        if self._report.client_id is not None:
            self._report.gave_output(node_id, found.ui)
            if found.ui is not None:
                self._outputs[node_id] = found.ui
                self._meta[node_id] = found.meta
        self._report.finished(node_id)

    def _stop(self, node_id: str) -> None:
        data = {
            "prompt_id": self.item.prompt_id,
            "node_id": node_id,
            "node_type": self._class(node_id).name,
            "executed": list(self.ran),
        }
        self._report.message("execution_interrupted", data, to_everybody=True)

    def _fail(self, node_id: str, failed: NodeFailed) -> None:
        data = {
            "prompt_id": self.item.prompt_id,
            "node_id": node_id,
            "node_type": self._class(node_id).name,
            "executed": list(self.ran),
            "exception_message": f"{failed.error}\n",
            "exception_type": type_name(failed.error),
            "traceback": traceback.format_tb(failed.error.__traceback__),
            "current_inputs": shown(failed.values),
            "current_outputs": list(self.item.prompt),
        }
        self._report.message("execution_error", data)

    def _doom(self, failure: PlannedFailures | None) -> tuple[str, PlannedFailures] | None:
        if failure is None or not self._weights:
            return None
        return failure.node_id if failure.node_id in self._weights else self._heaviest(), failure

    def _heaviest(self) -> str:
        inner = [node_id for node_id in self._weights if not self._is_output(node_id)] or list(self._weights)
        return max(inner, key=lambda node_id: self._weights[node_id])

    def _pass_middle(self, node_id: str) -> None:
        planned = self.conditions.behaviour.down_at
        if planned is not None and planned.moment is Moment.MIDDLE:
            self._pace.wait_until(self._weights[node_id], 0.5)
        self.conditions.reached(Moment.MIDDLE)

    def _meet_doom(self, node_id: str) -> None:
        if self._doomed is not None and self._doomed[0] == node_id:
            self._pace.wait_until(self._weights[node_id], 1.0)
            raise InjectedFailure(self._doomed[1].exception_type, self._doomed[1].message)

    def _cached(self, node_id: str) -> CachedResult | None:
        return self.conditions.cache.get(self._signatures[node_id])

    def _class(self, node_id: str) -> NodeClass:
        return self.conditions.classes[self.item.prompt[node_id]["class_type"]]

    def _is_output(self, node_id: str) -> bool:
        return self._class(node_id).output_node


def type_name(error: Exception) -> str:
    """`re.error`, `PIL.UnidentifiedImageError`, but `RuntimeError` without a module; the base name of our own ones."""
    if isinstance(error, InjectedFailure):
        return error.exception_type
    kind = type(error)
    if kind.__module__.startswith("comfy_stub"):
        kind = kind.__mro__[1]
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _encoded(preview: Image.Image | None, *, as_png: bool) -> tuple[bytes, ImageFormat] | None:
    if preview is None:
        return None
    buffer = io.BytesIO()
    if as_png:
        preview.save(buffer, "PNG", compress_level=1)
        return buffer.getvalue(), "PNG"
    preview.save(buffer, "JPEG", quality=PREVIEW_QUALITY)
    return buffer.getvalue(), "JPEG"
