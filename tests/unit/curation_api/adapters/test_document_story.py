"""The document's examples of answers tell one story: nothing in them contradicts itself or another one."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from fixtures.api_document import written_out_document

from curation_api.adapters.http import example_ids
from curation_api.adapters.http.document.completing import operations_of

Thing = dict[str, Any]

DOCUMENT = written_out_document()
IDS = {value: name for name, value in vars(example_ids).items() if name.isupper()}
DIGESTS = {"capabilities", "webhook-signature"}
KINDS = {
    "run_id": "run",
    "pipeline_id": "pipeline",
    **dict.fromkeys(("candidate_id", "parent_id", "root_id", "left_id", "right_id", "winner_id"), "candidate"),
    **dict.fromkeys(("source_id", "image_0_uid", "image_1_uid", "best_image_uid", "at", "candidate"), "candidate"),
    **dict.fromkeys(("candidate_ids", "killed"), "candidate"),
    "run_ids": "run",
    "vote_ids": "vote",
    "guest_link": "link",
    **{f"{kind}_id": kind for kind in ("job", "vote", "walk", "matrix", "rescoring", "link", "token", "webhook")},
    **dict.fromkeys(("event_id", "causation_id", "webhook-id"), "event"),
    "correlation_id": "correlation",
    "prompt_id": "prompt",
}
"""What kind of thing a member names."""
ONE_AFTER_THE_OTHER = (
    ("requested_at", "submitted_at", "ended_at"),
    ("created_at", "deleted_at"),
    ("issued_at", "revoked_at", "expires_at"),
    ("first_at", "last_at"),
)
TREE_COUNTS = ("live", "rejected", "dead", "open_jobs")


def examples() -> Iterator[tuple[str, Any]]:
    """All examples of parameters, bodies, answers and deliveries, with the name they stand for."""
    webhooks = (one["post"] for one in DOCUMENT["webhooks"].values())
    for operation in (*(one for _, _, one in operations_of(DOCUMENT)), *webhooks):
        yield from ((one["name"], one["example"]) for one in operation.get("parameters", []))
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in body.get("content", {}).values():
                yield "", content.get("example")
                yield from (("", one["value"]) for one in content.get("examples", {}).values())


def members_of(example: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Each value within, with the name of the member it stands in."""
    yield name, example
    if isinstance(example, dict):
        for member, value in example.items():
            yield from members_of(value, str(member))
    elif isinstance(example, list):
        for value in example:
            yield from members_of(value, name)


ALL = [found for name, example in examples() for found in members_of(example, name)]
THINGS = list({json.dumps(value): value for _, value in ALL if isinstance(value, dict)}.values())


def those_with(*members: str) -> list[Thing]:
    found = [thing for thing in THINGS if thing.keys() >= set(members)]
    assert found, members
    return found


def test_every_id_is_of_the_story_and_names_one_kind_of_thing() -> None:
    kinds = defaultdict[str, set[str]](set)
    for name, value in ALL:
        if isinstance(value, str) and name not in DIGESTS:
            assert set(re.findall(r"\b[0-9a-f]{32}\b", value)) <= IDS.keys(), (name, value)
            if value in IDS and name in KINDS:
                kinds[value].add(KINDS[name])
    assert {IDS[value]: found for value, found in kinds.items() if len(found) > 1} == {}
    assert set(IDS.values()) - {IDS[value] for value in kinds} == set()


def test_what_lives_was_not_rejected_and_what_was_rejected_does_not_live() -> None:
    for one in those_with("state", "live", "status"):
        state = "live" if one["live"] else "rejected" if one["status"] == "rejected" else "dead"
        assert (one["state"], one["live"]) == (state, state == "live")
        assert one["live_children"] + one["open_jobs"] == 0 or one["live"]
        assert one["live_children"] <= one["children"]
    for one in those_with("state", "reject_reason", "reject_note"):
        assert (one["reject_reason"] is None) is (one["status"] == "active")
        assert one["reject_note"] == "" or one["reject_reason"]


def test_an_image_stands_where_its_place_in_the_tree_says() -> None:
    by_id = {one["candidate_id"]: one for one in those_with("candidate_id", "depth", "root_id")}
    for one in by_id.values():
        assert one["image"] == f"/api/candidates/{one['candidate_id']}/image"
        assert (one["parent_id"] is None) is (one["depth"] == 0)
        assert int(one["seed"]) == 1_000_000 + one["job_number"]
        if parent := by_id.get(one["parent_id"]):
            assert (one["root_id"], one["step_order"]) == (parent["root_id"], parent["step_order"] + 1)
            assert one["created_at"] > parent["created_at"]


@pytest.mark.parametrize("names", ONE_AFTER_THE_OTHER)
def test_time_does_not_run_backwards(names: tuple[str, ...]) -> None:
    for one in THINGS:
        times = [datetime.fromisoformat(one[name]) for name in names if isinstance(one.get(name), str)]
        assert all(before <= after for before, after in pairwise(times)), one


def test_an_end_is_told_with_a_state_that_has_ended() -> None:
    for one in those_with("revoked_at", "state"):
        assert (one["state"] == "revoked") is (one["revoked_at"] is not None)
    for one in those_with("job_id", "ended_at", "state"):
        assert (one["state"] in {"pending", "submitted"}) is (one["ended_at"] is None)
        assert (one["state"] == "completed") is (one["candidate_id"] is not None)
        assert one["state"] == "failed" or one["failure_class"] is None
        assert one["progress"] is None or one["state"] == "submitted"
    for one in those_with("delivered"):
        assert one["delivered"] is (one["reason"] is None)


def test_the_steps_of_a_run_add_up() -> None:
    for run in those_with("steps", "finals", "images"):
        assert {name: run[name] for name in TREE_COUNTS} == {
            name: sum(step[name] for step in run["steps"]) for name in TREE_COUNTS
        }
        assert run["images"] == run["live"] + run["rejected"] + run["dead"]
        assert (run["finals"], min(3, run["finals"])) == (run["steps"][-1]["live"], len(run["leaders"]))
        assert run["leaders"] == sorted(run["leaders"], key=lambda one: -one["rating"])
        assert run["winner_id"] in {None, *(one["candidate_id"] for one in run["leaders"])}
        assert ("paused" in run["halted_by"], "completed" in run["halted_by"]) == (
            run["paused"],
            run["status"] == "completed",
        )
    for branch in those_with("live", "dead", "open_jobs", "steps"):
        for name in ("live", "dead", "open_jobs"):
            assert branch[name] == sum(step[name] for step in branch["steps"])


def test_an_image_is_rated_alike_wherever_it_is_told_of() -> None:
    ratings = defaultdict[str, set[tuple[int, int]]](set)
    for one in those_with("candidate_id", "rating", "votes"):
        ratings[IDS[one["candidate_id"]]].add((one["rating"], one["votes"]))
    assert {name: found for name, found in ratings.items() if len(found) > 1} == {}


def test_figures_add_up() -> None:
    for one in those_with("totals", "hours", "voters"):
        assert sum(voter["votes"] for voter in one["voters"]) == one["totals"]["votes"]
        for parts in (one["servers"], one["hours"], one.get("steps", one["hours"])):
            for name in ("images", "gpu_seconds"):
                assert sum(part[name] for part in parts) == one["totals"][name]
            assert sum(part["failed"] for part in parts) == sum(failure["count"] for failure in one["failures"])
    for one in those_with("lower_quartile", "median"):
        spread = [one[name] for name in ("lowest", "lower_quartile", "median", "upper_quartile", "highest")]
        assert spread == sorted(spread)
    for one in those_with("active_runs", "runs"):
        assert one["active_runs"] == len(one["runs"])
        assert one["open_jobs"] == sum(run["open_jobs"] for run in one["runs"])
        assert one["totals"]["images"] == sum(run["images"] for run in one["runs"])
    for one in those_with("jobs", "running"):
        assert one["jobs"]["completed"] == sum(run["images"] for run in one["runs"])
        assert one["jobs"]["pending"] + one["jobs"]["submitted"] == sum(run["open_jobs"] for run in one["runs"])
    for one in those_with("advancing", "candidates"):
        assert one["live"] == len(one["candidates"])
        for name, member in (("advancing", "advances"), ("few_votes", "few_votes")):
            assert one[name] == sum(candidate[member] for candidate in one["candidates"])
    for one in those_with("votes", "merged"):
        assert one["merged"] <= one["votes"]


def test_other_settings_and_systems_change_what_they_list() -> None:
    for one in those_with("decisions", "same"):
        assert one["same"] + one["drawn_otherwise"] + one["left_out_total"] <= one["decisions"]
        assert (one["left_out_total"], one["moves_total"]) == (len(one["left_out"]), len(one["moves"]))
    for one in those_with("comparison", "votes"):
        if one["comparison"]:
            assert one["votes"] == sum(column["votes"] for column in one["comparison"]["agreements"])
    for one in those_with("agreements", "columns"):
        assert (one["columns"], one["moves_total"]) == (len(one["agreements"]), len(one["moves"]))


def test_the_draw_chose_the_winner() -> None:
    for one in those_with("draw", "competitors", "competitors_total"):
        assert one["tickets_total"] == sum(entry["tickets"] for entry in one["competitors"])
        assert one["competitors_total"] == len(one["competitors"])
    for one in those_with("would_change", "winner"):
        hit = [entry for entry in one["competitors"] if entry["first"] <= (one["draw"] or 0) <= entry["last"]]
        assert hit == [entry for entry in one["competitors"] if entry["won"]] == ([one["winner"]] if hit else [])
        assert one["parent_id"] == (one["winner"]["candidate_id"] if hit else None)


def test_the_answer_to_a_command_is_about_what_it_shows() -> None:
    for one in those_with("id", "projected", "result"):
        if one["result"] and "gateway" not in one["result"]:
            named = next((value for name, value in one["result"].items() if name.endswith("_id")), example_ids.RUN)
            assert one["id"] == named
    for one in those_with("items", "changed", "projected"):
        assert one["changed"] == sum(item["changed"] for item in one["items"])
