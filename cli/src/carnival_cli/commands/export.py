"""`carnival export …`: votes, images and events to keep."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.commands.arguments import TheseRuns
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.export_events import events
from carnival_cli.commands.export_images import images
from carnival_cli.downloading import STDOUT, download
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import notice, print_json

app = typer.Typer(no_args_is_help=True, help="Export votes, images and events.")
app.command("images")(images)
app.command("events")(events)


class Split(StrEnum):
    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class FileFormat(StrEnum):
    JSONL = "jsonl"
    PARQUET = "parquet"


class Embedded(StrEnum):
    NONE = "none"
    JPEG = "jpeg"
    ORIGINAL = "original"


@dataclass
class PreferenceFile:
    """One file of an export and what it holds. Rows are counted where they are lines."""

    path: Path
    kind: FileFormat
    split: Split | None
    size: int = 0
    rows: int = 0

    def took(self, piece: bytes) -> None:
        self.size += len(piece)
        self.rows += piece.count(b"\n") if self.kind is FileFormat.JSONL else 0

    def told(self) -> dict[str, Any]:
        rows = self.rows if self.kind is FileFormat.JSONL else None
        return {"path": str(self.path), "split": self.split, "rows": rows, "bytes": self.size}


@app.command("preferences")
@command
async def preferences(
    target: Annotated[
        Path,
        typer.Argument(
            help="A file; or a folder, which gets one file per split; or - for standard output.", allow_dash=True
        ),
    ] = Path("preferences.jsonl"),
    kind: Annotated[
        FileFormat | None, typer.Option("--format", help="Default: by the file's extension, otherwise jsonl.")
    ] = None,
    run: TheseRuns = None,
    step: Annotated[int | None, typer.Option(min=1, help="Only votes of this step, given by its order.")] = None,
    split: Annotated[Split | None, typer.Option(help="Only runs of this split.")] = None,
    validation: Annotated[float, typer.Option(min=0, max=1, help="Share of the runs held out for validation.")] = 0.1,
    test: Annotated[float, typer.Option(min=0, max=1, help="Share of the runs held out for testing.")] = 0.1,
    both_bad: Annotated[
        bool, typer.Option("--both-bad", help="Include votes for neither image, with has_label false.")
    ] = False,
    guests: Annotated[bool, typer.Option("--guests", help="Include guests' votes that were not merged.")] = False,
    images: Annotated[Embedded, typer.Option(help="What jpg_0 and jpg_1 contain.")] = Embedded.NONE,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Export votes in the columns of Pick-a-Pic, as JSON Lines or Parquet. Votes taken back are absent."""
    if as_json and target == STDOUT:
        raise CommandFailed("Standard output takes the rows or the report, not both: leave out --json.", Exit.USAGE)
    query: dict[str, Any] = {"step": step, "validation": validation, "test": test, "images": images.value}
    query |= {"both_bad": "true" if both_bad else None, "guests": "true" if guests else None}
    async with connected(api_address(api, data)) as client:
        query["run_id"] = [(await find_run(client, wanted)).run_id for wanted in run or ()] or None
        files = files_of(target, kind, split)
        for file in files:
            await _save(client, file, query)
    _tell(files, as_json=as_json)


def files_of(target: Path, kind: FileFormat | None, split: Split | None) -> list[PreferenceFile]:
    """What is written: the file itself, or in a folder a file for each split that is wanted."""
    if target == STDOUT or (target.suffix and not target.is_dir()):
        ending = FileFormat.PARQUET if target.suffix == ".parquet" else FileFormat.JSONL
        return [PreferenceFile(target, kind or ending, split)]
    kind = kind or FileFormat.JSONL
    return [PreferenceFile(target / f"{one}.{kind}", kind, one) for one in ([split] if split else Split)]


async def _save(api: CarnivalApi, file: PreferenceFile, query: dict[str, Any]) -> None:
    wanted = query | {"split": file.split, "format": file.kind}
    await download(api.exports.preferences(**wanted), file.path, file.took)


def _tell(files: list[PreferenceFile], *, as_json: bool) -> None:
    if as_json:
        print_json({"files": [file.told() for file in files]})
        return
    for file in files:
        rows = f"{file.rows} votes, " if file.kind is FileFormat.JSONL else ""
        notice(f"{file.path}: {rows}{file.size} bytes")
