"""GET and POST /prompt."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from aiohttp import web

from comfy_stub.downfall import Moment
from comfy_stub.nodes.catalogue import CATALOGUE
from comfy_stub.queue import Item
from comfy_stub.stub import Stub
from comfy_stub.validation import validate
from comfy_stub.wire import Json, JsonObject, now_ms

SECRETS = ("auth_token_comfy_org", "api_key_comfy_org")
NO_PROMPT = {
    "type": "no_prompt",
    "message": "No prompt provided",
    "details": "No prompt provided",
    "extra_info": {},
}


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def remaining(_request: web.Request) -> web.Response:
        return web.json_response({"exec_info": {"queue_remaining": stub.engine.queue.remaining()}})

    async def submit(request: web.Request) -> web.Response:
        if stub.behaviour.take("refuse_answers"):
            return web.Response(status=stub.behaviour.refuse_status)
        response = _submitted(stub, await request.json())
        planned = stub.behaviour.downfall(Moment.ACCEPTED)
        if planned is not None and request.transport is not None:
            stub.fall(planned)
            request.transport.abort()
        if stub.behaviour.take("lose_answers") and request.transport is not None:
            request.transport.abort()
        return response

    return [web.get("/prompt", remaining), web.post("/prompt", submit)]


def _submitted(stub: Stub, body: Json) -> web.Response:
    """Everything that is neither accepted nor refused here raises, and answers 500."""
    engine = stub.engine
    if "number" in body:
        number = float(body["number"])
    else:
        number = engine.next_number()
        if "front" in body and body["front"]:  # noqa: RUF019 - a list has no get, and must not fail here
            number = -number
    if "prompt" not in body:
        return web.json_response({"error": NO_PROMPT, "node_errors": {}}, status=400)
    prompt, prompt_id = body["prompt"], str(body.get("prompt_id", uuid.uuid4()))
    targets = body.get("partial_execution_targets")
    verdict = validate(prompt, targets, CATALOGUE, stub.surroundings, stub.behaviour)
    extra_data = _extra_data(body)
    if verdict.error is not None:
        return web.json_response({"error": verdict.error, "node_errors": verdict.node_errors}, status=400)
    engine.queue.put(Item(number, prompt_id, prompt, extra_data, verdict.outputs))
    return web.json_response({"prompt_id": prompt_id, "number": number, "node_errors": verdict.node_errors})


def _extra_data(body: JsonObject) -> JsonObject:
    extra_data: JsonObject = body.get("extra_data", {})
    if "client_id" in body:
        extra_data["client_id"] = body["client_id"]
    kept = {key: value for key, value in extra_data.items() if key not in SECRETS}
    return {**kept, "create_time": now_ms()}
