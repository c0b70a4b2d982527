"""The id under which a server knows a job: derived, so that a restarted gateway finds its job again."""

from __future__ import annotations

from uuid import UUID

from carnival.contracts.ids import JobId, derived_id


def prompt_id(job_id: JobId, attempt: int) -> str:
    """A UUID in canonical spelling. Attempts count from 1.

    A deliberate new attempt has another id, because a server does not de-duplicate ids and answers a used one with its
    old end.
    """
    return str(UUID(derived_id("prompt", job_id, attempt)))


def client_id(gateway: str, node: str) -> str:
    """The WebSocket session of a gateway at a node: the same after a restart."""
    return derived_id("client", gateway, node)
