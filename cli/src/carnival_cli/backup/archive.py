"""The backup folder: segments of the log, the images under their places, and a manifest that says what is whole.

manifest.json          what it does not name does not count
log/00000001.jsonl.gz  messages as JSON lines from that position on: position, subject, headers, body (base64)
images/...             the originals
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from carnival.contracts.ids import Position
from carnival.log.port import StoredMessage
from carnival_cli.exits import CommandFailed

FORMAT: Final = 1
SEGMENT_MESSAGES: Final = 20_000


class Segment(BaseModel):
    """`sha256` is that of the uncompressed lines."""

    model_config = ConfigDict(frozen=True)

    file: str
    first: int
    last: int
    sha256: str


class Manifest(BaseModel):
    """The log up to `position` and, once `finished`, every image it speaks of that was still in the store."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    finished: bool = False
    position: int = 0
    segments: tuple[Segment, ...] = ()
    images: int = 0
    image_bytes: int = 0

    @property
    def digest(self) -> str:
        """Equal for equal logs saved in equal segments."""
        return hashlib.sha256("".join(segment.sha256 for segment in self.segments).encode()).hexdigest()


class Archive:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def images(self) -> Path:
        return self._folder / "images"

    def manifest(self) -> Manifest | None:
        """None where no backup was begun. Raises CommandFailed for what is none of ours."""
        try:
            found = Manifest.model_validate_json((self._folder / "manifest.json").read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise CommandFailed(f"{self._folder}/manifest.json is no manifest of a backup.") from error
        if found.format != FORMAT:
            raise CommandFailed(f"The backup has format {found.format}; this version reads {FORMAT}.")
        return found

    def note(self, manifest: Manifest) -> None:
        _write_whole(self._folder / "manifest.json", manifest.model_dump_json(indent=1).encode())

    def write(self, messages: list[StoredMessage]) -> Segment:
        """One segment. It counts once a manifest names it."""
        lines = b"".join(map(_line, messages))
        name = f"log/{messages[0].position:08d}.jsonl.gz"
        (self._folder / "log").mkdir(parents=True, exist_ok=True)
        _write_whole(self._folder / name, gzip.compress(lines, compresslevel=1, mtime=0))
        digest = hashlib.sha256(lines).hexdigest()
        return Segment(file=name, first=messages[0].position, last=messages[-1].position, sha256=digest)

    def read(self, segment: Segment) -> list[StoredMessage]:
        """Raises CommandFailed for a segment that is not what the manifest says."""
        try:
            lines = gzip.decompress((self._folder / segment.file).read_bytes())
        except (OSError, EOFError) as error:
            raise CommandFailed(f"{segment.file} of the backup cannot be read: {error}") from error
        if hashlib.sha256(lines).hexdigest() != segment.sha256:
            raise CommandFailed(f"{segment.file} of the backup is damaged: its digest is another one.")
        return list(_messages(lines.splitlines()))


def _line(message: StoredMessage) -> bytes:
    body = base64.b64encode(message.body).decode()
    line = {"position": message.position, "subject": message.subject, "headers": message.headers, "body": body}
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _messages(lines: Iterable[bytes]) -> Generator[StoredMessage]:
    for line in lines:
        found = json.loads(line)
        body = base64.b64decode(found["body"])
        yield StoredMessage(Position(found["position"]), found["subject"], found["headers"], body)


def _write_whole(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
