"""A new run from a moment of another one."""

from __future__ import annotations

from carnival.contracts import subjects
from carnival.contracts.candidate import ImagesDiscarded
from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, PipelineId, Position, RunId, derived_id
from carnival.contracts.past import CANDIDATES_MAX, VOTES_MAX, CandidateFacts, RunAtAsked, VoteFacts
from carnival.log.port import Expectation
from curation_api.application.batch_ledger import BatchLedger, BatchReceipt, Proposals
from curation_api.application.books import Books
from curation_api.application.known import known, pipeline_named
from curation_api.application.ports import Clock, Past, Pipelines, Runs
from curation_api.application.replay.look_back import LookBackHandler, Moment
from curation_api.application.views.run import RunRow
from curation_api.domain.fork import ForkRun, Source, fork_run
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import PipelineUnknown, ProjectionBehind, RunUnknown
from curation_api.domain.verdict import refusal_for

START = "run"


class ForkRunHandler:
    """The whole of the new run's beginning is one batch of the log: all of it or nothing."""

    def __init__(
        self, books: Books, look_back: LookBackHandler, past: Past, pipelines: Pipelines, runs: Runs, clock: Clock
    ) -> None:
        self._books = books
        self._ledger = BatchLedger(books)
        self._look_back = look_back
        self._past = past
        self._pipelines = pipelines
        self._runs = runs
        self._clock = clock

    def run_id_of(self, origin: Origin) -> RunId:
        """The run that the command makes."""
        return RunId(derived_id("run", origin.event_id))

    async def __call__(self, run_id: RunId, moment: Moment, command: ForkRun, origin: Origin) -> BatchReceipt:
        """Raises RunUnknown, the refusals of `LookBackHandler.run` and of `fork_run`, and what `BatchLedger.once`
        raises."""
        receipt = await self._ledger.once(origin, [START], lambda: self._decide(run_id, moment, command, origin))
        if receipt.items[0].void is not None:
            raise refusal_for(receipt.items[0].void, receipt.position)
        return receipt

    async def _decide(self, run_id: RunId, moment: Moment, command: ForkRun, origin: Origin) -> Proposals[Event]:
        expected = await self._discards_seen(run_id)
        row = known(await self._runs.row(run_id), RunUnknown, f"run {run_id}")
        defined = await self._pipelines.defined(PipelineId(row.pipeline_id), row.pipeline_version)
        pipeline = known(defined, PipelineUnknown, pipeline_named(row.pipeline_id, row.pipeline_version))
        source = await self._source(row, await self._look_back.position_of(moment))
        return Proposals(fork_run(command, source, pipeline, self.run_id_of(origin), self._clock()), expected)

    async def _discards_seen(self, run_id: RunId) -> Expectation:
        """No file that the new run will show may be given up between the look and the start."""
        discards = subjects.one_of_run(run_id, ImagesDiscarded)
        newest = await self._books.log.last_of(discards)
        position = newest.position if newest else Position(0)
        if not await self._books.projected(position):
            raise ProjectionBehind(f"The read model does not show position {position} yet", position=position)
        return Expectation(discards, position)

    async def _source(self, row: RunRow, position: Position) -> Source:
        asked = RunAtAsked(run_id=RunId(row.run_id), position=position)
        candidates, votes = list[CandidateFacts](), list[VoteFacts]()
        then, more = await self._past.run_at(asked), Position(0)
        while more is not None:
            page = await self._past.run_at(asked.model_copy(update={"candidates_max": CANDIDATES_MAX, "after": more}))
            candidates += page.candidates
            more = page.next
        more = Position(0)
        while more is not None:
            page = await self._past.run_at(asked.model_copy(update={"votes_max": VOTES_MAX, "after": more}))
            votes += page.votes
            more = page.next
        gone = await self._runs.discarded(RunId(row.run_id))
        return Source(
            then=then,
            prompt=row.prompt,
            variables=row.variables,
            candidates=candidates,
            votes=votes,
            gone=frozenset(map(CandidateId, gone)),
        )
