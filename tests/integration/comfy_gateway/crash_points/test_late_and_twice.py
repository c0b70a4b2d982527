"""Images that come when nobody wants them any more, and images that come twice (JOB-4, JOB-8)."""

from __future__ import annotations

import httpx
from integration.comfy_gateway.crash_points.site import Site
from integration.comfy_gateway.crash_points.traps import Traps

from carnival.contracts.job import ImageProduced
from carnival.testing import until


async def test_an_image_arrives_after_its_job_was_cancelled(site: Site) -> None:
    """JOB-8: registered for the record; the fold lets it fill no slot."""
    site.stub.stub.behaviour.seconds_per_image = 1.0
    site.stub.stub.behaviour.late_interrupts = True
    job = await site.request()
    async with site.gateway():
        await site.until_rendering()
        await site.cancel(job)
        await site.until_settled()
    await site.check(rendered=1)


async def test_the_parent_is_killed_while_its_child_is_registered(site: Site) -> None:
    job = await site.request_child()
    traps = Traps()

    async def kill_branch() -> None:
        await site.cancel(job)

    traps.before("append ImageProduced", kill_branch)
    await site.gateway_until_settled(traps)
    await site.check(rendered=1)


async def test_a_job_is_delivered_to_two_gateways_and_both_finish_it(site: Site) -> None:
    """JOB-4: both find the one rendering, store at the one place, and append the one event."""
    site.stub.stub.behaviour.seconds_per_image = 3.0
    await site.request()
    async with site.gateway():
        await site.until_rendering()
        await site.nats.cut()
        async with site.gateway_beside(site.stub.url):
            await until(lambda: site.events(ImageProduced), 30)
            await site.nats.mend()
            await site.until_settled()
    await site.check(rendered=1)


async def test_a_server_gives_the_name_of_a_deleted_file_again(site: Site) -> None:
    """Each job has a folder of its own at the server, so a name never stands for the picture of another job."""
    async with site.gateway():
        await site.request()
        await site.until_settled()
        async with httpx.AsyncClient(base_url=site.stub.url) as client:
            (await client.post("/stub/delete-outputs")).raise_for_status()
        await site.request()
        await until(lambda: len(site.renderings()) == 2, 30)
        await site.until_settled()
    await site.check(rendered=2, images=2)


async def test_a_server_stands_still_for_a_moment(site: Site) -> None:
    """A garbage collection of 0.6 s, as was seen, is no reason to do anything."""
    async with site.gateway():
        await site.request()
        site.stub.stub.standstill.begin(0.6)
        await site.until_settled()
    await site.check(rendered=1)
