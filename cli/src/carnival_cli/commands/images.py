"""`carnival images …`: image files onto this machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.errors import ApiRefused
from carnival_cli.api.lookup import find_run, find_step
from carnival_cli.api.views.candidate import Candidate
from carnival_cli.commands.arguments import OneStep
from carnival_cli.commands.completion import complete_run
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.gallery import State
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import counted, notice, print_json, progress_bar, say
from carnival_cli.picture_files import Fetching, PictureFile, Shape

app = typer.Typer(no_args_is_help=True, help="Fetch image files.")

NOT_FOUND: Final = 404
PAGE: Final = 200

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@app.command("get")
@command
async def get(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="CANDIDATE|RUN...",
            help="Ids of images, or their beginnings; or runs, for all their images.",
            autocompletion=complete_run,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The target folder.")] = Path(),
    thumbnail: Annotated[bool, typer.Option("--thumbnail", help="Fetch small WebP files instead.")] = False,
    width: Annotated[int | None, typer.Option(min=1, max=65535, help="Fetch thumbnails at least this wide.")] = None,
    bare: Annotated[
        bool, typer.Option("--bare", help="Leave prompt and workflow out of the files; the pixels stay the same.")
    ] = False,
    step: OneStep = None,
    status: Annotated[State, typer.Option(help="For runs: only images in this state.")] = State.LIVE,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Fetch images as files and print their paths; what is there already is not fetched again.

    `carnival export images` fetches many with a manifest of all that is known of them.
    """
    if thumbnail and bare:
        raise CommandFailed("Thumbnails are bare: give --thumbnail or --bare.", Exit.USAGE)
    shape = Shape.THUMBNAIL if thumbnail or width else Shape.BARE if bare else Shape.ORIGINAL
    async with connected(api_address(api, data)) as client:
        images = [image for one in what for image in await _meant(client, one, step, status)]
        fetching = Fetching(client, shape, width)
        kept = [image for image in images if not image.discarded or shape is Shape.THUMBNAIL]
        files = await _fetched(fetching, kept, output)
    if len(kept) < len(images):
        gone = counted(len(images) - len(kept), "original")
        notice(f"{gone} left out, discarded; --thumbnail fetches what is left.")
    if as_json:
        print_json({"files": [_told(*pair) for pair in zip(kept, files, strict=True)]})
        return
    for file in files:
        say(str(file.path))


async def _meant(api: CarnivalApi, what: str, step: str | None, status: State) -> list[Candidate]:
    """The image whose id is this or begins so, else the images of this run. Raises CommandFailed."""
    if _ID.fullmatch(what):
        begun = await api.candidates.ids(what)
        try:
            return [await api.candidates.one(begun[0] if len(begun) == 1 else what)]
        except ApiRefused as refusal:
            if refusal.status != NOT_FOUND:
                raise
    run = await find_run(api, what)
    order = find_step(run, step).order if step else None
    return await api.candidates.of_run(run.run_id, step=order, status=status, limit=PAGE)


async def _fetched(fetching: Fetching, images: Sequence[Candidate], folder: Path) -> list[PictureFile]:
    with progress_bar() as progress:
        return [
            await fetching.fetch(image.candidate_id, image.sha256, folder / fetching.name(image.place))
            for image in progress.track(images, description="images")
        ]


def _told(image: Candidate, file: PictureFile) -> dict[str, object]:
    return {
        "candidate_id": image.candidate_id,
        "path": str(file.path),
        "bytes": file.size,
        "sha256": file.sha256,
        "fetched": file.fetched,
    }
