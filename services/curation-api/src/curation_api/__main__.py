"""python -m curation_api"""

from __future__ import annotations

import gc
import os
import sys

import uvloop

from carnival.configuration import BadSetting
from curation_api.main import serve

COLLECT_EVERY = (50_000, 10, 10)
"""New objects per search for garbage, young to old: with the usual 700 there are several in each request."""


def main() -> int:
    gc.set_threshold(*COLLECT_EVERY)
    try:
        uvloop.run(serve(os.environ))
    except BadSetting as error:
        sys.stderr.write(f"curation-api does not start: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
