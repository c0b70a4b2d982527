"""A bounded memory of what was read."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED_MAX: Final = 256


class Remembered(Generic[K, V]):
    """The newest entries, a bounded number of them."""

    def __init__(self, entries_max: int = REMEMBERED_MAX) -> None:
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._entries_max = entries_max

    def get(self, key: K) -> V | None:
        return self._entries.get(key)

    def put(self, key: K, value: V) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._entries_max:
            self._entries.popitem(last=False)

    def since_first(self, key: K, value: V) -> V:
        """What is remembered of `key`; from now on `value`, if that is nothing yet."""
        if key not in self._entries:
            self.put(key, value)
        return self._entries[key]

    def forget(self, key: K) -> None:
        self._entries.pop(key, None)
