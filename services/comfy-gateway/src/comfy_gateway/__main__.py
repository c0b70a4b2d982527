"""`python -m comfy_gateway`: run the gateway until a signal."""

from __future__ import annotations

import sys

from carnival.configuration import BadSetting
from carnival.log.errors import LogError
from comfy_gateway.main import main

if __name__ == "__main__":
    try:
        main()
    except (BadSetting, LogError) as error:
        sys.exit(f"comfy-gateway: {error}")
