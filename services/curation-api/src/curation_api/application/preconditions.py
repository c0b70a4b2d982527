"""Commands that hold only for what their sender has seen (RFC 9110, If-Match); nothing comes between check and write.

The version of a run is the position of its newest event, that of a pipeline its number. An image has no events of its
own, so its version is a digest of all that is to be seen of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from carnival.contracts import subjects
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import CandidateId, PipelineId, RunId
from carnival.contracts.pipeline import PipelineDefined
from carnival.log.port import EventLog, Expectation
from curation_api.application.ports import Projection, ShownCandidates
from curation_api.application.views.candidate import CandidateView
from curation_api.application.views.pipeline import PipelineView
from curation_api.application.views.run import RunView
from curation_api.domain.refusals import ProjectionBehind
from curation_api.domain.seen import Seen, Thing, check_seen

DIGEST_BYTES: Final = 12
_OF_AN_IMAGE: Final = set(CandidateView.model_fields)


def version_of(view: RunView | PipelineView | CandidateView) -> str:
    """The version that a view shows."""
    match view:
        case RunView():
            return f"r{view.last_position}"
        case PipelineView():
            return f"v{view.version}"
        case CandidateView():
            text = view.model_dump_json(include=_OF_AN_IMAGE)
            return "c" + blake2b(text.encode(), digest_size=DIGEST_BYTES).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preconditions:
    log: EventLog
    projection: Projection
    candidates: ShownCandidates
    wait_seconds: float

    async def check(self, seen: Seen) -> Expectation | None:
        """What an append has to expect so that `seen` still holds then; None for a thing that does not exist.

        Raises ChangedSince, ProjectionBehind and LogUnavailable.
        """
        match seen.thing:
            case Thing.RUN:
                return await self._run(seen)
            case Thing.PIPELINE:
                return await self._pipeline(seen)
            case Thing.CANDIDATE:
                return await self._candidate(seen)

    async def _run(self, seen: Seen) -> Expectation | None:
        everything = subjects.all_of_run(RunId(seen.identity))
        newest = await self.log.last_of(everything)
        if newest is None:
            return None
        check_seen(seen, f"r{newest.position}")
        return Expectation(everything, newest.position)

    async def _pipeline(self, seen: Seen) -> Expectation | None:
        everything = subjects.all_of_pipeline(PipelineId(seen.identity))
        newest = await self.log.last_of(everything)
        if not isinstance(newest, Recorded) or not isinstance(newest.event, PipelineDefined):
            return None
        check_seen(seen, f"v{newest.event.version}")
        return Expectation(everything, newest.position)

    async def _candidate(self, seen: Seen) -> Expectation | None:
        candidate_id = CandidateId(seen.identity)
        state = await self.candidates.state(candidate_id)
        if state is None:
            return None
        everything = subjects.all_of_run(state.run_id)
        newest = await self.log.last_of(everything)
        if newest is None or not await self.projection.reached(newest.position, self.wait_seconds):
            raise ProjectionBehind("What was seen cannot be compared yet", position=self.projection.position)
        view = await self.candidates.view(candidate_id)
        if view is not None:
            check_seen(seen, version_of(view))
        return Expectation(everything, newest.position)
