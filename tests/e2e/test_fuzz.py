"""Whatever the OpenAPI document allows or forbids is sent; whatever is answered must be what the document says.

Schemathesis does it, as a stranger would call it: its own command, its own checks, against the programs as they are
started by anybody. A few requests for each operation here; `make fuzz` sends 2,000.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.fuzzing import ENDLESS, GUESTS, Sender, furnish, guest_of, running_hub, schemathesis

OWN_TOKEN = "revoke_token"
"""It may find the very token of the run, after which nothing could be asked any more; so it comes last, by itself."""
FEW = ("--max-examples", "3", "--phases", "examples,fuzzing")


@pytest.mark.timeout(0)
async def test_stock_schemathesis_finds_no_violation(tmp_path: Path) -> None:
    async with running_hub() as hub:
        operator = Sender(await furnish(hub))
        guest = await guest_of(hub.stack, operator.ids)
        most = ("--exclude-operation-id", ENDLESS, "--exclude-operation-id", OWN_TOKEN, "--exclude-path-regex", GUESTS)
        for which, sender in (
            (most, operator),
            (("--include-path-regex", f"^{GUESTS}"), guest),
            (("--include-operation-id", OWN_TOKEN), operator),
        ):
            report = await schemathesis(hub.stack, tmp_path, sender, *which, *FEW)
            assert report.is_well, report.text
