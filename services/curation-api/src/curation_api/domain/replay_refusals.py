"""Why the past is not shown."""

from __future__ import annotations

from curation_api.domain.refusals import Invalid, RunUnknown, TryLater


class BadMoment(Invalid):
    """A moment that nobody can look at."""

    kind = "bad-moment"
    title = "There is no such moment to look at"
    advice = "Name either a position that the log has, or a time that is not in the future."


class RunNotBegun(RunUnknown):
    kind = "run-not-begun"
    title = "The run had not begun at that moment"
    advice = "Name a later moment; the run's own events say when it began."


class ProjectorSilent(TryLater):
    kind = "projector-silent"
    title = "No projector answers"
    advice = "Start a projector, or try again after the pause."


class SelectorBusy(TryLater):
    kind = "selector-busy"
    title = "Another history is being decided again"
    advice = "Try again after the pause: one history at a time, so that new jobs do not wait."


class ManyDecisions(TryLater):
    kind = "many-decisions"
    title = "The history has more decisions than can be taken again within a request"
    advice = "Name an earlier position, or ask again when the hub is less busy."


class HistoryLong(TryLater):
    kind = "history-long"
    title = "The history takes longer to fold than a request may"
    advice = "Ask the same again: what was folded is kept a while, and each time more of it is done."
