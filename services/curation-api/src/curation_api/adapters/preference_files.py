"""Preference rows as files, written piece by piece: JSON Lines, and Parquet by row groups."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, get_args

from pydantic import BaseModel

from curation_api.adapters.growing_file import GrowingFile
from curation_api.application.views.preference import PreferenceRow
from curation_api.domain.export_refusals import ParquetAbsent

ROWS_PER_GROUP: Final = 10_000
IMAGE_BYTES_PER_GROUP: Final = 64 * 1024 * 1024


class PreferenceFormat(StrEnum):
    JSONL = "jsonl"
    PARQUET = "parquet"


class PreferenceFile(Protocol):
    """A file that grows: what the calls return, one after the other, is its content. They compute: call in a thread."""

    media_type: str

    def add(self, rows: Sequence[PreferenceRow]) -> bytes: ...

    def end(self) -> bytes: ...


def preference_file(kind: PreferenceFormat) -> PreferenceFile:
    """An empty file. Raises ParquetAbsent where pyarrow is not installed."""
    match kind:
        case PreferenceFormat.JSONL:
            return JsonLines()
        case PreferenceFormat.PARQUET:
            return Parquet()


def json_lines(rows: Iterable[BaseModel]) -> bytes:
    """Each as a JSON object on a line of its own."""
    return b"".join(row.model_dump_json().encode() + b"\n" for row in rows)


class JsonLines:
    """One JSON object a line."""

    media_type = "application/x-ndjson"

    def add(self, rows: Sequence[PreferenceRow]) -> bytes:
        return json_lines(rows)

    def end(self) -> bytes:
        return b""


class Parquet:
    """Row groups of 10,000 rows or 64 MB of images; only the one that fills is in memory."""

    media_type = "application/vnd.apache.parquet"

    def __init__(self) -> None:
        self._arrow, parquet = _pyarrow()
        self._schema = self._arrow.schema([(name, self._type_of(name)) for name in PreferenceRow.model_fields])
        self._sink = GrowingFile()
        self._writer = parquet.ParquetWriter(self._sink, self._schema, compression="zstd")
        self._rows: list[PreferenceRow] = []
        self._image_bytes = 0

    def add(self, rows: Sequence[PreferenceRow]) -> bytes:
        self._rows += rows
        self._image_bytes += sum(len(row.jpg_0 or b"") + len(row.jpg_1 or b"") for row in rows)
        if len(self._rows) >= ROWS_PER_GROUP or self._image_bytes >= IMAGE_BYTES_PER_GROUP:
            self._write_group()
        return self._sink.taken()

    def end(self) -> bytes:
        if self._rows:
            self._write_group()
        self._writer.close()
        return self._sink.taken()

    def _write_group(self) -> None:
        columns = {name: [getattr(row, name) for row in self._rows] for name in PreferenceRow.model_fields}
        self._writer.write_table(self._arrow.table(columns, schema=self._schema))
        self._rows, self._image_bytes = [], 0

    def _type_of(self, name: str) -> Any:
        """The column's type: that of Pick-a-Pic where it has the column, with `user_id` as text."""
        annotation = PreferenceRow.model_fields[name].annotation
        kinds = get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
        kind: Any = next(kind for kind in kinds if kind is not types.NoneType)
        if kind is datetime:
            return self._arrow.timestamp("us", tz="UTC")
        known: dict[Any, Any] = {
            bool: self._arrow.bool_,
            int: self._arrow.int64,
            float: self._arrow.float64,
            bytes: self._arrow.binary,
        }
        return known.get(kind, self._arrow.string)()


def _pyarrow() -> tuple[Any, Any]:
    """Here and not above: it is optional, and takes longer to import than most services to start."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ParquetAbsent(
            "Parquet needs pyarrow beside the API, which is not installed: pip install 'turbo-carnival[parquet]'"
        ) from error
    return pyarrow, parquet
