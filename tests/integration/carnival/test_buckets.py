"""What buckets hold, as entries come and go."""

from __future__ import annotations

from nats.aio.client import Client
from nats.js.api import KeyValueConfig

from carnival.log.buckets import keys_in
from carnival.testing import until

TTL_SECONDS = 0.2


async def test_the_keys_of_a_bucket_are_those_it_holds_and_asking_ends_while_they_expire(
    nats_connection: Client,
) -> None:
    bucket = await nats_connection.jetstream().create_key_value(KeyValueConfig(bucket="EXPIRING", ttl=TTL_SECONDS))
    assert await keys_in(nats_connection, "EXPIRING") == []
    for key in ("b.2", "a"):
        await bucket.put(key, b"x")
    assert await keys_in(nats_connection, "EXPIRING") == ["a", "b.2"]

    async def gone() -> bool:
        return not await keys_in(nats_connection, "EXPIRING")

    await until(gone, seconds=20, what="the end of the entries", every=0.01)
