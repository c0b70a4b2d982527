"""What the read model says of a column, against the plain definition (PAIR, VOTE-8)."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pytest
from integration.curation_api.hub import Hub

from carnival.contracts.ids import CandidateId, RunId
from carnival.postgres import open_pool
from curation_api.adapters.read_model.votes import PostgresVotes
from curation_api.domain.pairing import Pair


async def voted_on(hub: Hub, run_id: RunId, chance: Random) -> list[dict[str, Any]]:
    """A column of images, some of them alike and some dead, with votes of two voters, a few taken back."""
    shows = [chance.choice((None, "aa", "bb")) for _ in range(12)]
    images = [await hub.image(run_id, pixels=pixels) for pixels in shows]
    for left, right in chance.sample(list(combinations(images, 2)), 30):
        sides, voter = chance.sample((left, right), 2), chance.choice(("ada", "bob"))
        answer = await hub.vote(*sides, voter=voter)
        if answer.status_code == 201 and chance.random() < 0.2:
            back = await hub.http.delete(f"/api/votes/{answer.json()['id']}", params={"voter": voter})
            assert back.json()["result"]["retracted"]
    for image in chance.sample(images, 2):
        answer = await hub.http.post(f"/api/candidates/{image}/reject", json={})
        await hub.settle(answer.json()["position"])
    return [await hub.get(f"/api/candidates/{image}") for image in images]


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_column_is_read_in_part_and_counted_as_its_images_and_votes_say(hub: Hub, seed: int) -> None:
    run_id = await hub.run()
    live = [image for image in await voted_on(hub, run_id, Random(seed)) if image["live"]]
    pictures = {image["candidate_id"]: image["same_as"] or image["candidate_id"] for image in live}
    cast = (await hub.get("/api/votes", run_id=run_id, voter="ada"))["items"]
    voted = {_pair(vote["left_id"], vote["right_id"]) for vote in cast if not vote["retracted"]}
    still_open = [
        (a, b) for a, b in combinations(pictures, 2) if pictures[a] != pictures[b] and _pair(a, b) not in voted
    ]

    pool = await open_pool(hub.database_url, size_max=1)
    try:
        votes = PostgresVotes(pool, pool)
        assert await votes.open_pairs(run_id, 1, "ada") == len(still_open)
        whole = await votes.column(run_id, 1, "ada")
        assert {entrant.candidate_id: entrant.picture for entrant in whole.entrants} == pictures
        assert (whole.voted, whole.reach) == (voted, None)
        for least in range(1, len(live) + 1):
            part = await votes.column(run_id, 1, "ada", least_voted=least)
            reach = sorted(image["votes"] for image in live)[least - 1]
            read = [entrant for entrant in whole.entrants if entrant.votes <= reach]
            among = frozenset(pair for pair in voted if pair <= {entrant.candidate_id for entrant in read})
            assert part == replace(whole, entrants=read, voted=among, reach=reach)
    finally:
        await pool.close()


def _pair(a: str, b: str) -> Pair:
    return frozenset((CandidateId(a), CandidateId(b)))
