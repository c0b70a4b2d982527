"""`carnival`, and `python -m carnival_cli`"""

from __future__ import annotations

import sys

from carnival_cli.exits import INTERRUPTED


def main() -> None:
    """Loading the commands takes a moment: who interrupts even that gets the exit code of an interruption."""
    try:
        from carnival_cli.main import app
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    app(prog_name="carnival")


if __name__ == "__main__":
    main()
