"""Webhooks, against a real receiver that fails, hangs, redirects and is away (issue: who may)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from fixtures.receiver import Received, Receiver, running_receiver
from integration.curation_api.hub import KEY, OPERATOR, Hub, problem, running_hub

from carnival.testing import until
from curation_api.adapters import webhook_sender, webhook_workers


@pytest.fixture
async def receiver(free_port: int) -> AsyncGenerator[Receiver]:
    async with running_receiver(free_port) as running:
        yield running


def sending_hub(nats_url: str, postgres_url: str, folder: Path, **settings: Any) -> AbstractAsyncContextManager[Hub]:
    known: dict[str, Any] = {"api_auth": "token", "operator_token": OPERATOR, "service_key": KEY}
    return running_hub(nats_url, postgres_url, folder, **known | {"webhooks_to_private_addresses": True} | settings)


@pytest.fixture
async def hub(nats_url: str, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Hub]:
    """Its webhooks may go to this machine, and give up after three tries."""
    monkeypatch.setattr(webhook_workers, "AGAIN_SECONDS", (0.1, 0.2))
    async with sending_hub(nats_url, postgres_url, tmp_path) as running:
        running.http.headers["Authorization"] = f"Bearer {OPERATOR}"
        yield running


async def created(hub: Hub, url: str, **filters: Any) -> dict[str, Any]:
    answer = await hub.http.post("/api/webhooks", json={"url": url, **filters})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def paused(hub: Hub, run_id: str, reason: str) -> int:
    """An event about the run; its position."""
    await hub.http.post(f"/api/runs/{run_id}/resume")
    answer = await hub.http.post(f"/api/runs/{run_id}/pause", json={"reason": reason})
    return answer.json()["position"]


def reasons(messages: list[Received]) -> list[str]:
    return [one.said["data"]["event"]["reason"] for one in messages]


async def letters(hub: Hub, webhook_id: str) -> list[dict[str, Any]]:
    return await hub.get(f"/api/webhooks/{webhook_id}/dead-letters")


async def test_events_come_signed_in_log_order_as_the_filters_say(hub: Hub, receiver: Receiver) -> None:
    run_id, other = await hub.run(), await hub.run()
    hook = await created(hub, receiver.url, types=["RunPaused"], run_ids=[run_id])
    for number in range(5):
        await paused(hub, run_id, f"reason {number}")
        await paused(hub, other, "elsewhere")

    async def all_there() -> bool:
        return len(receiver.taken) >= 5

    await until(all_there, seconds=30)
    assert reasons(receiver.taken) == [f"reason {number}" for number in range(5)]
    assert all(one.is_signed_with(hook["secret"]) for one in receiver.taken)
    assert len({one.headers["webhook-id"] for one in receiver.taken}) == 5
    assert {one.said["type"] for one in receiver.taken} == {"RunPaused"}
    shown = await hub.get("/api/webhooks")
    assert [(one["url"], one["types"], one["dead_letters"]) for one in shown] == [(receiver.url, ["RunPaused"], 0)]
    assert hook["secret"] not in (await hub.http.get("/api/events")).text


async def test_a_receiver_that_fails_or_hangs_gets_the_same_message_again_and_nothing_overtakes_it(
    hub: Hub, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_sender, "SEND_SECONDS", 1.0)
    run_id = await hub.run()
    hook = await created(hub, receiver.url, types=["RunPaused"])
    receiver.status = lambda _: 500 if len(receiver.seen) == 1 else 200
    await paused(hub, run_id, "first")
    await paused(hub, run_id, "second")

    async def both() -> bool:
        return len(receiver.taken) == 2

    await until(both, seconds=30)
    assert reasons(receiver.taken) == ["first", "second"]
    assert [one.headers["webhook-id"] for one in receiver.seen[:2]] == [receiver.taken[0].headers["webhook-id"]] * 2

    receiver.answering.clear()
    await paused(hub, run_id, "third")

    async def asked_again() -> bool:
        return len(receiver.seen) >= 5

    await until(asked_again, seconds=30)
    receiver.answering.set()

    async def settled() -> bool:
        return len(receiver.taken) >= 3 or bool(await letters(hub, hook["id"]))

    await until(settled, seconds=30)


async def test_what_cannot_be_delivered_is_given_up_visibly_and_can_be_sent_again(hub: Hub, receiver: Receiver) -> None:
    run_id = await hub.run()
    hook = await created(hub, receiver.url, types=["RunPaused"])
    receiver.status = lambda one: 302 if one.said["data"]["event"]["reason"] == "bad" else 200
    position = await paused(hub, run_id, "bad")
    await paused(hub, run_id, "good")

    async def over() -> bool:
        return bool(receiver.taken and await letters(hub, hook["id"]))

    await until(over, seconds=30)
    assert reasons(receiver.taken) == ["good"], "a redirect is not followed"
    [letter] = await letters(hub, hook["id"])
    assert (letter["position"], letter["tries"], letter["reason"]) == (position, 3, "the receiver answered 302")
    again = f"/api/webhooks/{hook['id']}/dead-letters/{position}/redeliver"
    problem(await hub.http.post(again), 409, "webhook-failed")
    receiver.status = lambda _: 200
    assert (await hub.http.post(again)).json()["result"]["dead_letters"] == 0
    assert reasons(receiver.taken) == ["good", "bad"]
    problem(await hub.http.post(again), 404, "dead-letter-unknown")


async def test_a_receiver_that_was_away_misses_nothing_over_a_restart_and_nothing_comes_after_deletion(
    nats_url: str, postgres_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    await receiver.stop()
    async with sending_hub(nats_url, postgres_url, tmp_path) as first:
        first.http.headers["Authorization"] = f"Bearer {OPERATOR}"
        run_id = await first.run()
        hook = await created(first, receiver.url, types=["RunPaused"])
        await paused(first, run_id, "while away")

        async def tried_again() -> bool:
            [shown] = await first.get("/api/webhooks")
            return (shown["backlog"], shown["retrying"]) == (1, True)

        await until(tried_again, seconds=30)
        tried = await first.http.post(f"/api/webhooks/{hook['id']}/test")
        assert not tried.json()["delivered"]
        assert "ConnectError" in tried.json()["reason"]
    await receiver.start()
    async with sending_hub(nats_url, postgres_url, tmp_path) as second:
        second.http.headers["Authorization"] = f"Bearer {OPERATOR}"

        async def arrived() -> bool:
            return bool(receiver.taken)

        await until(arrived, seconds=60)
        assert reasons(receiver.taken) == ["while away"]
        assert receiver.taken[0].is_signed_with(hook["secret"])
        assert (await second.http.post(f"/api/webhooks/{hook['id']}/test")).json() == {
            "delivered": True,
            "reason": None,
        }
        assert receiver.taken.pop().said["type"] == "WebhookTest"

        async def nothing_waits() -> bool:
            [shown] = await second.get("/api/webhooks")
            return (shown["backlog"], shown["retrying"]) == (0, False)

        await until(nothing_waits, seconds=30)
        assert (await second.http.delete(f"/api/webhooks/{hook['id']}")).json()["changed"]
        assert not (await second.http.delete(f"/api/webhooks/{hook['id']}")).json()["changed"]

        async def forgotten() -> bool:
            consumers = await second.nats.jetstream().consumers_info("CARNIVAL")
            return all(not one.name.startswith("webhook-") for one in consumers)

        await until(forgotten, seconds=30)
        await paused(second, run_id, "too late")
        assert await second.get("/api/webhooks") == []
        problem(await second.http.post(f"/api/webhooks/{hook['id']}/test"), 404, "webhook-unknown")
    assert reasons(receiver.taken) == ["while away"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254"]
)
async def test_nothing_is_sent_into_private_networks(closed_hub: Hub, receiver: Receiver, host: str) -> None:
    hook = await created(closed_hub, f"http://{host}:{receiver.port}/hook")
    tried = (await closed_hub.http.post(f"/api/webhooks/{hook['id']}/test")).json()
    assert not tried["delivered"]
    assert "not on the public internet" in tried["reason"]
    assert receiver.seen == []


@pytest.mark.parametrize(
    "body",
    [
        {"url": "ftp://hooks.example.org/"},
        {"url": "https://"},
        {"url": "https://user:word@hooks.example.org/"},
        {"url": "https://hooks.example.org:99999/"},
        {"url": "https://hooks.example.org/", "types": ["TokenIssued"]},
        {"url": "https://hooks.example.org/", "types": ["Nonsense"]},
    ],
    ids=str,
)
async def test_an_address_or_a_type_that_cannot_be_is_refused(closed_hub: Hub, body: dict[str, Any]) -> None:
    problem(await closed_hub.http.post("/api/webhooks", json=body), 409, "bad-text")


async def test_a_service_without_a_lasting_key_makes_no_webhooks(
    nats_url: str, postgres_url: str, tmp_path: Path
) -> None:
    async with running_hub(nats_url, postgres_url, tmp_path) as keyless:
        answer = await keyless.http.post("/api/webhooks", json={"url": "https://hooks.example.org/"})
        problem(answer, 409, "service-key-missing")
