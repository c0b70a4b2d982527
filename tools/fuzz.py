"""Sends made-up requests, right and wrong ones, to each operation of the HTTP API, and says what is found.

    python tools/fuzz.py [--cases 2000] [--only NAME ...] [--again]

Starts a hub of its own and takes one operation after the other, a line for each. What schemathesis said stands in
`.fuzz/<cases>/<operation>.txt`. What is there without a violation is not done again, so a run that was ended goes on
where it was; `--again` begins anew. Exit status 1 if anything was found.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.fuzzing import ENDLESS, GUESTS, Ids, Report, Sender, furnish, guest_of, running_hub, schemathesis
from fixtures.stack import Stack

from curation_api.adapters.http.document.completing import operations_of

KEPT: Final = Path(".fuzz")
PHASES: Final = "examples,coverage,fuzzing"


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str


async def main(options: argparse.Namespace) -> bool:
    """Whether every operation answers as the document says."""
    kept = KEPT / str(options.cases)
    kept.mkdir(parents=True, exist_ok=True)
    async with running_hub() as hub:
        operations = await _operations(hub.stack, options.only)
        ids: Ids | None = None
        for number, operation in enumerate(operations, 1):
            well, found = kept / f"{operation.name}.txt", kept / f"{operation.name}.violations.txt"
            if well.exists() and not options.again:
                continue
            well.unlink(missing_ok=True)
            found.unlink(missing_ok=True)
            if ids is None or operation.method != "get":
                ids = await furnish(hub)
            began = time.monotonic()
            report = await _fuzzed(hub.stack, ids, operation, options.cases)
            (well if report.is_well else found).write_text(report.text)
            told = f"{report.cases} cases, {'no violation' if report.is_well else f'violations, see {found}'}"
            nowhere = ", mostly 404" if report.leads_nowhere else ""
            seconds = time.monotonic() - began
            print(f"[{number:>3}/{len(operations)}] {operation.name}: {told}{nowhere}, {seconds:.0f} s", flush=True)
    return all((kept / f"{one.name}.txt").exists() for one in operations)


async def _operations(stack: Stack, only: list[str] | None) -> list[Operation]:
    document = await stack.get("/openapi.json")
    found = [Operation(one["operationId"], method, path) for method, path, one in operations_of(document)]
    return [one for one in found if one.name != ENDLESS and (not only or one.name in only)]


async def _fuzzed(stack: Stack, ids: Ids, operation: Operation, cases: int) -> Report:
    sender = await guest_of(stack, ids) if operation.path.startswith(GUESTS) else Sender(ids)
    arguments = ("--include-operation-id", operation.name, "--max-examples", str(cases), "--phases", PHASES)
    with TemporaryDirectory() as folder:
        return await schemathesis(stack, Path(folder), sender, *arguments)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these operations")
    parser.add_argument("--again", action="store_true", help="also those that are done")
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
