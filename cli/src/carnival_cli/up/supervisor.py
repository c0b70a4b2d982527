"""Starts all parts in order, keeps them running, ends them in order."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Final

from carnival_cli.up.logs import rotate
from carnival_cli.up.part import Stage
from carnival_cli.up.plan import NATS, POSTGRES, STUB, Plan
from carnival_cli.up.process import PartState, SupervisedProcess
from carnival_cli.up.stale import start_time
from carnival_cli.up.state import ProcessState, UpState, forget_state, write_state

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 12.0
ROTATE_SECONDS: Final = 5.0
STOPPED_LAST: Final = (STUB, POSTGRES, NATS)


class Supervisor:
    """Runs a plan. `report` gets a sentence for everything a person wants to see."""

    def __init__(self, plan: Plan, report: Callable[[str], None], *, stop_seconds: float = STOP_SECONDS) -> None:
        self.plan = plan
        self._report = report
        self._stop_seconds = stop_seconds
        self._known: dict[str, int | None] = {}
        self.processes: dict[str, SupervisedProcess] = {
            part.name: SupervisedProcess(part, plan.layout.log_of(part.name), self._changed) for part in plan.parts
        }
        self._housekeeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when all are ready. Raises PartFailed, ServerMissing; then `stop` is still to be called."""
        self._housekeeping = asyncio.create_task(self._keep_logs_short())
        for stage in Stage:
            together = [process for process in self.processes.values() if process.part.stage is stage]
            for process in together:
                process.start()
            async with asyncio.timeout(READY_SECONDS * 2):
                await asyncio.gather(*(self._become_ready(process) for process in together))

    async def stop(self) -> None:
        """The services first, together; then the servers they need, one after the other; each gets `stop_seconds`."""
        services = [process for name, process in self.processes.items() if name not in STOPPED_LAST]
        await self._stop_together(services)
        for name in STOPPED_LAST:
            if name in self.processes:
                await self._stop_together([self.processes[name]])
        if self._housekeeping is not None:
            self._housekeeping.cancel()
            await asyncio.gather(self._housekeeping, return_exceptions=True)
        forget_state(self.plan.layout)

    def kill(self) -> None:
        """End everything at once, without asking."""
        for process in self.processes.values():
            process.kill()

    def state(self) -> UpState:
        plan = self.plan
        return UpState(
            pid=os.getpid(),
            data=plan.layout.data,
            api_url=plan.api_url,
            elsewhere_url=plan.elsewhere_url,
            api_certificate=plan.api_certificate,
            nats_url=plan.nats_url,
            nats_monitor_url=plan.monitor_url,
            database_url=plan.database_url,
            comfyui_base_url=plan.comfyui_base_url,
            image_root=plan.image_root,
            uses_stub=plan.uses_stub,
            metrics_urls=dict(plan.metrics_urls),
            processes={name: _state_of(process) for name, process in self.processes.items()},
        )

    async def _become_ready(self, process: SupervisedProcess) -> None:
        await process.wait_until_ready(READY_SECONDS)
        self._report(f"{process.part.name} is ready")

    async def _stop_together(self, processes: Sequence[SupervisedProcess]) -> None:
        await asyncio.gather(*(process.stop(self._stop_seconds) for process in processes))

    async def _keep_logs_short(self) -> None:
        while True:
            await asyncio.sleep(ROTATE_SECONDS)
            for process in self.processes.values():
                try:
                    await asyncio.to_thread(rotate, process.log)
                except OSError as error:
                    self._report(f"{process.log} cannot be shortened: {error}")

    def _changed(self) -> None:
        for name, process in self.processes.items():
            before = self._known.get(name)
            if before is not None and process.pid is None and process.state is PartState.PAUSING:
                self._report(f"{name} ended and is started again, see {process.log}")
            self._known[name] = process.pid
        try:
            write_state(self.plan.layout, self.state())
        except OSError as error:
            self._report(f"{self.plan.layout.state} cannot be written: {error}")


def _state_of(process: SupervisedProcess) -> ProcessState:
    return ProcessState(
        pid=process.pid,
        started=start_time(process.pid),
        port=process.part.port,
        state=process.state,
        restarts=process.restarts,
        log=process.log,
    )
