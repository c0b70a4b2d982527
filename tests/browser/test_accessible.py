"""Every place, light and dark, on a telephone and on a desk: axe finds nothing serious, nothing is cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal, cast

import pytest
from browser.conftest import Visit
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="module")

AXE: Final = Path(__file__).parents[2] / "services/curation-api/web/node_modules/axe-core/axe.min.js"
WIDTHS: Final = {1440: 900, 360: 740}
SCHEMES: Final[tuple[Literal["dark", "light"], ...]] = ("dark", "light")
SERIOUS: Final = {"serious", "critical"}
WIDER: Final = """() => [document.documentElement, document.querySelector('main')]
    .filter((one) => one && one.scrollWidth > one.clientWidth + 1).map((one) => one.tagName)"""


async def places(stack: Stack, run_id: str) -> dict[str, str]:
    """The address of each place, by what its heading says."""
    nodes = await stack.tree(run_id)
    final, other = [node["candidate_id"] for node in nodes if node["step_order"] == 3][:2]
    produced = await stack.pages(f"/api/runs/{run_id}/events", type="ImageProduced")
    at = produced[len(produced) // 2]["time"].replace("+", "%2B")
    gated = await stack.start_run(
        await stack.define_pipeline(*portrait(), name="Gated"), n=2, t=2, variables=VARIABLES, profile="gated"
    )
    await stack.wait_for_run(gated, lambda run: run["live"] >= 2, what="two images at the gate")
    rescoring = (await stack.post("/api/rescorings", {"system": "bradley-terry"}))["id"]
    link = await stack.post("/api/guest-links", {"run_id": run_id})
    return {
        "Runs": "/",
        "New run": "/runs/new",
        "Gym Shoot": f"/runs/{run_id}?candidate={final}",
        "Gym Shoot ": f"/runs/{run_id}?at={at}",
        "Upscale": f"/runs/{run_id}/vote",
        "Gates": f"/runs/{gated}/gates",
        "Settings": f"/runs/{gated}/settings",
        "Events": f"/runs/{run_id}/events",
        "Guests": f"/runs/{run_id}/guests",
        "Fork a run": f"/runs/{run_id}/fork?at={at}",
        "What if": f"/runs/{run_id}/what-if?n=1",
        "Gallery": f"/gallery?run={run_id}",
        "Compare": f"/compare?left={final}&right={other}",
        "Gym Shoot, Upscale": f"/candidates/{final}",
        "Winners": "/winners",
        "Analytics": f"/analytics?run={run_id}&price=1",
        "Rating systems": "/analytics/rescorings",
        "bradley-terry": f"/analytics/rescorings/{rescoring}",
        "Fleet": "/fleet",
        "Pipelines": "/pipelines",
        "New pipeline": "/pipelines/new",
        "Portrait": f"/pipelines/{(await stack.run(run_id))['pipeline_id']}",
        "There is no such place": "/nowhere",
        "Which one is better?": link["url"].removeprefix(stack.state()["api_url"]),
    }


async def troubles(page: Page, place: str) -> list[str]:
    found: list[str] = []
    for scheme in SCHEMES:
        for width, height in WIDTHS.items():
            await page.emulate_media(color_scheme=scheme)
            await page.set_viewport_size({"width": width, "height": height})
            report: dict[str, Any] = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            shown = f"{place.strip()}, {width} px, {scheme}"
            found += [
                f"{shown}: {one['id']} {[node['target'] for node in one['nodes']][:3]}"
                for one in report["violations"]
                if one["impact"] in SERIOUS
            ]
            found += [f"{shown}: wider than the window: {one}" for one in cast("list[str]", await page.evaluate(WIDER))]
    return found


@pytest.mark.timeout(600)
async def test_every_place_is_accessible_and_fits(visit: Visit, stack: Stack, run_id: str) -> None:
    page, found = visit.page, list[str]()
    for heading, address in (await places(stack, run_id)).items():
        await visit.open(address)
        await expect(page.get_by_role("heading", level=1)).to_have_text(heading.strip())
        await page.wait_for_load_state("networkidle")
        await page.evaluate(AXE.read_text())
        found += await troubles(page, heading)
    assert found == []
