"""What each service's user may publish and subscribe to, as NATS spells it, and the users for the server's file.

JetStream is asked over subjects as well, so rights to streams, consumers and buckets are rights to publish.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from carnival.contracts.bus_rights import BUS_RIGHTS, OPERATOR, BusRights, LogReading, all_buckets
from carnival.contracts.catalogue import GATEWAY, WRITERS
from carnival.contracts.job import JobRequested
from carnival.contracts.pipeline import DEFAULT_POOL
from carnival.contracts.subjects import ALL_OF_FLEET, STREAM, every_run, every_subject_of

ANSWER_SECONDS_MAX: Final = 60
_API: Final = "$JS.API"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Of one user. `publish_not` is taken away from `publish`; `answers`: it may reply to what it is asked."""

    publish: tuple[str, ...]
    publish_not: tuple[str, ...]
    subscribe: tuple[str, ...]
    answers: bool


def inbox_of(user: str) -> str:
    """Where answers to a user arrive. Everybody has a place of its own, so that nobody hears those of others."""
    return f"_INBOX_{user.replace('-', '_')}"


def jobs_consumer(pool: str) -> str:
    """The durable consumer that hands a pool's jobs to its gateways."""
    return f"gateway-{pool}"


def permissions_of(service: str, pools: Sequence[str] = (DEFAULT_POOL,)) -> Permissions:
    """`pools` are those whose jobs gateways of this user may take."""
    rights = BUS_RIGHTS[service]
    publish = [*_events_of(service, pools), *_log_of(rights, pools), *_buckets_of(rights), *rights.sends, *rights.asks]
    hears = [place for subject in rights.hears for place in _in_pools(subject, service, pools)]
    return Permissions(
        publish=tuple(dict.fromkeys(publish)),
        publish_not=tuple(_consumers_of_others(service, pools)),
        subscribe=(f"{inbox_of(service)}.>", *hears, *rights.answers),
        answers=bool(rights.answers),
    )


def users_block(password: Callable[[str], str], pools: Sequence[str] = (DEFAULT_POOL,)) -> str:
    """The `authorization` block of a server's configuration. `password` gives what stands there for a user's."""
    users = [_user(service, password(service), permissions_of(service, pools)) for service in sorted(BUS_RIGHTS)]
    users.append(f"    {{ user: {OPERATOR}, password: {password(OPERATOR)} }}")
    return "\n".join(["authorization {", "  users: [", *users, "  ]", "}", ""])


def _user(name: str, password: str, permissions: Permissions) -> str:
    lines = [
        f"    {{ user: {name}, password: {password}",
        "      permissions: {",
        f"        publish: {{ allow: {_listed(permissions.publish)}",
        f"          deny: {_listed(permissions.publish_not)} }}",
        f"        subscribe: {{ allow: {_listed(permissions.subscribe)} }}",
        *([f'        allow_responses: {{ max: 1, expires: "{ANSWER_SECONDS_MAX}s" }}'] if permissions.answers else []),
        "      } }",
    ]
    return "\n".join(lines)


def _listed(subjects: Sequence[str]) -> str:
    return "[" + "".join(f"\n            {json.dumps(subject)}" for subject in subjects) + " ]"


def _events_of(service: str, pools: Sequence[str]) -> Iterator[str]:
    for event, writers in WRITERS.items():
        if service in writers:
            yield from _in_pools(every_subject_of(event), service, pools)


def _in_pools(subject: str, service: str, pools: Sequence[str]) -> Iterator[str]:
    """A gateway works for its pools only; a pool is the last token of a subject about jobs."""
    if service == GATEWAY and subject.endswith(".*"):
        yield from (f"{subject.removesuffix('*')}{pool}" for pool in pools)
    else:
        yield subject


def _log_of(rights: BusRights, pools: Sequence[str]) -> Iterator[str]:
    yield f"{_API}.STREAM.INFO.{STREAM}"
    if rights.sets_up:
        yield f"{_API}.STREAM.CREATE.{STREAM}"
    yield f"{_API}.DIRECT.GET.{STREAM}"
    yield from (f"{_API}.CONSUMER.{what}.{STREAM}.*" for what in ("MSG.NEXT", "DELETE"))
    match rights.log:
        case LogReading.ALL:
            yield from (f"{_API}.CONSUMER.CREATE.{STREAM}.*", f"{_API}.CONSUMER.CREATE.{STREAM}.*.>")
        case LogReading.JOBS:
            yield f"{_API}.CONSUMER.CREATE.{STREAM}.*.{ALL_OF_FLEET}"
            for pool in pools:
                name = jobs_consumer(pool)
                yield f"{_API}.CONSUMER.CREATE.{STREAM}.{name}.{every_run(JobRequested, pool)}"
                yield f"{_API}.CONSUMER.INFO.{STREAM}.{name}"
                yield f"$JS.ACK.{STREAM}.{name}.>"
    if rights.workers:
        yield from (f"{_API}.CONSUMER.INFO.{STREAM}.*", f"$JS.ACK.{STREAM}.*.>")


def _buckets_of(rights: BusRights) -> Iterator[str]:
    if rights.sets_up:
        yield from (f"{_API}.STREAM.CREATE.KV_{bucket}" for bucket in all_buckets())
    for bucket in (*rights.keeps, *rights.tells):
        yield f"$KV.{bucket}.>"
    for bucket in (*rights.keeps, *rights.reads):
        yield f"{_API}.STREAM.INFO.KV_{bucket}"
        yield f"{_API}.DIRECT.GET.KV_{bucket}.>"
        yield f"{_API}.CONSUMER.CREATE.KV_{bucket}"
        yield f"{_API}.CONSUMER.INFO.KV_{bucket}.*"
        yield f"$JS.FC.KV_{bucket}.>"


def _consumers_of_others(service: str, pools: Sequence[str]) -> Iterator[str]:
    """Whoever may read under any name could take deliveries meant for others: not those of durable consumers."""
    names = [name for other, rights in BUS_RIGHTS.items() if other != service for name in rights.workers]
    if service != GATEWAY:
        names += [jobs_consumer(pool) for pool in pools]
    for name in names:
        yield from (f"{_API}.CONSUMER.{what}.{STREAM}.{name}" for what in ("CREATE", "MSG.NEXT", "DELETE"))
        yield from (f"{_API}.CONSUMER.CREATE.{STREAM}.{name}.>", f"$JS.ACK.{STREAM}.{name}.>")
