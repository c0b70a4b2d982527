"""The document's section `webhooks`: what is sent to an address, of each type of event, and what it should answer."""

from __future__ import annotations

from typing import Any, Final

from curation_api.adapters.http.document.examples import Examples, Schema
from curation_api.adapters.http.document.headers import JSON, SCHEMA_PREFIX
from curation_api.adapters.http.document.vocabulary import MOMENT
from curation_api.adapters.http.example_ids import EVENT
from curation_api.adapters.webhook_sender import SEND_SECONDS
from curation_api.adapters.webhook_workers import AGAIN_SECONDS
from curation_api.domain.access.webhooks import TEST_TYPE, sendable_types

TRIES: Final = len(AGAIN_SECONDS) + 1
PAUSES: Final = ", ".join(f"{pause:g} s" if pause < 60 else f"{pause / 60:g} min" for pause in AGAIN_SECONDS)
HOW_IT_GOES: Final = f"""An event is sent by POST to the address that `create_webhook` was given, in JSON.

**Check it** as [Standard Webhooks](https://www.standardwebhooks.com) says: take the secret that `create_webhook`
answered with, without `whsec_`, and decode it from base64. HMAC-SHA256 with it over
`<webhook-id>.<webhook-timestamp>.<body>`, the body as the bytes that came, in base64 behind `v1,` is
`webhook-signature`. Compare in constant time and refuse a time stamp that is more than some minutes off.

**Answer** any 2xx within {SEND_SECONDS:g} seconds: the message is taken. Anything else, a redirect too, is a failed
try. The answer's body is not read.

**Tries.** After a failed one it is sent again, with the same id and body and a time stamp and signature of its own,
after {PAUSES}: {TRIES} tries. Then it is a dead letter (`list_dead_letters`, `redeliver`) and the
event `WebhookDeliveryAbandoned` says so.

**Order.** Each webhook gets its messages one after the other in the order of the log; the next one waits until this
one is taken or given up. Each comes at least once: one whose `webhook-id` you know already is a repeat. What
`redeliver` sends comes out of turn."""

_HEADERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("webhook-id", "Id of the event, the same at each try.", EVENT),
    ("webhook-timestamp", "Unix time of this try, in seconds.", "1772396100"),
    (
        "webhook-signature",
        "`v1,` and the signature in base64.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
)


def add_deliveries(document: Schema) -> None:
    """A webhook for each type that is sent, and one for the test message. Wants the schemas of events in place."""
    examples = Examples(document["components"]["schemas"])
    document["webhooks"] = {
        name: {"post": _delivery(name, _event_data(name), examples)} for name in sorted(sendable_types())
    }
    nothing = {"type": "object", "maxProperties": 0, "description": "Nothing."}
    document["webhooks"][TEST_TYPE] = {"post": _delivery(TEST_TYPE, nothing, examples)}


def _delivery(name: str, data: Schema, examples: Examples) -> Schema:
    schema = _object(
        {
            "type": {"const": name, "description": "The type of the event."},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened; of a test: when it was sent.",
                "examples": [MOMENT],
            },
            "data": data,
        }
    )
    content = {"schema": schema, "example": examples.of(schema)}
    return {
        "tags": ["webhooks"],
        "summary": f"{name} is sent",
        "description": "How to check and answer it, and when it is sent again: see the tag `webhooks`.",
        "security": [],
        "parameters": [_header(*header) for header in _HEADERS],
        "requestBody": {"required": True, "content": {JSON: content}},
        "responses": {
            "2XX": {"description": "Taken."},
            "default": {"description": f"Not taken: it is sent again, {TRIES} times in all, then given up."},
        },
    }


def _event_data(name: str) -> Schema:
    return _object(
        {
            "position": {
                "type": "integer",
                "minimum": 1,
                "description": "Position of the event in the log.",
                "examples": [4711],
            },
            "actor": {
                "type": ["string", "null"],
                "description": "Who did it: a person's or a service's name.",
                "examples": ["ada"],
            },
            "event": {"$ref": SCHEMA_PREFIX + name},
        }
    )


def _object(members: dict[str, Any]) -> Schema:
    return {"type": "object", "properties": members, "required": list(members)}


def _header(name: str, words: str, example: str) -> Schema:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": words,
        "schema": {"type": "string"},
        "example": example,
    }
