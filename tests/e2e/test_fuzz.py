"""Whatever the OpenAPI document allows or forbids is sent; whatever is answered must be what the document says.

Schemathesis does it, as a stranger would call it: its own command, its own checks, against the programs as they are
started by anybody. A few requests for each operation here, as many as `--fuzz-cases` says in `make fuzz`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from fixtures.pipelines import VARIABLES, step
from fixtures.stack import Stack, running_stack

ENDLESS = "follow_changes"
"""An answer without an end, which no request made up in advance can wait for; test_http.py is about it."""
GUESTS = "^/api/guest/"
"""What only guests may call, so a guest calls it."""
OWN_TOKEN = "revoke_token"
"""It may find the very token of the run, after which nothing could be asked any more; so it comes last, by itself."""
SECONDS_MAX = 6 * 3600
ALL_PHASES = "examples,coverage,fuzzing,stateful"
SHORT = 100
"""With fewer cases the values at the edges of each schema, thousands of them, are left to `make fuzz`."""


@pytest.mark.timeout(0)
async def test_stock_schemathesis_finds_no_violation(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    cases = int(str(pytestconfig.getoption("--fuzz-cases")))
    async with running_stack(PIPELINE_N="1", PIPELINE_T="1", RATE_PER_SECOND="100000") as stack:
        await _furnish(stack)
        most = ("--exclude-operation-id", ENDLESS, "--exclude-operation-id", OWN_TOKEN, "--exclude-path-regex", GUESTS)
        assert "Authentication failed" not in await _schemathesis(stack, tmp_path, cases, *most)
        as_guest = await _schemathesis(
            stack, tmp_path, cases, "--include-path-regex", GUESTS, sender=await _guest(stack)
        )
        assert "Authentication failed" not in as_guest
        await _schemathesis(stack, tmp_path, cases, "--include-operation-id", OWN_TOKEN)


async def _guest(stack: Stack) -> str:
    """What a guest of the first run sends as Authorization."""
    run_id = (await stack.http.get("/api/runs")).json()["items"][0]["run_id"]
    link = (await stack.http.post("/api/guest-links", json={"run_id": run_id})).json()["url"].split("#link=")[1]
    return f"Bearer {(await stack.http.post('/api/guest-passes', json={'link': link})).json()['guest_pass']}"


async def _schemathesis(stack: Stack, folder: Path, cases: int, *which: str, sender: str | None = None) -> str:
    """Its report; `sender` instead of the operator. Fails where it found anything."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{stack.state()['api_url']}/openapi.json", *which),
        *("--header", f"Authorization: {sender or stack.http.headers['Authorization']}"),
        *("--max-examples", str(cases), "--phases", ALL_PHASES if cases >= SHORT else "examples,fuzzing"),
        *("--seed", "1", "--continue-on-failure", "--no-shrink", "--request-timeout", "60"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), SECONDS_MAX)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    print(report := out.decode())
    assert process.returncode == 0, report
    return report


async def _furnish(stack: Stack) -> None:
    """Something to find: a run with an image, and one that is over."""
    pipeline_id = await stack.define_pipeline(step(1, "Base", "base"), name="Portrait")
    run_id = await stack.start_run(pipeline_id, prompt="a cat", variables=VARIABLES)
    await stack.wait_for_run(run_id, lambda run: run["images"] >= 1, seconds=120, what="an image")
    await stack.complete(run_id, 60)
