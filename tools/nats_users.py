"""Writes the users of the bus for a NATS server: `nats_users.py FILE [--pools default,large]`.

Passwords stay out of the file: it names variables of the server's environment.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from carnival.contracts.pipeline import DEFAULT_POOL
from carnival.log.permissions import users_block

HEAD = """\
# The users of the bus and what each may do, written by tools/nats_users.py from the catalogue of events and the table
# of rights. Do not edit; another pool is added by
#     python tools/nats_users.py deploy/nats/users.conf --pools {pools},another
# Passwords come from the server's environment. One that does not begin with a letter needs double quotes of its own.
# Pools: {pools}

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pools", help="whose jobs gateways may take, comma-separated; default: those of the file")
    given = parser.parse_args()
    known = given.file.read_text(encoding="utf-8") if given.file.exists() else ""
    pools = given.pools.split(",") if given.pools else pools_of(known)
    given.file.write_text(render(pools), encoding="utf-8")


def render(pools: Sequence[str]) -> str:
    return HEAD.format(pools=",".join(pools)) + users_block(password_variable, pools)


def pools_of(text: str) -> list[str]:
    """Those that a file was written for."""
    found = re.search(r"^# Pools: (.+)$", text, re.MULTILINE)
    return found[1].split(",") if found else [DEFAULT_POOL]


def password_variable(user: str) -> str:
    return f"${user.upper().replace('-', '_')}_NATS_PASSWORD"


if __name__ == "__main__":
    main()
