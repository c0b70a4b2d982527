"""The fingerprint of the read model as it was at a position."""

from __future__ import annotations

import pytest
from integration.projector.projecting import HandsHere, Heard, everything, project_all, rows, write
from unit.projector.histories import history
from unit.projector.test_rescorings import promotion

from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import Position
from carnival.contracts.verdict import VoidReason
from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.building_site import PostgresSite
from projector.adapters.digest import take_digest
from projector.application.digest_at import BeyondTheLog, DigestAt
from projector.application.fill_site import FillSite
from projector.application.follow_log import FollowLimits
from projector.application.memory import MemoryLimits
from projector.application.ports import ReadModelDigest
from projector.application.rebuild import Rebuild, RebuildProgress
from projector.domain.fold import apply
from projector.domain.read_model import ReadModel

SCHEMAS = "SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, 'carnival') ORDER BY nspname"


class Interrupted(Exception):
    pass


async def digest_at(
    log: MemoryEventLog, url: str, position: int, limits: FollowLimits, shares: int = 1
) -> ReadModelDigest:
    site = PostgresSite(url)
    fill = FillSite(log, site, limits, hands=HandsHere(log, url, shares, limits))
    return await DigestAt(log, site, fill)(Position(position), lambda _: None)


@pytest.mark.parametrize("shares", [1, 3])
@pytest.mark.parametrize("memory", [MemoryLimits(rows_max=1), MemoryLimits()])
async def test_it_is_that_of_the_live_rows_then(postgres_url: str, shares: int, memory: MemoryLimits) -> None:
    log, events = MemoryEventLog(), history(41, 900, runs=4)
    events = [*events[:500], *promotion("weng-lin"), *events[500:]]
    then = dict[int, ReadModelDigest]()
    for end in (0, 1, 300, 502, 700, len(events)):
        await write(log, events[await log.end() : end])
        await project_all(log, postgres_url)
        then[end] = await take_digest(postgres_url)
    live = await everything(postgres_url)
    limits = FollowLimits(bulk_batch_max=17, insert_every=50, memory=memory)
    assert {end: await digest_at(log, postgres_url, end, limits, shares) for end in then} == then
    assert await everything(postgres_url) == live
    assert [row["name"] for row in await rows(postgres_url, SCHEMAS)] == ["carnival"]


async def test_a_fold_that_stumbles_gives_what_it_gives_to_a_rebuild(postgres_url: str) -> None:
    log, limits = MemoryEventLog(), FollowLimits()
    await write(log, history(42, 200))

    def stumbling(model: ReadModel, fact: Recorded[Event]) -> VoidReason | None:
        verdict = apply(model, fact)
        if fact.position % 50 == 0:
            raise ZeroDivisionError("a mistake in the fold, after it has changed something")
        return verdict

    await Rebuild(log, PostgresSite(postgres_url), Heard(), lambda _: None, limits, stumbling)()
    site = PostgresSite(postgres_url)
    found = await DigestAt(log, site, FillSite(log, site, limits, stumbling))(Position(200), lambda _: None)
    assert found == await take_digest(postgres_url)
    assert found.tables["parked_events"].rows == 4


async def test_what_an_interrupted_rebuild_has_left_does_not_count(postgres_url: str) -> None:
    log, limits = MemoryEventLog(), FollowLimits(bulk_batch_max=17, insert_every=50)
    await write(log, history(44, 300))
    await project_all(log, postgres_url)
    live = await take_digest(postgres_url)
    await write(log, history(44, 600)[300:])

    def interrupted(progress: RebuildProgress) -> None:
        if progress.position > 400:
            raise Interrupted

    with pytest.raises(Interrupted):
        await Rebuild(log, PostgresSite(postgres_url), Heard(), interrupted, limits)()
    assert await digest_at(log, postgres_url, 300, limits) == live


async def test_a_position_that_is_not_there_yet_is_named(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(43, 20))
    with pytest.raises(BeyondTheLog, match="the log ends at position 20, before 21"):
        await digest_at(log, postgres_url, 21, FollowLimits())
