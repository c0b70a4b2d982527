"""Why a command is not carried out: one class a situation, put into words for people here, into HTTP at one edge.

`kind` is the stable name of the situation and ends the problem's URI; `title` is the same for every occurrence, the
message is about this one. `advice` says what to do about it; a family's holds for its kinds that say nothing better.
`facts` are further members a client may use.
"""

from __future__ import annotations

from typing import ClassVar

Fact = str | int | float | bool | None | list[str]


class Refusal(Exception):
    """Base of all refusals."""

    kind: ClassVar[str] = "refused"
    title: ClassVar[str] = "The command was refused"
    advice: ClassVar[str] = "The detail says what was in the way."

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class Missing(Refusal):
    """Something the command names does not exist."""

    kind = "not-found"
    title = "There is nothing of this name"
    advice = (
        "Check the id. To find what was written a moment ago, set `at-least` to the position that "
        "the write returned. Send a command again with a new Idempotency-Key."
    )


class Conflict(Refusal):
    """The command makes sense, but not in the state things are in."""

    kind = "conflict"
    title = "The present state does not allow this"
    advice = (
        "Read the current state again and decide anew, with a new Idempotency-Key: the old one stands for this answer."
    )


class Invalid(Refusal):
    """The request makes no sense as it is, though it has the form it should have."""

    kind = "invalid"
    title = "The request makes no sense"
    advice = "Correct what the detail names and send it again, with a new Idempotency-Key."


class Forbidden(Refusal):
    """Somebody else may do this."""

    kind = "forbidden"
    title = "This is not yours to do"
    advice = "Send it as the person it belongs to."


class Outdated(Refusal):
    """The command is meant for another state than that of now."""

    kind = "outdated"
    title = "Things are not as the command expects"
    advice = "Read the current state again and decide anew."


class ChangedSince(Outdated):
    """If-Match names no version of now."""

    kind = "changed-since"
    title = "It has changed since you saw it"
    advice = "Read it again and decide anew, with the ETag of the new answer and a new Idempotency-Key."


class TooLarge(Refusal):
    """More bytes than the log takes as one event, or than a request may carry."""

    kind = "too-large"
    title = "Too large"
    advice = "Send less at once: smaller templates, fewer or shorter variables."


class TryLater(Refusal):
    """Nothing is wrong with the command; something it needs does not answer now."""

    kind = "try-later"
    title = "Not possible right now"
    advice = "Send the same request again after the pause in Retry-After, with the same Idempotency-Key."


class Unsupported(Refusal):
    """This installation lacks what the request needs."""

    kind = "unsupported"
    title = "Not possible with what is installed"
    advice = "Whoever runs the hub can install what the detail names."


class PipelineUnknown(Missing):
    kind = "pipeline-unknown"
    title = "No such pipeline"


class RunUnknown(Missing):
    kind = "run-unknown"
    title = "No such run"


class MatrixUnknown(Missing):
    kind = "matrix-unknown"
    title = "No such matrix of runs"


class StepUnknown(Missing):
    kind = "step-unknown"
    title = "No such step"


class CandidateUnknown(Missing):
    kind = "candidate-unknown"
    title = "No such candidate"


class JobUnknown(Missing):
    kind = "job-unknown"
    title = "No such job"


class PreviewAbsent(Missing):
    kind = "preview-absent"
    title = "There is no preview now"
    advice = "Previews exist while a sampler is running on a server that draws them, and for half a minute after."


class VoteUnknown(Missing):
    kind = "vote-unknown"
    title = "No such vote"


class EventUnknown(Missing):
    kind = "event-unknown"
    title = "The log has no such position"


class WalkUnknown(Missing):
    kind = "kill-walk-unknown"
    title = "No such kill-left walk"


class Gone(Refusal):
    """It was there and will not come back."""

    kind = "gone"
    title = "This is gone for good"
    advice = "Do not ask for it again."


class Unsatisfiable(Refusal):
    """A part is asked for that does not exist."""

    kind = "unsatisfiable"
    title = "There is no such part"
    advice = "Ask for a part that exists, or for the whole."


class BadText(Invalid):
    kind = "bad-text"
    title = "A text is empty, too long, or holds characters that cannot be kept"
    advice = "NUL characters and halves of surrogate pairs cannot be kept; the detail names the text."


class ExpiryPast(Invalid):
    kind = "expiry-past"
    title = "It would have expired already"
    advice = "Name a later time."


class BadFolder(Invalid):
    """PAY-5: all folders lie below one root."""

    kind = "bad-folder"
    title = "The folder does not lie below the image root"
    advice = "Name a folder by a relative path without `..`, or leave it out: a dated one is made."


class NothingToChange(Invalid):
    kind = "nothing-to-change"
    title = "The command names nothing to change"


class RunEnded(Conflict):
    """RUN-5: completed runs stay viewable, and as they are."""

    kind = "run-completed"
    title = "The run is completed"
    advice = "A completed run stays as it is. Start a new run for more images."


class SameCandidate(Invalid):
    """VOTE-3."""

    kind = "same-candidate"
    title = "An image cannot be compared with itself"


class SamePicture(Conflict):
    """VOTE-8."""

    kind = "same-picture"
    title = "Both images show the very same picture"
    advice = "Ask for the next pair; `same_as` of an image names the one it repeats."


class OtherColumn(Invalid):
    """VOTE-4."""

    kind = "other-column"
    title = "The two images do not belong to one run and step"
    advice = "Compare images of one column only, as `next-pair` does."


class CandidateNotLive(Conflict):
    """VOTE-5."""

    kind = "candidate-not-live"
    title = "The image is rejected or lies below a rejected one"
    advice = "Ask for the next pair, or restore the image first."


class AlreadyRejected(Conflict):
    """KILL-1: a walk starts with a kill."""

    kind = "already-rejected"
    title = "The image is rejected already"


class VoteDuplicate(Conflict):
    """VOTE-2."""

    kind = "vote-duplicate"
    title = "This pair has been voted on"
    advice = "Ask for the next pair, or take the earlier vote back first."


class OtherVoter(Forbidden):
    """VOTE-7: one's own votes only."""

    kind = "other-voter"
    title = "The vote belongs to somebody else"
    advice = "Only its voter can take a vote back."


class NotGated(Conflict):
    kind = "not-gated"
    title = "The run needs no approvals"
    advice = "Only runs of the gated profile have gates."


class FinalStep(Conflict):
    """GATE-2."""

    kind = "final-step"
    title = "The final step needs no approval"


class AlreadyApproved(Conflict):
    """GATE-8."""

    kind = "already-approved"
    title = "The step has been approved"
    advice = "An approval is final; the images that advance still follow votes and kills."


class CandidateElsewhere(Invalid):
    kind = "candidate-elsewhere"
    title = "The candidate belongs to another run"


class KeyReused(Invalid):
    """EVT-2: one key, one command."""

    kind = "idempotency-key-reused"
    title = "The key was used for another command"
    advice = "Choose a new key for a new command; reuse a key only to send exactly the same command again."


class CommandVoid(Conflict):
    """The event stands in the log without effect, because of what stood there before it."""

    kind = "command-void"
    title = "Something else came first"
    advice = "The event is in the log, without effect. Read the current state and decide anew."


class Contended(TryLater):
    kind = "contended"
    title = "Too many commands at once"


class PositionAhead(Conflict):
    """A position that no write can have answered."""

    kind = "position-ahead"
    title = "The log has not come this far"
    advice = "Use positions as writes and changes return them. One from another hub or a lost log is invalid."


class ProjectionBehind(TryLater):
    kind = "projection-behind"
    title = "The read model has not come this far yet"
    advice = "The projector is behind. Try again after the pause; without `at-least` you get an older state at once."


class SelectorSilent(TryLater):
    kind = "selector-silent"
    title = "No selector answers"
    advice = "Start a selector, or try again after the pause."
