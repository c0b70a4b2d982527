"""`python -m projector [serve | migrate | rebuild | digest [POSITION] | drop-previous]`"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import structlog
import uvloop

from carnival.configuration import BadSetting, read_settings
from carnival.contracts.ids import Position
from carnival.telemetry import setup_telemetry
from projector.adapters.building_site import drop_previous
from projector.adapters.share_processes import NEEDS_CARE, Unwanted
from projector.application.digest_at import BeyondTheLog
from projector.application.ports import Unwritable
from projector.application.rebuild import RebuildProgress
from projector.application.rebuild_ports import NotInBulk, RebuildUnderWay
from projector.application.share import Share
from projector.main import run
from projector.programs import SERVICE, digest, digest_at, fold_share, migrate, rebuild
from projector.settings import Settings

USAGE = "usage: python -m projector [serve | migrate | rebuild | digest [POSITION] | drop-previous]"
COMMANDS: Final = {
    "serve": {0},
    "migrate": {0},
    "rebuild": {0},
    "digest": {0, 1},
    "drop-previous": {0},
    "fold-share": {3},
}
"""How many numbers each takes. `fold-share` is for a rebuild to call: the share, of how many, and up to where."""

YIELDING: Final = 10
"""How much a rebuild gives way to everybody else on its machine (see nice): votes are answered while it goes on."""
COLLECT_EVERY: Final = (400_000, 10, 10)
"""New objects per search for garbage, young to old. The rows in memory are many and stay; with the usual 700, half of
the time of a rebuild would be spent on looking at them again."""


def main(arguments: Sequence[str]) -> int:
    """Exit status 0, 1 for an error that ended the program, 2 for a wrong call or a setting that cannot be used."""
    command, *numbers = arguments or ["serve"]
    if len(numbers) not in COMMANDS.get(command, ()) or not all(map(str.isdecimal, numbers)):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        settings = read_settings(Settings, os.environ)
    except BadSetting as bad:
        print(f"projector does not start: {bad}", file=sys.stderr)
        return 2
    gc.set_threshold(*COLLECT_EVERY)
    if command == "rebuild" or numbers:
        os.nice(YIELDING)
    setup_telemetry(SERVICE, settings.log_level, settings.otel_endpoint)
    try:
        uvloop.run(_carry_out(command, list(map(int, numbers)), settings))
    except (NotInBulk, Unwritable) as error:
        structlog.get_logger(__name__).info("This share needs care", action="share_needs_care", reason=str(error))
        return NEEDS_CARE
    except Unwanted as error:
        structlog.get_logger(__name__).warning("This share ends", action="share_unwanted", reason=str(error))
        return 1
    except (BeyondTheLog, RebuildUnderWay) as error:
        structlog.get_logger(__name__).error("Not now", action="refused", command=command, error=str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        structlog.get_logger(__name__).critical(
            "The projector ends",
            action="ended",
            command=command,
            error=f"{type(error).__name__}: {error}",
            exc_info=True,
        )
        return 1
    return 0


async def _carry_out(command: str, numbers: Sequence[int], settings: Settings) -> None:
    match command:
        case "migrate":
            await migrate(settings, _print_progress)
        case "rebuild":
            await rebuild(settings, _print_progress)
        case "digest":
            at = [Position(number) for number in numbers]
            found = await (digest_at(settings, at[0], _print_progress) if at else digest(settings))
            print(json.dumps(asdict(found)))
        case "fold-share":
            number, of, until = numbers
            await fold_share(settings, Share(number, of), Position(until))
        case "drop-previous":
            await drop_previous(settings.database_url)
        case _:
            await run(settings)


def _print_progress(progress: RebuildProgress) -> None:
    print(json.dumps(asdict(progress)), flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
