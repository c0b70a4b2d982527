"""What a key-value bucket holds now."""

from __future__ import annotations

from nats.aio.client import Client


async def keys_in(connection: Client, bucket: str) -> list[str]:
    """Sorted; those deleted a moment ago too, so a key may lead to nothing.

    The server is asked for what it stores. Counting a watcher's entries, the client waits in vain for one that expires
    between the count and its turn. Raises the client's own errors.
    """
    prefix = f"$KV.{bucket}."
    info = await connection.jetstream().stream_info(f"KV_{bucket}", subjects_filter=f"{prefix}>")
    return sorted(subject.removeprefix(prefix) for subject in info.state.subjects or {})
