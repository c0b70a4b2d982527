"""`carnival backup` and `carnival restore`"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carnival_cli.commands.edge import DEFAULT_DATA, AsJson, Data, command, running_state
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import print_json, progress_bar, say
from carnival_cli.up.layout import Layout
from carnival_cli.up.state import image_settings

if TYPE_CHECKING:
    from nats.aio.client import Client

    from carnival.images.port import ImageStore
    from carnival_cli.backup.archive import Manifest
    from carnival_cli.backup.copying import Told

Folder = Annotated[Path, typer.Argument(help="Folder of the backup.")]


@command
async def backup(folder: Folder, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Save log and images, while everything runs or when nothing does. Again into the same folder: only what is new."""
    from carnival_cli.backup.archive import Archive
    from carnival_cli.backup.copying import back_up

    async with _opened(data) as (connection, images):
        with _progress() as told:
            manifest = await back_up(connection, images, Archive(folder.expanduser().absolute()), told)
    _tell(manifest, "saved", as_json=as_json)


@command
async def restore(folder: Folder, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Put a backup into an empty data folder (or what NATS_URL and IMAGE_ROOT name) where no services run."""
    from carnival_cli.backup.archive import Archive
    from carnival_cli.backup.copying import restore as put_back

    if running_state(data):
        raise CommandFailed(
            "A Carnival runs in this data folder: end it first (`carnival down`).", Exit.ALREADY_RUNNING
        )
    async with _opened(data) as (connection, images):
        with _progress() as told:
            manifest = await put_back(connection, images, Archive(folder.expanduser().absolute()), told)
    _tell(manifest, "restored", as_json=as_json)


def _tell(manifest: Manifest, done: str, *, as_json: bool) -> None:
    figures = {"position": manifest.position, "images": manifest.images, "digest": manifest.digest}
    if as_json:
        print_json(figures)
    else:
        say(f"{manifest.position} events and {manifest.images} images are {done}; digest {manifest.digest[:16]}.")
        say(f"What they amount to, on any machine: carnival digest --at {manifest.position}")


@asynccontextmanager
async def _opened(data: Path) -> AsyncGenerator[tuple[Client, ImageStore]]:
    """Log and images of what runs in `data`, else of what the environment names, else NATS is started on `data`."""
    from carnival.configuration import read_settings
    from carnival.configuration.service import BusSettings, ImageStoreSettings
    from carnival.images.opening import open_image_store
    from carnival.log.connection import open_connection
    from carnival.log.stream import ensure_stream
    from carnival_cli.logs import log_to_stderr
    from carnival_cli.servers.running import running_nats

    log_to_stderr()
    state, layout = running_state(data), Layout.of(data)
    named = os.environ.get("NATS_URL", "").strip()
    if state:
        store = image_settings(state)
    else:
        store = read_settings(ImageStoreSettings, {"IMAGE_ROOT": str(layout.images), **os.environ})
    async with AsyncExitStack() as stack:
        if state is None and not named:
            layout.create()
        if state is None and named:
            bus = read_settings(BusSettings, os.environ)
        else:
            bus = BusSettings(nats_url=state.nats_url if state else stack.enter_context(running_nats(layout.nats)).url)
        connection = await open_connection(bus, "backup")
        stack.push_async_callback(connection.close)
        await ensure_stream(connection)
        yield connection, open_image_store(store)


@contextmanager
def _progress() -> Generator[Told]:
    """A bar for the log and one for the images."""
    with progress_bar(transient=False) as progress:
        bars = {what: progress.add_task(what, total=None) for what in ("log", "images")}
        yield lambda what, done, total: progress.update(bars[what], completed=done, total=total)
