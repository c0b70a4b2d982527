"""Why an event has no effect. The fold has the last word: a void event is kept and counted, and changes nothing."""

from __future__ import annotations

from enum import StrEnum


class VoidReason(StrEnum):
    UNKNOWN_PIPELINE = "unknown_pipeline"
    VERSION_EXISTS = "version_exists"
    UNKNOWN_RUN = "unknown_run"
    RUN_EXISTS = "run_exists"
    RUN_COMPLETED = "run_completed"
    NOTHING_CHANGES = "nothing_changes"
    UNKNOWN_STEP = "unknown_step"
    NOT_GATED = "not_gated"
    ALREADY_APPROVED = "already_approved"
    FINAL_STEP = "final_step"
    UNKNOWN_JOB = "unknown_job"
    JOB_EXISTS = "job_exists"
    JOB_ENDED = "job_ended"
    JOB_UNDER_WAY = "job_under_way"
    UNKNOWN_CANDIDATE = "unknown_candidate"
    ALREADY_REJECTED = "already_rejected"
    NOT_REJECTED = "not_rejected"
    NOT_LIVE = "not_live"
    SAME_CANDIDATE = "same_candidate"
    SAME_PICTURE = "same_picture"
    OTHER_STEP = "other_step"
    PAIR_VOTED = "pair_voted"
    VOTE_EXISTS = "vote_exists"
    UNKNOWN_VOTE = "unknown_vote"
    OTHER_VOTER = "other_voter"
    ALREADY_RETRACTED = "already_retracted"
    NO_WINNER = "no_winner"
    UNKNOWN_RESCORING = "unknown_rescoring"
    UNKNOWN_RATING_SYSTEM = "unknown_rating_system"
