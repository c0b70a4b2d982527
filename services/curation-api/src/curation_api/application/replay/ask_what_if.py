"""What would have been other with other settings."""

from __future__ import annotations

from carnival.contracts.ids import Position, RunId
from carnival.contracts.past import Altered
from carnival.contracts.what_if import WhatIf, WhatIfAsked
from carnival.log.port import EventLog
from curation_api.application.known import known
from curation_api.application.ports import Hindsight, Runs
from curation_api.application.replay.look_back import LookBackHandler, Moment
from curation_api.domain.rating import checked_choice
from curation_api.domain.refusals import RunUnknown


class AskWhatIfHandler:
    def __init__(self, log: EventLog, look_back: LookBackHandler, runs: Runs, hindsight: Hindsight) -> None:
        self._log = log
        self._look_back = look_back
        self._runs = runs
        self._hindsight = hindsight

    async def __call__(self, run_id: RunId, altered: Altered, position: Position | None) -> WhatIf:
        """The history up to `position`, None is the log's end.

        Raises RunUnknown, BadRatingSystem, and as `LookBackHandler.position_of` and `Hindsight`.
        """
        known(await self._runs.row(run_id), RunUnknown, f"run {run_id}")
        if altered.rating is not None:
            checked_choice(altered.rating.system, altered.rating.settings)
        end = await self._log.end() if position is None else position
        at = await self._look_back.position_of(Moment(position=end))
        return await self._hindsight.what_if(WhatIfAsked(run_id=run_id, position=at, altered=altered))
