"""Whoever sends what the document gives as an example is understood: its requests work, ids of this hub put in."""

from __future__ import annotations

from typing import Any

import httpx
from fixtures.api_document import written_out
from integration.curation_api.hub import Hub

from curation_api.adapters.http.document.completing import operations_of

FORM = "application/x-www-form-urlencoded"
OF_THIS_HUB = {"pipeline_id", "defined_at", "position"}
"""What no example can know of a pipeline."""


class Story:
    """Sends examples one after the other. `ids` are members and parts of paths that stand for something of this hub."""

    def __init__(self, hub: Hub, document: dict[str, Any]) -> None:
        self.hub = hub
        self.operations = {one["operationId"]: (method, path, one) for method, path, one in operations_of(document)}
        self.ids: dict[str, Any] = {}
        self.sent: set[str] = set()

    def example(self, name: str, status: str = "") -> Any:
        operation = self.operations[name][2]
        content = (operation["responses"][status] if status else operation["requestBody"])["content"]
        return next(iter(content.values()))["example"]

    async def send(self, name: str, *, expected: int = 200, token: str = "") -> Any:
        """The answer to the example of operation `name`, once it can be read."""
        method, path, operation = self.operations[name]
        body = {member: self.ids.get(member, value) for member, value in self.example(name).items()}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        place = path.format(**self.ids)
        if FORM in operation["requestBody"]["content"]:
            answer = await self.hub.http.request(method, place, data=body)
        else:
            answer = await self.hub.http.request(method, place, json=body, headers=headers)
        assert answer.status_code in {expected, 202}, (name, answer.text)
        self.sent.add(name)
        return await self._settled(answer)

    async def _settled(self, answer: httpx.Response) -> Any:
        if not answer.headers["content-type"].endswith("json"):
            return answer.content
        found = answer.json()
        if answer.status_code in {201, 202} and "position" in found:
            await self.hub.settle(found["position"])
        return found


async def test_every_example_of_a_request_is_understood(closed_hub: Hub) -> None:
    story = Story(closed_hub, written_out(await closed_hub.get("/openapi.json")))
    await _make_runs(story)
    await _judge(story)
    await _invite(story)
    await _look_after(story)
    assert story.sent == {name for name, (_, _, one) in story.operations.items() if "requestBody" in one}


async def _make_runs(story: Story) -> None:
    """Also: what the document says of the pipeline and of the workflow is what this hub says of them. What would have
    been is the selector's to say, and none is here."""
    hub, ids = story.hub, story.ids
    defined = await story.send("define_pipeline", expected=201)
    assert _of_any_hub(defined["result"]) == _of_any_hub(story.example("define_pipeline", "201")["result"])
    ids["pipeline_id"] = defined["id"]
    await story.send("define_version", expected=201)
    assert await story.send("inspect") == story.example("inspect", "200")
    await story.send("start_matrix", expected=201)
    ids["run_id"] = (await story.send("start_run", expected=201))["id"]
    await story.send("change_run")
    await story.send("pause_run")
    bases = [await hub.image(ids["run_id"]) for _ in range(3)]
    ids.update(left_id=bases[0], right_id=bases[1], parent_id=bases[0], candidate_ids=bases[1:])
    ids.update(candidate_id=await hub.image(ids["run_id"], bases[0], 2), position=await hub.log.end(), order=1)
    await story.send("fork_run", expected=201)
    assert (await story.send("ask_what_if", expected=503))["type"] == "/problems/selector-silent"
    ids["run_id"], first = (
        await hub.run(ids["pipeline_id"], profile="gated", variables={"style": "noir"}),
        ids["run_id"],
    )
    await hub.image(ids["run_id"])
    await story.send("approve_step")
    ids["run_id"] = first


def _of_any_hub(pipeline: dict[str, Any]) -> dict[str, Any]:
    return {member: value for member, value in pipeline.items() if member not in OF_THIS_HUB}


async def _judge(story: Story) -> None:
    ids = story.ids
    ids["vote_ids"] = [(await story.send("cast_vote", expected=201))["id"]]
    await story.send("retract_votes")
    await story.send("choose_winner")
    await story.send("reject_candidate")
    ids["candidate_ids"] = [ids["candidate_id"]]
    await story.send("restore_candidates")
    ids["walk_id"] = (await story.send("start_walk", expected=201))["id"]
    await story.send("answer_walk")
    ids["candidate_ids"] = [ids["right_id"]]
    await story.send("reject_candidates")
    await story.send("discard_images")


async def _invite(story: Story) -> None:
    ids, run_id = story.ids, story.ids["run_id"]
    invited = await story.send("invite_guests", expected=201)
    ids.update(link=invited["url"].partition("#link=")[2], link_id=invited["id"])
    guest = await story.send("enter_as_guest", expected=201)
    ids.update(guest=guest["name"], left_id=await story.hub.image(run_id), right_id=await story.hub.image(run_id))
    await story.send("cast_blind_vote", expected=201, token=guest["guest_pass"])
    await story.send("merge_guest_votes")
    await story.send("separate_guest_votes")


async def _look_after(story: Story) -> None:
    """No gateway is here; that is all that the examples about gateways are answered."""
    story.ids.update(candidate_ids=story.ids["left_id"], gateway="gateway-1", node="gpu-1")
    for name in ("issue_token", "create_webhook", "request_rescoring"):
        await story.send(name, expected=201)
    await story.send("export_named_images")
    for name in ("drain_gateway", "drain_node"):
        assert (await story.send(name, expected=404))["type"] == "/problems/gateway-unknown"
