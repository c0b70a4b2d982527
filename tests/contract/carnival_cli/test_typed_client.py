"""The typed client of the command line covers the whole API: each operation, each member of each answer."""

from __future__ import annotations

import types
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from contract.carnival_cli.documented_api import DOCUMENT, JSON, OPERATIONS, documented_api, success_of

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.transport import Transport
from carnival_cli.api.views.page import View

Call = Callable[[CarnivalApi], Awaitable[Any] | AbstractAsyncContextManager[Any] | AsyncGenerator[Any]]
STEP: Final = {"order": 1, "name": "Base", "template": "{}"}

CALLS: Final[dict[str, Call]] = {
    "answer_walk": lambda api: api.walks.answer("w", "c", "parent_too"),
    "approve_step": lambda api: api.runs.approve("r", 1, 3),
    "ask_what_if": lambda api: api.replay.what_if("r", {"n": 3}),
    "cast_blind_vote": lambda api: api.blind.cast("a", "b", "left"),
    "cast_vote": lambda api: api.votes.cast("a", "b", "tie"),
    "change_run": lambda api: api.runs.change("r", {"t": 4}),
    "choose_winner": lambda api: api.runs.choose_winner("r", "c"),
    "clear_winner": lambda api: api.runs.clear_winner("r"),
    "complete_run": lambda api: api.runs.govern("r", "complete"),
    "create_webhook": lambda api: api.webhooks.create({"url": "https://example.org/hook"}),
    "define_pipeline": lambda api: api.pipelines.define({"name": "P", "steps": [STEP]}),
    "define_version": lambda api: api.pipelines.define({"name": "P", "steps": [STEP]}, "p"),
    "delete_webhook": lambda api: api.webhooks.delete("w"),
    "discard_images": lambda api: api.runs.discard_images("r"),
    "drain_gateway": lambda api: api.fleet.drain("g", "new driver"),
    "drain_node": lambda api: api.fleet.drain("g/n", "new driver"),
    "drop_rescoring": lambda api: api.ratings.settle("s", "drop"),
    "enter_as_guest": lambda api: api.blind.enter("link-" + "x" * 60),
    "explain_candidate": lambda api: api.monitoring.decision("/api/candidates/c"),
    "explain_job": lambda api: api.monitoring.decision("/api/jobs/j"),
    "explain_numbered_job": lambda api: api.monitoring.decision("/api/runs/r/jobs/7"),
    "export_events": lambda api: api.exports.events(run_id="r"),
    "export_images": lambda api: api.exports.images(run_id="r"),
    "export_named_images": lambda api: api.exports.named_images(["c", "d"]),
    "export_preferences": lambda api: api.exports.preferences(run_id="r"),
    "find_candidate_ids": lambda api: api.candidates.ids("b7e9"),
    "follow_changes": lambda api: api.log.changes(run_id="r", notices=["progress"]),
    "fork_run": lambda api: api.replay.fork("r", {"position": 7}),
    "inspect": lambda api: api.pipelines.inspect({"workflow": "{}"}),
    "invite_guests": lambda api: api.guests.invite({"run_id": "r"}),
    "issue_token": lambda api: api.access.issue_token({"name": "ada", "role": "voter"}),
    "kill_walk": lambda api: api.walks.look_left("r", "c"),
    "list_candidate_events": lambda api: api.log.events_of("candidates/c", limit=5),
    "list_candidates": lambda api: api.candidates.page(sort="rating"),
    "list_children": lambda api: api.candidates.children("c"),
    "list_dead_letters": lambda api: api.webhooks.dead_letters("w"),
    "list_events": lambda api: api.log.events(0, "r"),
    "list_guest_links": lambda api: api.guests.links(),
    "list_job_events": lambda api: api.log.events_of("jobs/j"),
    "list_jobs": lambda api: api.runs.jobs("r", state="submitted"),
    "list_pipelines": lambda api: api.pipelines.all(),
    "list_problem_kinds": lambda api: api.problems.all(),
    "list_rescorings": lambda api: api.ratings.rescorings(),
    "list_run_candidates": lambda api: api.candidates.of_run("r", step=1),
    "list_run_events": lambda api: api.log.events_of("runs/r"),
    "list_runs": lambda api: api.runs.all("running"),
    "list_tokens": lambda api: api.access.tokens(),
    "list_votes": lambda api: api.votes.page(run_id="r"),
    "list_webhooks": lambda api: api.webhooks.all(),
    "make_sign_in_link": lambda api: api.access.sign_in_link(),
    "merge_guest_votes": lambda api: api.guests.merge("r", {}),
    "next_blind_pair": lambda api: api.blind.next_pair(),
    "next_pair": lambda api: api.votes.next_pair("r", "ada"),
    "pause_run": lambda api: api.runs.govern("r", "pause", {"reason": "lunch"}),
    "promote_rescoring": lambda api: api.ratings.settle("s", "promote"),
    "redeliver": lambda api: api.webhooks.redeliver("w", 7),
    "reject_candidate": lambda api: api.candidates.reject("c", "six fingers"),
    "reject_candidates": lambda api: api.candidates.reject_many(["c"]),
    "request_rescoring": lambda api: api.ratings.request({"system": "elo"}),
    "restore_candidate": lambda api: api.candidates.restore("c"),
    "restore_candidates": lambda api: api.candidates.restore_many(["c"]),
    "resume_run": lambda api: api.runs.govern("r", "resume"),
    "resume_step": lambda api: api.runs.govern("r", "steps/1/resume"),
    "retract_blind_vote": lambda api: api.blind.retract("v"),
    "retract_vote": lambda api: api.votes.retract("v"),
    "retract_votes": lambda api: api.votes.retract_many(["v"]),
    "revoke_guest_link": lambda api: api.guests.revoke("l"),
    "revoke_token": lambda api: api.access.revoke_token("t"),
    "run_guests": lambda api: api.guests.of_run("r"),
    "separate_guest_votes": lambda api: api.guests.separate("r", {"guest": "bob"}),
    "show_analytics": lambda api: api.monitoring.analytics(hours=5),
    "show_blind_image": lambda api: api.blind.image("c", 256),
    "show_branch": lambda api: api.candidates.branch("c"),
    "show_candidate": lambda api: api.candidates.one("c"),
    "show_dashboard": lambda api: api.monitoring.dashboard(),
    "show_event": lambda api: api.log.event(7),
    "show_choices": lambda api: api.fleet.choices("CheckpointLoaderSimple", "default"),
    "show_fleet": lambda api: api.fleet.show(),
    "show_gallery": lambda api: api.candidates.gallery("r", step=1),
    "show_gates": lambda api: api.runs.gates("r", 3),
    "show_guest": lambda api: api.blind.me(),
    "show_image": lambda api: api.candidates.picture("c", bare=True),
    "show_job": lambda api: api.monitoring.job("j"),
    "show_leaders": lambda api: api.runs.leaders("r"),
    "show_lineage": lambda api: api.candidates.lineage("c"),
    "show_matrix": lambda api: api.runs.matrix("m"),
    "show_me": lambda api: api.access.me(),
    "show_next": lambda api: api.monitoring.next_decision("r"),
    "show_pipeline": lambda api: api.pipelines.one("p", 1),
    "show_preview": lambda api: api.monitoring.preview("j"),
    "show_problem_kind": lambda api: api.problems.one("run-unknown"),
    "show_ratings": lambda api: api.ratings.in_force(),
    "show_readiness": lambda api: api.pipelines.readiness("p"),
    "show_rescoring": lambda api: api.ratings.rescoring("s"),
    "show_run": lambda api: api.runs.one("r", at_least=7),
    "show_run_analytics": lambda api: api.monitoring.analytics("r", gpu_hour_cost=1.5),
    "show_run_at": lambda api: api.replay.run_at("r", position=7),
    "show_sign_in_ways": lambda api: api.access.sign_in_ways(),
    "show_status": lambda api: api.monitoring.status(),
    "show_thumbnail": lambda api: api.candidates.thumbnail("c", 256),
    "show_tree": lambda api: api.runs.tree("r"),
    "show_tree_at": lambda api: api.replay.tree_at("r", 7),
    "show_vote": lambda api: api.votes.one("v"),
    "show_walk": lambda api: api.walks.one("w", at="c"),
    "show_work": lambda api: api.monitoring.work(),
    "start_matrix": lambda api: api.runs.start_matrix({"pipeline_id": "p", "matrix": {"style": ["noir"]}}),
    "start_run": lambda api: api.runs.start({"pipeline_id": "p"}),
    "start_walk": lambda api: api.walks.start("c"),
    "test_webhook": lambda api: api.webhooks.test("w"),
    "undo_walk": lambda api: api.walks.undo("w"),
    "undrain_gateway": lambda api: api.fleet.undrain("g"),
    "undrain_node": lambda api: api.fleet.undrain("g/n"),
}


def test_the_client_has_a_call_for_each_operation() -> None:
    assert CALLS.keys() == OPERATIONS.keys()


async def test_calls_are_what_the_document_allows_and_views_name_all_that_is_answered() -> None:
    lacking = dict[str, list[str]]()
    async with documented_api() as api, Transport(api.url) as transport:
        client = CarnivalApi(transport)
        for name, call in CALLS.items():
            api.asked.clear()
            answer = await _answered(call(client))
            assert api.asked == [name]
            content: dict[str, Any] = success_of(name).get("content", {})
            if JSON in content:
                lacking[name] = list(_unnamed(_annotation(answer), content[JSON]["schema"]))
    assert {name: members for name, members in lacking.items() if members} == {}


async def _answered(call: Awaitable[Any] | AbstractAsyncContextManager[Any] | AsyncGenerator[Any]) -> Any:
    if isinstance(call, AbstractAsyncContextManager):
        async with call as pieces:
            return [piece async for piece in pieces]
    if isinstance(call, AsyncGenerator):
        return [one async for one in call]
    return await call


def _annotation(answer: Any) -> Any:
    return list[type(answer[0])] if isinstance(answer, list) else type(answer)


def _unnamed(kind: Any, schema: dict[str, Any], seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Members that the document has and the view has not, all the way down."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if name not in seen:
            yield from _unnamed(kind, DOCUMENT["components"]["schemas"][name], (*seen, name))
        return
    if "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _unnamed(kind, one, seen)
        return
    if "items" in schema:
        for part in _parts(kind, list):
            yield from _unnamed(part, schema["items"], seen)
    members: dict[str, dict[str, Any]] = schema.get("properties", {})
    if members.keys() == {"items", "next"} and get_origin(kind) is list:  # all pages as one list
        yield from _unnamed(kind, members["items"], seen)
        return
    if not members:
        return
    views = [part for part in _parts(kind, None) if isinstance(part, type) and issubclass(part, View)]
    assert len(views) == 1, f"no view for {schema.get('title')}: {kind}"
    hints = get_type_hints(views[0]) | {name: field.annotation for name, field in views[0].model_fields.items()}
    for member, below in members.items():
        if member not in views[0].model_fields:
            yield f"{views[0].__name__}.{member}"
        else:
            yield from _unnamed(hints[member], below, seen)


def _parts(kind: Any, container: type | None) -> Iterator[Any]:
    """What a type is made of, None left out; within `container` what it holds."""
    if get_origin(kind) in {Union, types.UnionType}:
        for one in get_args(kind):
            yield from _parts(one, container)
    elif container is None:
        yield kind
    elif get_origin(kind) is container:
        yield from get_args(kind)
