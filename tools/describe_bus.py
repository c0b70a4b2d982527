"""Writes docs/bus.md from the catalogue of events and the table of rights: who may do what on the bus."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from carnival.contracts.bus_rights import BUS_RIGHTS, OPERATOR, BusRights, LogReading
from carnival.contracts.catalogue import WRITERS

HEAD = f"""\
# Who may do what on the bus

Written by `make docs` from `carnival.contracts.catalogue` (who writes which event) and `carnival.contracts.bus_rights`
(the rest). [deploy/nats/users.conf](../deploy/nats/users.conf) holds the same as permissions of NATS; why it is so:
[ADR 21](adr/0021-rights-on-the-bus-come-from-the-catalogue.md). What is not named here is refused at once.

Each service goes to NATS as the user of its name (`NATS_USER`, `NATS_PASSWORD`) and hears answers in an inbox of its
own. The user `{OPERATOR}` may do everything: it sets up, backs up and restores.
"""
LOG = {
    LogReading.ALL: "the whole, in order and by single entries",
    LogReading.JOBS: "jobs of its pools, drains, single entries",
}


def main(arguments: list[str]) -> int:
    Path(arguments[0]).write_text(render(), encoding="utf-8")
    return 0


def render() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(service, rights) for service, rights in sorted(BUS_RIGHTS.items()))])


def _section(service: str, rights: BusRights) -> str:
    lines = {
        "appends": _coded(event.wire_name for event, writers in WRITERS.items() if service in writers),
        "reads of the log": LOG[rights.log],
        "sets up the stream and buckets that are missing": "yes" if rights.sets_up else "no",
        "workers of its own": _coded(rights.workers),
        "buckets, written and read": _coded(rights.keeps),
        "buckets, written only": _coded(rights.tells),
        "buckets, read only": _coded(rights.reads),
        "hears": _coded(rights.hears),
        "sends": _coded(rights.sends),
        "asks": _coded(rights.asks),
        "answers": _coded(rights.answers),
    }
    rows = [f"| {what} | {said} |" for what, said in lines.items() if said]
    return "\n".join([f"## {service}", "", "| right | |", "|---|---|", *rows, ""])


def _coded(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
