"""Commands that are sent again (EVT-2).

The event of a keyed command has an id derived from who sent it, where to, and the key; so the log and the read model
find it again. The command's own id takes in what was said as well and travels as the event's correlation id: the same
key with other words is told apart. A keyed command that leads to no event of its own is answered by `CommandAnswered`
under the same event id, so that one key never has two answers (docs/adr/0009-one-key-one-answer.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from carnival.contracts.command import CommandAnswered, GivenRefusal
from carnival.contracts.envelope import Metadata
from carnival.contracts.ids import EventId, derived_id
from curation_api.domain.refusals import Conflict, Gone, Invalid, KeyReused, Missing, Outdated, Refusal
from curation_api.domain.seen import Seen

MESSAGE_LENGTH_MAX: Final = 2000
FACTS_BYTES_MAX: Final = 64 * 1024
_DECISIONS: Final = (Missing, Conflict, Invalid, Gone, Outdated)
"""Refusals that say something about the command and the state it met. The others are about who asks and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a command comes from. `keyed` says that it may have been sent before, `seen` what it is meant for."""

    actor: str
    event_id: EventId
    command_id: str
    keyed: bool
    seen: Seen | None = None

    def meant_for(self, seen: Seen) -> Origin:
        """The same, for what was seen only."""
        return replace(self, seen=seen)


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


def is_kept(refusal: Refusal) -> bool:
    """Whether a command with a key that is refused like this stays refused."""
    return isinstance(refusal, _DECISIONS)


def answered(origin: Origin, refusal: Refusal | None, changed: Sequence[str] = ()) -> CommandAnswered:
    """The answer of a keyed command. What is too long for the log is left out of it, and so of the answer itself."""
    given = None
    if refusal is not None:
        text = json.dumps(refusal.facts)
        facts = json.loads(text) if len(text) <= FACTS_BYTES_MAX else {}
        given = GivenRefusal(kind=refusal.kind, message=refusal.message[:MESSAGE_LENGTH_MAX], facts=facts)
    return CommandAnswered(command_id=origin.command_id, refusal=given, changed=tuple(changed))


def refusal_given(given: GivenRefusal) -> Refusal:
    """The refusal as it was; one of a kind that no longer exists becomes a Conflict."""
    kind = next((found for found in _kinds(Refusal) if found.kind == given.kind), Conflict)
    return kind(given.message, **given.facts)  # pyright: ignore[reportArgumentType] -- facts came from a refusal


def _kinds(family: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in family.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _canonical(body: bytes) -> bytes:
    """What is no JSON is taken as it is: such a command will be refused anyway."""
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except ValueError:
        return body
