"""What happens in the demo, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from carnival.images.opening import open_image_store
from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.views.run import Run
from carnival_cli.commands.setup_example import set_up_example
from carnival_cli.commands.watch import run_as_it_changes
from carnival_cli.demo.judge import Judge
from carnival_cli.demo.verification import (
    problems_of_files,
    problems_of_finals,
    problems_of_parents,
    problems_of_rebuild,
)
from carnival_cli.example import Variant, example_run
from carnival_cli.projector_program import digest, projector_lines
from carnival_cli.up.state import UpState, image_settings

CHILD_LIMIT: Final = 2
QUIET_POLL_SECONDS: Final = 0.2
TALL_ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended. `problems` is empty when everything is as it must be."""

    run: Run
    variant: Variant
    votes: int
    killed: str | None
    files: int
    folder: str
    making_seconds: float
    checking_seconds: float
    problems: tuple[str, ...]


class Story:
    """One demo on a running Carnival. `show` is called with every new state of the run."""

    def __init__(self, api: CarnivalApi, state: UpState, show: Callable[[Run], None]) -> None:
        self._api = api
        self._state = state
        self._images = image_settings(state)
        self._show = show
        self._judge = Judge(api)

    async def tell(self, run_name: str, finals: int) -> Outcome:
        """Make `finals` finished images, steer meanwhile, check everything. Unbounded: give it a deadline."""
        began = time.monotonic()
        example = await set_up_example(self._api, self._state.comfyui_base_url)
        started = await self._api.runs.start(example_run(example.pipeline_id, CHILD_LIMIT, finals, run_name))
        await self._grow(started.id, finals)
        await self._api.runs.govern(started.id, "complete")
        run = await self._settled(started.id)
        made = time.monotonic()
        problems, files = await self._check(run, finals)
        return Outcome(
            run=run,
            variant=example.variant,
            votes=self._judge.votes,
            killed=self._judge.killed.candidate_id if self._judge.killed else None,
            files=files,
            folder=f"{self._images.image_address.rstrip('/')}/{run.folder or ''}",
            making_seconds=made - began,
            checking_seconds=time.monotonic() - made,
            problems=tuple(problems),
        )

    async def _grow(self, run_id: str, finals: int) -> None:
        """Until the finals are there and the judge has done its kill, if there is anything to kill."""
        async with aclosing(run_as_it_changes(self._api, run_id)) as changes:
            async for run in changes:
                self._show(run)
                await self._judge.look(run)
                if run.finals < finals:
                    continue
                if self._judge.killed or len(run.steps) < TALL_ENOUGH:
                    if (await self._api.runs.one(run_id)).finals >= finals:
                        return
                else:
                    await self._judge.kill(run)

    async def _settled(self, run_id: str) -> Run:
        """The run once nothing of it is under way and the read model shows the whole log."""
        while True:
            run, status = await self._api.runs.one(run_id), await self._api.monitoring.status()
            self._show(run)
            if run.open_jobs == 0 and status.lag == 0:
                return run
            await asyncio.sleep(QUIET_POLL_SECONDS)

    async def _check(self, run: Run, finals: int) -> tuple[list[str], int]:
        """The problems, and the number of image files that were looked at."""
        candidates = await self._api.candidates.of_run(run.run_id)
        status = await self._api.monitoring.status()
        problems = problems_of_finals(candidates, finals)
        problems += problems_of_parents(await self._api.runs.tree(run.run_id))
        problems += await problems_of_files(candidates, open_image_store(self._images))
        if status.parked_events:
            problems.append(f"{status.parked_events} events could not be read")
        if self._judge.killed is None:
            problems.append("the demo's kill did not happen")
        live = await digest(self._state)
        problems += problems_of_rebuild(live, await self._rebuilt())
        return problems, len(candidates)

    async def _rebuilt(self) -> dict[str, Any]:
        async with aclosing(projector_lines(self._state, "rebuild")) as lines:
            async for _ in lines:
                pass
        return await digest(self._state)
