"""Commands that are sent again (EVT-2).

The event of a keyed command has an id derived from who sent it, where to, and the key; so the log and the read model
find it again. The command's own id takes in what was said as well and travels as the event's correlation id: the same
key with other words is told apart.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from carnival.contracts.envelope import Metadata
from carnival.contracts.ids import EventId, derived_id
from curation_api.domain.refusals import KeyReused


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a command comes from. `keyed` says that it may have been sent before."""

    actor: str
    event_id: EventId
    command_id: str
    keyed: bool


def keyed_origin(actor: str, route: str, key: str, digest: str) -> Origin:
    """The origin of a command with an Idempotency-Key; `route` is method and path, `digest` that of its words."""
    return Origin(
        actor=actor,
        event_id=EventId(derived_id("command", actor, route, key)),
        command_id=derived_id("command", actor, route, key, digest),
        keyed=True,
    )


def plain_origin(actor: str, fresh: str) -> Origin:
    """The origin of a command without a key; `fresh` is a new identity."""
    return Origin(actor=actor, event_id=EventId(fresh), command_id=fresh, keyed=False)


def digest_of(query: str, body: bytes) -> str:
    """A digest of a command's words: equal for bodies that differ in spacing or in the order of their members only."""
    return hashlib.sha256(query.encode() + b"\x00" + _canonical(body)).hexdigest()


def check_same_command(origin: Origin, recorded: Metadata) -> None:
    """Raises KeyReused if the recorded event answers another command than this one."""
    if recorded.correlation_id != origin.command_id:
        raise KeyReused("This Idempotency-Key was used for another command; choose a new one")


def _canonical(body: bytes) -> bytes:
    """What is no JSON is taken as it is: such a command will be refused anyway."""
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return body
