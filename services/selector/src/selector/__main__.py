"""`python -m selector`"""

from __future__ import annotations

import os
import sys

import uvloop

from carnival.configuration import BadSetting, read_settings
from carnival.telemetry import setup_telemetry
from selector.main import SERVICE, run
from selector.settings import Settings


def main() -> int:
    """Exit status 2 for a setting that cannot be used."""
    try:
        settings = read_settings(Settings, os.environ)
    except BadSetting as bad:
        print(f"selector does not start: {bad}", file=sys.stderr)
        return 2
    setup_telemetry(SERVICE, settings.log_level, settings.otel_endpoint)
    uvloop.run(run(settings))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
