"""Random histories: mostly sensible events, many that break a rule, on a few runs with small trees."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from carnival.contracts.candidate import CandidateRejected, CandidateRestored, ImagesDiscarded, RejectionReason
from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, GuestLinkId, JobId, RunId, VoteId
from carnival.contracts.job import CancelReason, FailureClass, FailureCode, StoredImage
from carnival.contracts.run import (
    Ceilings,
    Profile,
    RunChanged,
    RunCompleted,
    RunPaused,
    RunResumed,
    StepApproved,
    StepPaused,
    StepResumed,
    WinnerChosen,
    WinnerCleared,
)
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated, Outcome, VoteRetracted
from carnival.testing import examples

LINKS = (GuestLinkId("g1"), GuestLinkId("g2"))
GUESTS = {"guest:1": LINKS[0], "guest:2": LINKS[0], "guest:3": LINKS[1]}
VOTERS = ("ada", "bob", 'eve "\\ö,{}\t\n')


def history(seed: int, length: int, runs: int = 2) -> list[Event]:
    """`length` events; the same seed gives the same ones."""
    writer = _Writer(Random(seed), [RunId(f"r{number}") for number in range(runs)])
    return [writer.next() for _ in range(length)]


class _Writer:
    """Knows what it has written, not what is valid: the fold has to find that out."""

    def __init__(self, random: Random, runs: list[RunId]) -> None:
        self._random = random
        self._opening: list[Event] = [examples.pipeline_defined()]
        for number, run_id in enumerate(runs):
            profile = Profile.GATED if number % 2 else Profile.AUTONOMOUS
            self._opening.append(examples.run_started(run_id=run_id, folder=run_id, profile=profile))
        self._runs = runs
        self._jobs: list[tuple[RunId, int, int, CandidateId | None]] = []
        self._images: dict[RunId, list[tuple[CandidateId, int]]] = {run_id: [] for run_id in runs}
        self._votes: list[tuple[RunId, VoteId, str]] = []
        self._kinds: list[tuple[Callable[[RunId], Event], int]] = [
            (self._request, 20),
            (self._submit, 8),
            (self._produce, 18),
            (self._fail, 4),
            (self._fail_attempt, 2),
            (self._cancel, 3),
            (self._vote, 30),
            (self._guest_vote, 12),
            (self._merge, 4),
            (self._retract, 5),
            (self._reject, 6),
            (self._restore, 5),
            (self._discard, 1),
            (self._steer, 3),
        ]

    def next(self) -> Event:
        if self._opening:
            return self._opening.pop(0)
        make = self._random.choices([kind for kind, _ in self._kinds], [weight for _, weight in self._kinds])[0]
        return make(self._random.choice(self._runs))

    def _request(self, run_id: RunId) -> Event:
        number = len(self._jobs) + 1
        parent, step_order = None, 1
        if self._images[run_id] and self._random.random() < 0.7:
            parent, parents_step = self._random.choice(self._images[run_id])
            step_order = parents_step + 1
        self._jobs.append((run_id, number, step_order, parent))
        return examples.job_requested(
            number, parent, run_id=run_id, job_id=_job(number), step_order=step_order, seed=2**70 + number
        )

    def _submit(self, run_id: RunId) -> Event:
        job_run, number, _, _ = self._job(run_id)
        return examples.job_submitted(number, run_id=job_run, job_id=_job(number), attempt=self._random.randint(1, 2))

    def _produce(self, run_id: RunId) -> Event:
        job_run, number, step_order, parent = self._job(run_id)
        candidate_id = examples.candidate_of(_job(number))
        if (candidate_id, step_order) not in self._images[job_run]:
            self._images[job_run].append((candidate_id, step_order))
        return examples.image_produced(
            number,
            parent,
            run_id=job_run,
            job_id=_job(number),
            candidate_id=candidate_id,
            step_order=step_order,
            image=_image(number),
            gpu_seconds=self._random.random() * 10,
        )

    def _fail(self, run_id: RunId) -> Event:
        job_run, number, _, _ = self._job(run_id)
        return examples.job_failed(
            number,
            run_id=job_run,
            job_id=_job(number),
            failure_class=self._random.choice(list(FailureClass)),
            code=self._random.choice(list(FailureCode)),
            message=self._random.choice(["it broke", "a\x00b", 'quote " and \\ and \n and ✓']),
            gpu_seconds=self._random.random(),
        )

    def _fail_attempt(self, run_id: RunId) -> Event:
        job_run, number, _, _ = self._job(run_id)
        return examples.attempt_failed(
            number,
            run_id=job_run,
            job_id=_job(number),
            attempt=self._random.randint(1, 2),
            gpu_seconds=self._random.random(),
        )

    def _cancel(self, run_id: RunId) -> Event:
        job_run, number, _, _ = self._job(run_id)
        reason = self._random.choice(list(CancelReason))
        return examples.job_cancelled(number, run_id=job_run, job_id=_job(number), reason=reason)

    def _vote(self, run_id: RunId) -> Event:
        return self._vote_of(run_id, self._random.choice(VOTERS), None)

    def _guest_vote(self, run_id: RunId) -> Event:
        return self._vote_of(run_id, *self._random.choice(list(GUESTS.items())))

    def _merge(self, run_id: RunId) -> Event:
        kind = self._random.choice([GuestVotesMerged, GuestVotesMerged, GuestVotesSeparated])
        link = self._random.choice([None, *LINKS])
        return kind(run_id=run_id, guest_link=link, voter=None if link else self._random.choice([None, *GUESTS]))

    def _vote_of(self, run_id: RunId, voter: str, link: GuestLinkId | None) -> Event:
        step_order = self._random.choice([1, 1, 1, 2, 2, 3])
        column = [image for image, order in self._images[run_id] if order == step_order]
        if len(column) < 2:
            return self._request(run_id)
        vote_id = VoteId(f"v{len(self._votes)}")
        if self._votes and self._random.random() < 0.03:
            vote_id = self._random.choice(self._votes)[1]
        self._votes.append((run_id, vote_id, voter))
        return examples.vote_cast(
            self._random.choice(column),
            self._random.choice(column),
            self._random.choice(list(Outcome)),
            run_id=run_id,
            vote_id=vote_id,
            step_order=step_order,
            voter=voter,
            milliseconds=self._random.choice([None, 900]),
            guest_link=link,
        )

    def _retract(self, run_id: RunId) -> Event:
        if not self._votes:
            return self._request(run_id)
        vote_run, vote_id, voter = self._random.choice(self._votes)
        if self._random.random() < 0.1:
            voter = self._random.choice(VOTERS)
        return VoteRetracted(vote_id=vote_id, run_id=vote_run, voter=voter)

    def _reject(self, run_id: RunId) -> Event:
        reason = self._random.choice(list(RejectionReason))
        return CandidateRejected(run_id=run_id, candidate_id=self._candidate(run_id), reason=reason, note="no\thands")

    def _restore(self, run_id: RunId) -> Event:
        return CandidateRestored(run_id=run_id, candidate_id=self._candidate(run_id))

    def _discard(self, run_id: RunId) -> Event:
        return ImagesDiscarded(run_id=run_id, candidate_ids=(self._candidate(run_id), self._candidate(run_id)))

    def _steer(self, run_id: RunId) -> Event:
        order = self._random.randint(1, 4)
        choices: list[Event] = [
            RunChanged(run_id=run_id, n=self._random.randint(1, 5), ceilings=Ceilings(gpu_seconds=7.5)),
            RunPaused(run_id=run_id, reason="lunch"),
            RunResumed(run_id=run_id),
            StepApproved(run_id=run_id, step_order=order, k=2),
            StepPaused(run_id=run_id, step_order=order, reason="graph"),
            StepResumed(run_id=run_id, step_order=order),
            WinnerChosen(run_id=run_id, candidate_id=self._candidate(run_id)),
            WinnerCleared(run_id=run_id),
            examples.run_started(run_id=run_id),
        ]
        if self._random.random() < 0.02:
            return RunCompleted(run_id=run_id)
        return self._random.choice(choices)

    def _job(self, run_id: RunId) -> tuple[RunId, int, int, CandidateId | None]:
        recent = self._jobs[-12:]
        return self._random.choice(recent) if recent else (run_id, 999_999, 1, None)

    def _candidate(self, run_id: RunId) -> CandidateId:
        images = self._images[run_id]
        return self._random.choice(images)[0] if images else CandidateId("nobody")


def _job(number: int) -> JobId:
    return JobId(f"job-{number}")


def _image(number: int) -> StoredImage:
    """Some pictures look like earlier ones, some are of before pixels were looked at."""
    pixels = f"{number % 7:064x}" if number % 3 else None
    return StoredImage(
        place=f"f/{number}.png", sha256=f"{number:064x}", size_bytes=100, width=64, height=64, pixel_sha256=pixels
    )
