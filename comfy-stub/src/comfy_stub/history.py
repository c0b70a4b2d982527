"""Finished jobs, oldest first, at most ten thousand and one."""

from __future__ import annotations

from comfy_stub.wire import JsonObject

ENTRIES_BEFORE_DROPPING = 10_000


class History:
    """Not locked here: the prompt queue that owns it holds its lock around every call."""

    def __init__(self) -> None:
        self._entries: dict[str, JsonObject] = {}

    def add(self, prompt_id: str, entry: JsonObject) -> None:
        """Keep an entry; a re-used id keeps its place in the order and loses its old entry."""
        if len(self._entries) > ENTRIES_BEFORE_DROPPING:
            self._entries.pop(next(iter(self._entries)))
        self._entries[prompt_id] = entry

    def one(self, prompt_id: str) -> JsonObject:
        entry = self._entries.get(prompt_id)
        return {} if entry is None else {prompt_id: entry}

    def page(self, max_items: int | None, offset: int) -> JsonObject:
        """`offset` counts from the oldest; a negative one means the newest `max_items`."""
        if offset < 0:
            offset = 0 if max_items is None else len(self._entries) - max_items
        page: JsonObject = {}
        for place, (prompt_id, entry) in enumerate(self._entries.items()):
            if place < offset:
                continue
            page[prompt_id] = entry
            if max_items is not None and len(page) >= max_items:
                break
        return page

    def delete(self, prompt_id: str) -> None:
        self._entries.pop(prompt_id, None)

    def clear(self) -> None:
        self._entries.clear()
