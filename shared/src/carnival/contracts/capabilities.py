"""What a ComfyUI server can do. On the bus it stands under its own digest: equal servers of a pool share one entry."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, Self

from pydantic import Field, ValidationError

from carnival.contracts.envelope import Value

PACKED_BYTES_MAX: Final = 512 * 1024
UNPACKED_BYTES_MAX: Final = 32 * 1024 * 1024
DIGEST_LENGTH: Final = 32


def capabilities_key(pool: str, digest: str) -> str:
    """The entry in the bucket of capabilities."""
    return f"{pool}.{digest or 'unknown'}"


class BadCapabilities(ValueError):
    """Bytes that are no packed capabilities, or too many of them."""


class Lack(Value):
    """What a server does not have for one node of a workflow. Without `input` it does not know the node's class."""

    node_id: str
    class_type: str
    input: str | None = None
    file: str | None = None

    @property
    def words(self) -> str:
        if self.input is None:
            return f"node class {self.class_type} (node {self.node_id})"
        return f"file {self.file} for {self.input} of {self.class_type} (node {self.node_id})"


class Capabilities(Value):
    """The node classes of one server, and the files it has for those inputs that choose one.

    `classes` is class -> input -> place in `shelves`: many inputs choose from one folder, so each list stands once. An
    input that is not named here is not checked.
    """

    version: str = ""
    classes: dict[str, dict[str, int]] = Field(default_factory=dict)
    shelves: tuple[tuple[str, ...], ...] = ()

    def lacks(self, node_id: str, class_type: str, inputs: Mapping[str, object]) -> Iterator[Lack]:
        """What is missing for one node of a workflow. Only text values are checked."""
        choices = self.classes.get(class_type)
        if choices is None:
            yield Lack(node_id=node_id, class_type=class_type)
            return
        for name, place in choices.items():
            value = inputs.get(name)
            if isinstance(value, str) and value not in self.shelves[place]:
                yield Lack(node_id=node_id, class_type=class_type, input=name, file=value)

    def packed(self) -> tuple[str, bytes]:
        """Digest and compressed form, at most PACKED_BYTES_MAX: too long lists of files are left out, longest first."""
        chosen = self
        while len(data := zlib.compress(chosen.model_dump_json().encode())) > PACKED_BYTES_MAX and chosen.shelves:
            chosen = chosen._without_longest_shelf()
        return hashlib.sha256(data).hexdigest()[:DIGEST_LENGTH], data

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Raises BadCapabilities."""
        inflater = zlib.decompressobj()
        try:
            text = inflater.decompress(data, UNPACKED_BYTES_MAX)
            if not inflater.eof:
                raise BadCapabilities("The capabilities are cut off or too long")
            return cls.model_validate_json(text)
        except (zlib.error, ValidationError) as error:
            raise BadCapabilities(f"The capabilities cannot be read: {error}") from error

    def _without_longest_shelf(self) -> Self:
        longest = max(range(len(self.shelves)), key=lambda place: sum(map(len, self.shelves[place])))
        moved = {place: place - (place > longest) for place in range(len(self.shelves)) if place != longest}
        return self.model_copy(
            update={
                "shelves": tuple(shelf for place, shelf in enumerate(self.shelves) if place != longest),
                "classes": {
                    name: {given: moved[place] for given, place in inputs.items() if place != longest}
                    for name, inputs in self.classes.items()
                },
            }
        )
