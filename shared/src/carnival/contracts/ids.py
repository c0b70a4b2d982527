"""Identities. All are opaque lower-case hexadecimal strings, safe as a NATS subject token and in a file name."""

from __future__ import annotations

from secrets import token_hex
from typing import Final, NewType
from uuid import UUID, uuid5

PipelineId = NewType("PipelineId", str)
RunId = NewType("RunId", str)
MatrixId = NewType("MatrixId", str)
CandidateId = NewType("CandidateId", str)
JobId = NewType("JobId", str)
VoteId = NewType("VoteId", str)
TokenId = NewType("TokenId", str)
GuestLinkId = NewType("GuestLinkId", str)
WebhookId = NewType("WebhookId", str)
EventId = NewType("EventId", str)
Position = NewType("Position", int)
"""A sequence number of the log stream; 0 stands before the first event."""

ID_BYTES: Final = 16

_NAMESPACE = UUID("6f2d4c1e-52b5-4ad6-9a3f-0c8d7c1f6b11")


def fresh_id() -> str:
    """A new random identity. Called at the edges only, never in a domain."""
    return token_hex(ID_BYTES)


def derived_id(*parts: object) -> str:
    """The identity that belongs to `parts`: equal parts give the equal identity, in every process and for ever."""
    return uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts)).hex
