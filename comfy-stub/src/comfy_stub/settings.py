"""Settings of one stand-in: command line first, then `COMFY_STUB_*` variables, then the defaults."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT_PREFIX = "COMFY_STUB_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is fixed for the life of the process.

    `seconds_per_image`, `fail_every`, `stall_seconds` and `history_delay_seconds` are only starting values:
    POST /stub/settings changes them while the server runs.
    """

    host: str = "127.0.0.1"
    port: int = 0
    data: Path = Path("comfy-stub-data")
    seconds_per_image: float = 0.5
    fail_every: int = 0
    stall_seconds: float = 0.0
    history_delay_seconds: float = 0.0
    max_upload_mb: float = 100.0
    cors_origin: str = ""
    keep_results: bool = True
    write_metadata: bool = True
    multi_user: bool = False
    compress_answers: bool = False

    @property
    def max_upload_bytes(self) -> int:
        return round(self.max_upload_mb * 1024 * 1024)


def settings_from(arguments: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Parse a command line over an environment; unusable values end the process with a usage message."""
    parser = argparse.ArgumentParser(prog="comfy-stub", description="A stand-in for ComfyUI that needs no GPU.")

    def option(name: str, kind: type[str] | type[int] | type[float] | type[Path], default: object, about: str) -> None:
        variable = ENVIRONMENT_PREFIX + name.upper().replace("-", "_")
        preset = environ.get(variable, default)
        parser.add_argument(f"--{name}", type=kind, default=preset, help=f"{about} [{variable}]")

    def switch(name: str, about: str) -> None:
        variable = ENVIRONMENT_PREFIX + name.upper().replace("-", "_")
        preset = environ.get(variable, "").lower() in {"1", "true", "yes"}
        parser.add_argument(f"--{name}", action="store_true", default=preset, help=f"{about} [{variable}]")

    option("host", str, "127.0.0.1", "address to listen on")
    option("port", int, 8188, "port to listen on; 0 takes a free one")
    option("data", Path, "comfy-stub-data", "folder of the input, output and temp files")
    option("seconds-per-image", float, 0.5, "shortest time a job that draws something takes")
    option("fail-every", int, 0, "every n-th job that draws something fails; 0 for none")
    option("stall", float, 0.0, "hold every HTTP answer back for up to this many seconds")
    option("history-delay", float, 0.0, "seconds between execution_success and the history entry")
    option("max-upload-size", float, 100.0, "largest request body in MiB")
    option("enable-cors-header", str, "", "allowed origin; switches the Origin check off")
    switch("cache-none", "run every node every time")
    switch("disable-metadata", "write no workflow into pictures")
    switch("multi-user", "ask for the comfy-user header on /settings")
    switch("enable-compress-response-body", "compress answers for clients that accept it")
    chosen = parser.parse_args(arguments)
    return Settings(
        host=chosen.host,
        port=chosen.port,
        data=chosen.data,
        seconds_per_image=chosen.seconds_per_image,
        fail_every=chosen.fail_every,
        stall_seconds=chosen.stall,
        history_delay_seconds=chosen.history_delay,
        max_upload_mb=chosen.max_upload_size,
        cors_origin=chosen.enable_cors_header,
        keep_results=not chosen.cache_none,
        write_metadata=not chosen.disable_metadata,
        multi_user=chosen.multi_user,
        compress_answers=chosen.enable_compress_response_body,
    )
