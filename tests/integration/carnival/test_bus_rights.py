"""Least privilege on a real server: what the table of rights does not give is refused at once, in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError

from carnival.configuration.service import BusSettings
from carnival.contracts import subjects
from carnival.contracts.bus_rights import BUS_RIGHTS, OPERATOR, all_buckets
from carnival.contracts.catalogue import API, GATEWAY, PROJECTOR, SELECTOR, WRITERS
from carnival.contracts.ids import Position
from carnival.contracts.subjects import ACCESS, EVERYTHING, STREAM, subject_of
from carnival.log.connection import open_connection
from carnival.log.errors import Forbidden
from carnival.log.nats_log import NatsEventLog
from carnival.log.permissions import inbox_of, permissions_of, users_block
from carnival.log.refusals import refusable
from carnival.log.stream import BUCKETS, ensure_buckets, ensure_stream
from carnival.testing import examples, until
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import free_ports
from carnival_cli.servers.running import running_server

SERVICES = sorted(BUS_RIGHTS)
AT_ONCE_SECONDS = 5


@pytest.fixture(scope="module")
def guarded_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A server with the users of the bus; the password of each is its name."""
    folder = tmp_path_factory.mktemp("guarded-nats")
    with running_server(lambda: NatsServer(folder, *free_ports(2), blocks=users_block(json.dumps))) as server:
        asyncio.run(_set_up(server.url))
        yield server.url


async def _set_up(url: str) -> None:
    connection = await open_connection(as_user(url, OPERATOR), OPERATOR)
    await ensure_stream(connection)
    await ensure_buckets(connection)
    await connection.close()


def as_user(url: str, user: str) -> BusSettings:
    return BusSettings.model_validate({"nats_url": url, "nats_user": user, "nats_password": user})


@pytest.fixture(params=SERVICES)
async def service(request: pytest.FixtureRequest, guarded_url: str) -> AsyncGenerator[tuple[str, Client]]:
    """Each service in turn, and its connection."""
    connection = await open_connection(as_user(guarded_url, request.param), "instance-1")
    yield request.param, connection
    await connection.close()


@pytest.fixture
async def gateway(guarded_url: str) -> AsyncGenerator[Client]:
    connection = await open_connection(as_user(guarded_url, GATEWAY), "gateway-1")
    yield connection
    await connection.close()


async def asked(connection: Client, subject: str, body: Any = None) -> dict[str, Any]:
    payload = json.dumps(body).encode() if body is not None else b""
    async with refusable(subject):
        return json.loads((await connection.request(subject, payload, timeout=AT_ONCE_SECONDS)).data)


async def test_each_service_appends_its_own_events_and_no_others(service: tuple[str, Client]) -> None:
    name, connection = service
    log = NatsEventLog(connection)
    for event in examples.one_of_each():
        if name in WRITERS[type(event)]:
            await log.append(event, examples.meta(name))
        else:
            with pytest.raises(Forbidden, match=subject_of(event)):
                await log.append(event, examples.meta(name))


async def test_nobody_changes_or_empties_what_is_kept(service: tuple[str, Client]) -> None:
    _, connection = service
    for stream in (STREAM, f"KV_{subjects.PRESENCE_BUCKET}"):
        for what in ("STREAM.DELETE", "STREAM.PURGE", "STREAM.UPDATE", "STREAM.MSG.DELETE"):
            with pytest.raises(Forbidden):
                await asked(connection, f"$JS.API.{what}.{stream}", {"name": stream})
    with pytest.raises(Forbidden):
        await asked(connection, "$JS.API.STREAM.CREATE.MINE", {"name": "MINE", "subjects": [EVERYTHING]})


async def test_buckets_are_written_by_those_who_keep_them(service: tuple[str, Client]) -> None:
    name, connection = service
    rights = BUS_RIGHTS[name]
    for bucket in all_buckets():
        subject = f"$KV.{bucket}.key"
        if bucket in (*rights.keeps, *rights.tells):
            assert (await asked(connection, subject))["stream"] == f"KV_{bucket}"
        else:
            with pytest.raises(Forbidden):
                await asked(connection, subject)
        if bucket not in (*rights.keeps, *rights.reads):
            with pytest.raises(Forbidden):
                await asked(connection, f"$JS.API.DIRECT.GET.KV_{bucket}.{subject}")


@pytest.mark.parametrize("subject", [EVERYTHING, ">", f"{inbox_of(API)}.>", "$JS.API.>"])
async def test_nobody_listens_in(service: tuple[str, Client], subject: str) -> None:
    name, connection = service
    if subject == f"{inbox_of(name)}.>":
        return
    await connection.subscribe(subject)
    await until(lambda: f'subscription to "{subject.lower()}"' in str(connection.last_error), what="the refusal")


@pytest.mark.parametrize("wanted", [(EVERYTHING,), (ACCESS,), (ACCESS, subjects.FLEET)])
async def test_a_gateway_cannot_read_the_whole_log(gateway: Client, wanted: tuple[str, ...]) -> None:
    with pytest.raises(Forbidden):
        async with aclosing(NatsEventLog(gateway).follow(Position(0), subjects=wanted)) as batches:
            await anext(batches)


async def test_a_gateway_takes_jobs_of_its_own_pools_only(gateway: Client) -> None:
    own, other = ({"stream_name": STREAM, "config": _jobs_of(pool)} for pool in ("default", "large"))
    made = f"$JS.API.CONSUMER.CREATE.{STREAM}"
    assert (await asked(gateway, f"{made}.gateway-default.{_jobs_of('default')['filter_subject']}", own))["name"]
    for subject, body in (
        (f"{made}.gateway-large.{_jobs_of('large')['filter_subject']}", other),
        (f"{made}.gateway-default.{EVERYTHING}", own),
        (f"{made}.gateway-default", own),
        (f"$JS.API.CONSUMER.DURABLE.CREATE.{STREAM}.gateway-default", own),
    ):
        with pytest.raises(Forbidden):
            await asked(gateway, subject, body)


def _jobs_of(pool: str) -> dict[str, Any]:
    name = f"gateway-{pool}"
    return {
        "name": name,
        "durable_name": name,
        "filter_subject": f"carnival.events.run.*.JobRequested.{pool}",
        "ack_policy": "explicit",
    }


@pytest.mark.parametrize("user", [SELECTOR, PROJECTOR, API])
async def test_nobody_takes_or_acknowledges_the_jobs_of_gateways(guarded_url: str, user: str) -> None:
    connection = await open_connection(as_user(guarded_url, user), user)
    try:
        for subject in (
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.gateway-default",
            f"$JS.API.CONSUMER.DELETE.{STREAM}.gateway-default",
            f"$JS.API.CONSUMER.CREATE.{STREAM}.gateway-default.{EVERYTHING}",
            f"$JS.ACK.{STREAM}.gateway-default.1.1.1.1.0",
        ):
            with pytest.raises(Forbidden):
                await asked(connection, subject, {})
    finally:
        await connection.close()


async def test_each_sends_and_asks_what_the_table_says_and_nothing_else(service: tuple[str, Client]) -> None:
    name, connection = service
    may = {*BUS_RIGHTS[name].sends, *BUS_RIGHTS[name].asks}
    for subject in sorted({one for rights in BUS_RIGHTS.values() for one in (*rights.sends, *rights.asks)}):
        with pytest.raises(NoRespondersError if subject in may else Forbidden):
            await asked(connection, subject)


async def test_each_hears_and_answers_what_the_table_says_and_nothing_else(
    service: tuple[str, Client], guarded_url: str
) -> None:
    """Whoever answered the questions of others would decide in their place."""
    name, connection = service
    own = set(permissions_of(name).subscribe)
    operator = await open_connection(as_user(guarded_url, OPERATOR), OPERATOR)
    try:
        for subject in sorted({one for other in SERVICES for one in permissions_of(other).subscribe}):
            subscription = await connection.subscribe(subject)
            if subject in own:
                await connection.flush(AT_ONCE_SECONDS)
                await operator.publish(subject.replace("*", "one").replace(">", "one"))
                await subscription.next_msg(AT_ONCE_SECONDS)
            else:
                refusal = f'subscription to "{subject.lower()}"'
                await until(lambda words=refusal: words in str(connection.last_error).lower(), what=refusal)
    finally:
        await operator.close()


async def test_the_work_of_one_service_is_no_other_ones(service: tuple[str, Client]) -> None:
    name, connection = service
    for worker in {one for other, rights in BUS_RIGHTS.items() if other != name for one in rights.workers}:
        for subject in (
            f"$JS.API.CONSUMER.CREATE.{STREAM}.{worker}.{EVERYTHING}",
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{worker}",
            f"$JS.API.CONSUMER.DELETE.{STREAM}.{worker}",
            f"$JS.ACK.{STREAM}.{worker}.1.1.1.1.0",
        ):
            with pytest.raises(Forbidden):
                await asked(connection, subject, {})


async def test_a_consumer_cannot_carry_forged_events_into_the_log(gateway: Client, guarded_url: str) -> None:
    """The server delivers to any subject it is told to, with its own rights."""
    bucket = subjects.PRESENCE_BUCKET
    target = "carnival.events.access.t1.TokenIssued"
    operator = await open_connection(as_user(guarded_url, OPERATOR), OPERATOR)
    try:
        before = await NatsEventLog(operator).end()
        await asked(gateway, f"$KV.{bucket}.forged")
        config = {"deliver_subject": target, "ack_policy": "none", "deliver_policy": "all"}
        made = await asked(
            gateway, f"$JS.API.CONSUMER.CREATE.KV_{bucket}", {"stream_name": f"KV_{bucket}", "config": config}
        )
        await asked(gateway, f"$KV.{bucket}.forged")
        await asked(operator, f"$JS.API.CONSUMER.INFO.KV_{bucket}.{made['name']}")
        assert await NatsEventLog(operator).end() == before
    finally:
        await operator.close()


def test_every_bucket_has_its_users() -> None:
    assert set(all_buckets()) == set(BUCKETS)
