"""python -m curation_api"""

from __future__ import annotations

import os
import sys

import uvloop

from carnival.configuration import BadSetting
from curation_api.main import serve


def main() -> int:
    try:
        uvloop.run(serve(os.environ))
    except BadSetting as error:
        sys.stderr.write(f"curation-api does not start: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
