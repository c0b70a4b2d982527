"""Votes and pairs over HTTP (VOTE, PAIR, KILL)."""

from __future__ import annotations

import asyncio
import json

import httpx
from integration.curation_api.hub import Hub, problem

from carnival.testing import examples

JSON = "application/json"


async def test_a_vote_changes_both_ratings(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    answer = await hub.vote(a, b, "right", milliseconds=850, run_id=run_id)
    assert answer.status_code == 201
    vote = answer.json()["result"]
    assert (vote["outcome"], vote["voter"], vote["milliseconds"], vote["step_order"]) == ("right", "ada", 850, 1)
    ratings = [(await hub.get(f"/api/candidates/{image}"))["rating"] for image in (a, b)]
    assert ratings == [984, 1016]
    listed = await hub.get("/api/votes", run_id=run_id, voter="ada")
    assert [found["vote_id"] for found in listed["items"]] == [vote["vote_id"]]
    assert await hub.get(f"/api/votes/{answer.json()['id']}") == listed["items"][0]


async def test_a_vote_is_answered_with_what_followed_from_it(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    made = (await hub.vote(a, b, "right")).json()["result"]
    assert (made["left"]["rating"], made["right"]["rating"], made["right"]["votes"]) == (984, 1016, 1)
    assert (made["right"]["rank"], made["kill_offered"]) == (None, [])
    body = {"left_id": a, "right_id": b, "outcome": "both_bad", "voter": "bob"}
    made = (await hub.http.post("/api/votes", json=body, params={"ranks": True})).json()["result"]
    assert (made["left"]["rank"], made["right"]["rank"], made["left"]["both_bad"]) == (2, 1, 1)
    assert made["kill_offered"] == [a, b]


async def test_the_short_way_answers_as_the_frameworks_does(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    answers: list[httpx.Response] = []
    for way, voter in (({}, "ada"), ({"ranks": "false"}, "bob")):
        for outcome in ("skip", "tie"):
            headers = {"Idempotency-Key": f"{voter} {outcome}", "Carnival-Actor": voter, "At-Least": "1"}
            body = {"left_id": a, "right_id": b, "outcome": outcome, "milliseconds": 7}
            if not way:
                del headers["At-Least"]
            answers.append(await hub.http.post("/api/votes", json=body, params=way, headers=headers))
    skips, votes = answers[::2], answers[1::2]
    assert [answer.status_code for answer in answers] == [200, 201] * 2
    assert skips[0].json().keys() == skips[1].json().keys()
    short, long = (answer.json() for answer in votes)
    assert list(short) == list(long)
    assert list(short["result"]) == list(long["result"])
    assert [vote["result"]["voter"] for vote in (short, long)] == ["ada", "bob"]
    assert {*votes[0].headers} == {*votes[1].headers}
    again = {"left_id": a, "right_id": b, "outcome": "tie", "milliseconds": 7}
    named = {"Idempotency-Key": "ada tie", "Carnival-Actor": "ada"}
    repeated = (await hub.http.post("/api/votes", json=again, headers=named)).json()
    assert repeated == {**short, "replayed": True, "result": repeated["result"]}


async def test_what_is_not_plain_goes_the_frameworks_way(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    vote = {"left_id": a, "right_id": b, "outcome": "left"}
    whole = json.dumps(vote).encode()
    for body, kind, status, refusal in (
        (b"", JSON, 422, "invalid-request"),
        (b"[]", JSON, 422, "invalid-request"),
        (b"{", JSON, 400, "bad-json"),
        (whole, "text/plain", 415, "media-type-unsupported"),
    ):
        answer = await hub.http.post("/api/votes", content=body, headers={"Content-Type": kind})
        problem(answer, status, refusal)
    long = {"Idempotency-Key": "k" * 201}
    problem(await hub.http.post("/api/votes", json=vote, headers=long), 422, "invalid-request")
    problem(await hub.http.post("/api/votes", json={**vote, "more": 1}), 422, "invalid-request")
    ahead = {"At-Least": "1000000"}
    problem(await hub.http.post("/api/votes", json=vote, headers=ahead), 409, "position-ahead")
    assert (await hub.get("/api/votes", run_id=run_id))["items"] == []


async def test_a_pair_is_voted_on_once_by_each_voter_in_either_direction(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    assert (await hub.vote(a, b)).status_code == 201
    problem(await hub.vote(a, b), 409, "vote-duplicate")
    problem(await hub.vote(b, a, "tie"), 409, "vote-duplicate")
    assert (await hub.vote(b, a, voter="bob")).status_code == 201
    assert (await hub.get(f"/api/runs/{run_id}"))["votes"] == 2


async def test_of_two_votes_at_once_exactly_one_counts(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    answers = await asyncio.gather(*(hub.vote(*pair) for pair in ((a, b), (b, a)) * 5))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert {answer.json().get("type") for answer in answers} == {None, "/problems/vote-duplicate"}
    assert (await hub.get(f"/api/runs/{run_id}"))["votes"] == 1


async def test_votes_that_make_no_sense_are_refused(hub: Hub) -> None:
    run_id, other = await hub.run(), await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    child, foreign = await hub.image(run_id, a, 2), await hub.image(other)
    problem(await hub.vote(a, a), 409, "same-candidate")
    problem(await hub.vote(a, child), 409, "other-column")
    problem(await hub.vote(a, foreign), 409, "other-column")
    problem(await hub.vote(a, b, run_id=other), 409, "other-column")
    problem(await hub.vote(a, "none"), 404, "candidate-unknown")
    problem(await hub.vote(a, b, "maybe"), 422, "invalid-request")
    problem(await hub.vote(a, b, milliseconds=2**31), 422, "invalid-request")
    await hub.http.post(f"/api/candidates/{b}/reject")
    found = problem(await hub.vote(a, b), 409, "candidate-not-live")
    assert found["candidate_ids"] == [b]


async def test_a_picture_is_never_voted_on_against_itself(hub: Hub) -> None:
    run_id = await hub.run()
    a, same, other = [await hub.image(run_id, pixels=pixels) for pixels in ("aa", "aa", "bb")]
    shown = [(await hub.get(f"/api/candidates/{image}"))["same_as"] for image in (a, same, other)]
    assert shown == [None, a, None]
    found = problem(await hub.vote(a, same), 409, "same-picture")
    assert found["candidate_ids"] == [a, same]
    problem(await hub.vote(same, a, "skip"), 409, "same-picture")
    offered = [await hub.get(f"/api/runs/{run_id}/next-pair", voter="ada") for _ in range(10)]
    assert {found["pair"]["open_pairs"] for found in offered} == {2}
    assert all(other in {found["pair"][side]["candidate_id"] for side in ("left", "right")} for found in offered)
    for image in (a, same):
        assert (await hub.vote(image, other)).status_code == 201
    assert (await hub.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"] is None
    await hub.append(examples.vote_cast(a, same, run_id=run_id, voter="bob"), "curation-api")
    assert (await hub.get(f"/api/runs/{run_id}"))["votes"] == 2


async def test_a_vote_is_taken_back_by_its_voter_only_and_once(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    vote_id = (await hub.vote(a, b)).json()["id"]
    problem(await hub.http.delete(f"/api/votes/{vote_id}"), 403, "other-voter")
    answer = await hub.http.delete(f"/api/votes/{vote_id}", params={"voter": "ada"})
    assert (answer.status_code, answer.json()["result"]["retracted"]) == (200, True)
    assert (await hub.get(f"/api/candidates/{a}"))["rating"] == 1000
    again = await hub.http.delete(f"/api/votes/{vote_id}", params={"voter": "ada"})
    assert (again.status_code, again.json()["changed"]) == (200, False)
    problem(await hub.http.delete("/api/votes/none"), 404, "vote-unknown")
    assert (await hub.vote(b, a)).status_code == 201


async def test_pairs_are_offered_from_the_right_until_all_are_done(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    c, d = await hub.image(run_id, a, 2), await hub.image(run_id, b, 2)
    seen: list[set[str]] = []
    for _ in range(2):
        pair = (await hub.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"]
        assert "rating" not in pair["left"]
        seen.append({pair["left"]["candidate_id"], pair["right"]["candidate_id"]})
        assert (await hub.vote(pair["left"]["candidate_id"], pair["right"]["candidate_id"])).status_code == 201
    assert seen == [{c, d}, {a, b}]
    done = await hub.get(f"/api/runs/{run_id}/next-pair", voter="ada")
    assert done["pair"] is None
    assert done["gallery"] == f"/api/runs/{run_id}/gallery"
    other = (await hub.get(f"/api/runs/{run_id}/next-pair", voter="bob"))["pair"]
    assert (other["step_order"], other["step_name"], other["open_pairs"]) == (2, "Face Fix", 1)


async def test_a_skipped_pair_is_not_offered_next(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    c, d = await hub.image(run_id, a, 2), await hub.image(run_id, b, 2)
    pair = (await hub.get(f"/api/runs/{run_id}/next-pair", skip=f"{c}:{d}"))["pair"]
    assert pair["step_order"] == 1
    pair = (await hub.get(f"/api/runs/{run_id}/next-pair", skip=[f"{c}:{d}", f"{b}:{a}"]))["pair"]
    assert pair["step_order"] == 2
    problem(await hub.http.get(f"/api/runs/{run_id}/next-pair", params={"skip": "x"}), 409, "bad-text")


async def test_a_pair_skipped_as_a_vote_is_remembered_for_its_voter(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    c, d = await hub.image(run_id, a, 2), await hub.image(run_id, b, 2)
    answer = await hub.vote(d, c, "skip")
    assert (answer.status_code, answer.json()["changed"], answer.json()["result"]) == (200, False, None)
    assert (await hub.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"]["step_order"] == 1
    assert (await hub.get(f"/api/runs/{run_id}/next-pair", voter="bob"))["pair"]["step_order"] == 2
    for _ in range(3):
        await hub.vote(a, b, "skip")
        assert (await hub.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"]["step_order"] == 2
        await hub.vote(c, d, "skip")
        assert (await hub.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"]["step_order"] == 1
    assert (await hub.get(f"/api/runs/{run_id}"))["votes"] == 0
    problem(await hub.vote(a, a, "skip"), 409, "same-candidate")
    problem(await hub.vote(a, c, "skip"), 409, "other-column")


async def test_a_kill_walks_left(hub: Hub) -> None:
    run_id = await hub.run()
    a, b = await hub.image(run_id), await hub.image(run_id)
    child = await hub.image(run_id, a, 2)
    await hub.http.post(f"/api/candidates/{child}/reject")
    walk = f"/api/runs/{run_id}/kill-walk"
    found = await hub.get(walk, candidate=child, voter="ada")
    assert (found["parent_id"], found["pair"]["left"]["candidate_id"]) == (a, a)
    assert (found["pair"]["right"]["candidate_id"], found["pair"]["voting"]) == (b, True)
    await hub.vote(a, b)
    assert (await hub.get(walk, candidate=child, voter="ada"))["pair"]["voting"] is False
    assert (await hub.get(walk, candidate=child, voter="bob"))["pair"]["voting"] is True
    await hub.http.post(f"/api/candidates/{b}/reject")
    assert (await hub.get(walk, candidate=child))["end"] == "no_partner"
    await hub.http.post(f"/api/candidates/{a}/reject")
    assert (await hub.get(walk, candidate=child))["end"] == "parent_not_live"
    assert (await hub.get(walk, candidate=a))["end"] == "no_parent"
    problem(await hub.http.get(walk, params={"candidate": "none"}), 404, "candidate-unknown")
