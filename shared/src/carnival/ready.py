"""`python -m carnival.ready`: is the service of this container ready, and if not, why? The health command of images.

It runs every few seconds, so it imports nothing but what asks.
"""

from __future__ import annotations

import os
import sys
from typing import Final
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

ANSWER_SECONDS: Final = 4


def main() -> int:
    """Prints what the service at HEALTH_PORT answers. Exit status 0 if it is ready."""
    address = f"http://127.0.0.1:{os.environ.get('HEALTH_PORT', '')}/health/ready"
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=ANSWER_SECONDS) as answer:
            print(answer.read().decode())
    except HTTPError as refusal:
        with refusal:
            print(refusal.read().decode())
        return 1
    except (OSError, ValueError) as error:
        print(f"{address} does not answer: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
