"""The stream's configuration as code, and the check that the server really keeps its promises."""

from __future__ import annotations

import json
from typing import Any, Final

from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from carnival.contracts.subjects import (
    CAPABILITIES_BUCKET,
    EVERYTHING,
    HEALTH_BUCKET,
    LEASE_BUCKET,
    PRESENCE_BUCKET,
    PREVIEW_BUCKET,
    SIGN_IN_BUCKET,
    SKIP_BUCKET,
    STREAM,
    WORK_BUCKET,
)
from carnival.log.errors import LogUnavailable, StreamLacksGuarantee
from carnival.log.port import DUPLICATE_WINDOW_SECONDS
from carnival.log.refusals import refusable

PRESENCE_TTL_SECONDS: Final = 10
CAPABILITIES_TTL_SECONDS: Final = 120
HEALTH_TTL_SECONDS: Final = 3600
LEASE_TTL_SECONDS: Final = 5
SKIP_TTL_SECONDS: Final = 3600
WORK_TTL_SECONDS: Final = 15
PREVIEW_TTL_SECONDS: Final = 30
PREVIEWS_BYTES_MAX: Final = 64 * 1024 * 1024
SIGN_IN_TTL_SECONDS: Final = 600
BUCKETS: Final = {
    PRESENCE_BUCKET: PRESENCE_TTL_SECONDS,
    CAPABILITIES_BUCKET: CAPABILITIES_TTL_SECONDS,
    HEALTH_BUCKET: HEALTH_TTL_SECONDS,
    LEASE_BUCKET: LEASE_TTL_SECONDS,
    SKIP_BUCKET: SKIP_TTL_SECONDS,
    WORK_BUCKET: WORK_TTL_SECONDS,
    PREVIEW_BUCKET: PREVIEW_TTL_SECONDS,
    SIGN_IN_BUCKET: SIGN_IN_TTL_SECONDS,
}
_FULL_OF_PREVIEWS: Final = {"max_bytes": PREVIEWS_BYTES_MAX, "discard": "old"}
REQUEST_TIMEOUT_SECONDS: Final = 5.0
NANOSECONDS: Final = 1_000_000_000
NO_SUCH_STREAM: Final = 10059
STREAM_EXISTS_OTHERWISE: Final = 10058
MESSAGE_BYTES_MAX: Final = 4 * 1024 * 1024

_GUARANTEES: Final[dict[str, tuple[Any, str]]] = {
    "storage": ("file", "events must survive a restart of the server (storage: file)"),
    "retention": ("limits", "events must stay after they were read (retention: limits)"),
    "max_age": (0, "events must never expire (max_age: 0)"),
    "max_msgs": (-1, "the number of events must not be limited (max_msgs: -1)"),
    "max_bytes": (-1, "the size of the log must not be limited (max_bytes: -1)"),
    "max_msgs_per_subject": (-1, "events of one subject must not replace each other (max_msgs_per_subject: -1)"),
    "discard": ("new", "a full log must refuse new events instead of eating old ones (discard: new)"),
    "deny_delete": (True, "no event may be deleted (deny_delete: true)"),
    "deny_purge": (True, "the log must not be purged (deny_purge: true)"),
    "allow_direct": (True, "single events must be readable directly (allow_direct: true)"),
    "allow_atomic": (True, "several events must be appendable all or none (allow_atomic: true)"),
}


async def ensure_stream(connection: Client, *, replicas: int = 1) -> None:
    """Create the stream if it is absent, then check it. Raises StreamLacksGuarantee naming what is missing."""
    info = await _ask(connection, f"STREAM.INFO.{STREAM}")
    if _error_code(info) == NO_SUCH_STREAM:
        info = await _ask(connection, f"STREAM.CREATE.{STREAM}", stream_configuration(replicas))
        if _error_code(info) == STREAM_EXISTS_OTHERWISE:
            info = await _ask(connection, f"STREAM.INFO.{STREAM}")
    if "error" in info:
        raise StreamLacksGuarantee(f"stream {STREAM} cannot be set up: {info['error'].get('description')}")
    check_configuration(info["config"])
    state = info.get("state", {})
    if state.get("num_deleted", 0) or state.get("first_seq", 1) > 1:
        raise StreamLacksGuarantee(f"stream {STREAM} has holes: events are missing from it")


def check_configuration(config: dict[str, Any]) -> None:
    """Raises StreamLacksGuarantee with a sentence for the first guarantee that `config` does not give."""
    if config.get("subjects") != [EVERYTHING]:
        raise StreamLacksGuarantee(f"stream {STREAM} must hold exactly the subjects {EVERYTHING}")
    for key, (wanted, sentence) in _GUARANTEES.items():
        found = config.get(key, 0 if key == "max_age" else None)
        if found != wanted:
            raise StreamLacksGuarantee(f"stream {STREAM}: {sentence}, but it is {found!r}")
    if config.get("persist_mode") == "async":
        raise StreamLacksGuarantee(
            f"stream {STREAM}: an acknowledged event must be in the file (persist_mode must not be async)"
        )
    window = config.get("duplicate_window", 0) / NANOSECONDS
    if window < DUPLICATE_WINDOW_SECONDS:
        raise StreamLacksGuarantee(
            f"stream {STREAM}: an event sent again must be recognised for {DUPLICATE_WINDOW_SECONDS} s,"
            f" not {window:.0f} s"
        )


async def ensure_buckets(connection: Client) -> None:
    """Create the key-value buckets of short-lived things if they are absent, in as many copies as the log has."""
    log = await _ask(connection, f"STREAM.INFO.{STREAM}")
    replicas = log.get("config", {}).get("num_replicas", 1)
    for bucket, ttl in BUCKETS.items():
        answer = await _ask(connection, f"STREAM.CREATE.KV_{bucket}", _bucket_configuration(bucket, ttl, replicas))
        if "error" in answer and _error_code(answer) != STREAM_EXISTS_OTHERWISE:
            raise StreamLacksGuarantee(f"bucket {bucket} cannot be set up: {answer['error'].get('description')}")


async def keep_copies(connection: Client, replicas: int) -> None:
    """Let the servers keep so many copies of the log and of each bucket. Raises StreamLacksGuarantee."""
    for name in (STREAM, *(f"KV_{bucket}" for bucket in BUCKETS)):
        answer = await _ask(connection, f"STREAM.INFO.{name}")
        config = answer.get("config", {})
        if "error" not in answer and config["num_replicas"] != replicas:
            answer = await _ask(connection, f"STREAM.UPDATE.{name}", {**config, "num_replicas": replicas})
        if "error" in answer:
            reason = answer["error"].get("description")
            raise StreamLacksGuarantee(f"stream {name} cannot be kept in {replicas} copies: {reason}")


def stream_configuration(replicas: int) -> dict[str, Any]:
    """The stream as we create it."""
    return {
        "name": STREAM,
        "description": "Every fact of Turbo Carnival, for ever",
        "subjects": [EVERYTHING],
        "num_replicas": replicas,
        "compression": "s2",
        "duplicate_window": DUPLICATE_WINDOW_SECONDS * NANOSECONDS,
        "max_msg_size": MESSAGE_BYTES_MAX,
        **{key: wanted for key, (wanted, _) in _GUARANTEES.items()},
    }


def _bucket_configuration(bucket: str, ttl_seconds: int, replicas: int) -> dict[str, Any]:
    return {
        "name": f"KV_{bucket}",
        "num_replicas": replicas,
        "subjects": [f"$KV.{bucket}.>"],
        "storage": "memory",
        "retention": "limits",
        "discard": "new",
        "max_msgs_per_subject": 1,
        "max_age": ttl_seconds * NANOSECONDS,
        "duplicate_window": ttl_seconds * NANOSECONDS,
        "allow_rollup_hdrs": True,
        "allow_direct": True,
        "deny_delete": True,
        **(_FULL_OF_PREVIEWS if bucket == PREVIEW_BUCKET else {}),
    }


async def _ask(connection: Client, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    payload = json.dumps(body).encode() if body else b""
    subject = f"$JS.API.{what}"
    try:
        async with refusable(subject):
            answer = await connection.request(subject, payload, timeout=REQUEST_TIMEOUT_SECONDS)
    except (NoRespondersError, NatsTimeout) as error:
        raise LogUnavailable(f"JetStream does not answer to {what}") from error
    return json.loads(answer.data)


def _error_code(answer: dict[str, Any]) -> int | None:
    return answer.get("error", {}).get("err_code")
