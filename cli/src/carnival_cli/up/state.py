"""What a running `up` tells other commands: the file `up.json` in its data folder."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from carnival.configuration import read_settings
from carnival.configuration.service import ImageStoreSettings
from carnival_cli.up.credentials import OWNER_ONLY
from carnival_cli.up.layout import Layout
from carnival_cli.up.process import PartState


class ProcessState(BaseModel):
    """One program. `started` is the process's own start time, so that a reused pid is not taken for it."""

    model_config = ConfigDict(frozen=True)

    pid: int | None
    started: float | None
    port: int
    state: PartState
    restarts: int
    log: Path


class UpState(BaseModel):
    """Everything under its address. The environment of a service is rebuilt from this."""

    model_config = ConfigDict(frozen=True)

    pid: int
    data: Path
    api_url: str
    elsewhere_url: str | None = None
    api_certificate: Path | None = None
    nats_url: str
    nats_monitor_url: str | None
    database_url: str
    comfyui_base_url: str
    image_root: Path
    uses_stub: bool
    metrics_urls: dict[str, str] = {}
    processes: dict[str, ProcessState]


def image_settings(state: UpState) -> ImageStoreSettings:
    """The image store of the services: what the environment names, as they were given it, else the folder."""
    return read_settings(ImageStoreSettings, {**os.environ, "IMAGE_ROOT": str(state.image_root)})


def write_state(layout: Layout, state: UpState) -> None:
    """Readers see the old file or the new one, never a part of it; only the owner reads it, for it opens the bus."""
    fresh = layout.state.with_name(f".{layout.state.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as stream:
        stream.write(state.model_dump_json(indent=2))
    fresh.replace(layout.state)


def read_state(layout: Layout) -> UpState | None:
    """None if there is no such file, or none that can be read."""
    try:
        return UpState.model_validate_json(layout.state.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def forget_state(layout: Layout) -> None:
    layout.state.unlink(missing_ok=True)
