"""Who may do what on the bus. The permissions of the servers' users are written from this table.

What a service may append is not said here: the catalogue names the writers of every event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carnival.contracts.catalogue import API, GATEWAY, PROJECTOR, SELECTOR
from carnival.contracts.job import JobCancelled
from carnival.contracts.subjects import (
    CAPABILITIES_BUCKET,
    HEALTH_BUCKET,
    LEASE_BUCKET,
    NEXT_DECISION,
    PRESENCE_BUCKET,
    PREVIEW_BUCKET,
    PROGRESS,
    PROJECTED,
    RUN_AT,
    SIGN_IN_BUCKET,
    SKIP_BUCKET,
    WHAT_IF,
    WORK_BUCKET,
    every_subject_of,
)

OPERATOR: Final = "operator"
"""Whoever backs up, restores and looks after the bus: may do everything."""
DISCARDS_WORKER: Final = "discards"
THUMBNAILS_WORKER: Final = "thumbnails"


class LogReading(StrEnum):
    """`ALL`: the whole log in order. `JOBS`: the jobs of its pools and what operators want of it; single entries."""

    ALL = "all"
    JOBS = "jobs"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusRights:
    """What one service may do beside appending its own events.

    `keeps` are buckets it writes and reads, `tells` those it only writes. `hears` are subjects it subscribes to,
    `sends` those it publishes to, `asks` those whose answers it waits for, `answers` those it answers.
    `workers` are durable consumers of its own. `sets_up`: it may make the stream and the buckets where they are
    missing; whoever could make them otherwise than they are meant would get around all of this.
    """

    log: LogReading = LogReading.ALL
    sets_up: bool = True
    keeps: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()


BUS_RIGHTS: Final[Mapping[str, BusRights]] = {
    API: BusRights(
        keeps=(SIGN_IN_BUCKET, SKIP_BUCKET),
        reads=(CAPABILITIES_BUCKET, PRESENCE_BUCKET, PREVIEW_BUCKET, WORK_BUCKET),
        hears=(PROGRESS, PROJECTED, f"$KV.{PRESENCE_BUCKET}.>"),
        asks=(NEXT_DECISION, RUN_AT, WHAT_IF),
        workers=(DISCARDS_WORKER, THUMBNAILS_WORKER),
    ),
    SELECTOR: BusRights(
        keeps=(LEASE_BUCKET,),
        reads=(PRESENCE_BUCKET,),
        hears=(PROJECTED, f"$KV.{PRESENCE_BUCKET}.>"),
        asks=(RUN_AT,),
        answers=(NEXT_DECISION, WHAT_IF),
    ),
    GATEWAY: BusRights(
        log=LogReading.JOBS,
        sets_up=False,
        keeps=(CAPABILITIES_BUCKET, HEALTH_BUCKET, PRESENCE_BUCKET),
        tells=(PREVIEW_BUCKET,),
        hears=(every_subject_of(JobCancelled),),
        sends=(PROGRESS,),
    ),
    PROJECTOR: BusRights(tells=(WORK_BUCKET,), sends=(PROJECTED,), answers=(RUN_AT,)),
}


def all_buckets() -> list[str]:
    """Every bucket that anybody may use."""
    return sorted(
        {bucket for rights in BUS_RIGHTS.values() for bucket in (*rights.keeps, *rights.tells, *rights.reads)}
    )
