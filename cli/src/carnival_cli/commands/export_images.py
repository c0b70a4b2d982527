"""`carnival export images`: image files in a folder, with a manifest of all that is known of them."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, Final

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.errors import ApiRefused
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.candidate import ExportedImage
from carnival_cli.commands.arguments import TheseRuns
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.gallery import State
from carnival_cli.exits import CommandFailed
from carnival_cli.output import counted, print_json, progress_bar, say
from carnival_cli.picture_files import Fetching, Shape
from carnival_cli.saving import whole_file

MANIFEST: Final = "manifest.jsonl"
ABSENCES: Final = {"image-discarded": "discarded", "image-missing": "missing", "image-damaged": "damaged"}


@command
async def images(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The target folder.", file_okay=False)],
    run: TheseRuns = None,
    step: Annotated[int | None, typer.Option(min=1, help="Only this step, given by its order.")] = None,
    status: Annotated[State | None, typer.Option(help="Only images in this state.")] = None,
    top: Annotated[
        int | None, typer.Option(min=1, help="Only this many of the best images of each step of each run.")
    ] = None,
    bare: Annotated[
        bool, typer.Option("--bare", help="Leave prompt and workflow out of the files; the pixels stay the same.")
    ] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Export images to DIR as they lie below the image root, with a line for each in DIR/manifest.jsonl.

    If interrupted, run it again to continue; the manifest appears once all files are there.
    """
    query: dict[str, Any] = {"step": step, "status": status, "top": top}
    async with connected(api_address(api, data)) as client:
        query["run_id"] = [(await find_run(client, wanted)).run_id for wanted in run or ()] or None
        report = await _Export(client, folder, Shape.BARE if bare else Shape.ORIGINAL).carry_out(query)
    if as_json:
        print_json({"folder": str(folder), "manifest": str(folder / MANIFEST), **report})
        return
    size = report["bytes"] / 1e6
    say(f"{folder}: {counted(report['images'], 'image')}, {report['fetched']} of them fetched now ({size:.1f} MB).")
    for reason, count in report["absent"].items():
        say(f"{counted(count, 'more image')} listed without a file: {reason}.")


class _Export:
    """The listing first, whole, so that no slow disk lets the hub wait; then file by file."""

    def __init__(self, api: CarnivalApi, folder: Path, shape: Shape) -> None:
        self._api = api
        self._folder = folder
        self._fetching = Fetching(api, shape)
        self._counts = Counter[str]()
        self._absent = Counter[str]()

    async def carry_out(self, query: dict[str, Any]) -> dict[str, Any]:
        """What was done: images, fetched, bytes, and how many are absent by reason."""
        with ExitStack() as stack:
            listing = stack.enter_context(TemporaryFile("w+", encoding="utf-8"))
            total = await self._list(query, listing)
            manifest = stack.enter_context(whole_file(self._folder / MANIFEST))
            progress = stack.enter_context(progress_bar())
            for line in progress.track(listing, total=total, description="images"):
                manifest.write((json.dumps(await self._export(json.loads(line)), ensure_ascii=False) + "\n").encode())
        counts = {name: self._counts[name] for name in ("images", "fetched", "bytes")}
        return counts | {"absent": dict(self._absent)}

    async def _list(self, query: dict[str, Any], listing: IO[str]) -> int:
        total = 0
        async for line in self._api.exports.image_lines(**query):
            listing.write(line + "\n")
            total += 1
        listing.seek(0)
        return total

    async def _export(self, line: dict[str, Any]) -> dict[str, Any]:
        """The image's line as it is true of this folder."""
        image = ExportedImage.model_validate(line)
        if image.file is not None:
            try:
                file = await self._fetching.fetch(image.candidate_id, image.sha256, self._place(image.file))
            except ApiRefused as refusal:
                if refusal.kind not in ABSENCES:
                    raise
                line |= {"file": None, "file_sha256": None, "absence": ABSENCES[refusal.kind]}
            else:
                self._counts.update(images=1, fetched=int(file.fetched), bytes=file.size if file.fetched else 0)
                return line | {"file_sha256": file.sha256}
        self._absent[line["absence"]] += 1
        return line

    def _place(self, file: str) -> Path:
        """Raises CommandFailed for a path that leads out of the folder."""
        place = self._folder / file
        if not place.resolve().is_relative_to(self._folder.resolve()):
            raise CommandFailed(f"The hub names a file outside of the folder: {file!r}.")
        return place
