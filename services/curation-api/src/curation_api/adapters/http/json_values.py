"""How many values a JSON text holds, counted on its way in, before anything reads it."""

from __future__ import annotations


class ValueCounter:
    """Counts the commas that stand outside texts. Takes a text in pieces, however it is cut; what is no JSON is counted
    somehow.
    """

    def __init__(self) -> None:
        self.commas = 0
        self._within = False
        self._cut = b""

    def add(self, piece: bytes) -> None:
        if b"\0" in piece:
            # UTF-16, where quotes are written otherwise.
            self.commas += piece.count(b",")
            return
        plain = (self._cut + piece).replace(rb"\\", b"")
        self._cut = b"\\" if plain.endswith(b"\\") else b""
        parts = plain.replace(rb"\"", b"").split(b'"')
        self.commas += b"".join(parts[self._within :: 2]).count(b",")
        self._within ^= len(parts) % 2 == 0
