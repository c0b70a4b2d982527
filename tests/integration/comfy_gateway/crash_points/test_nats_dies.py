"""The NATS server is killed and started again: what it answered stands, what it did not is said once more (JOB-9)."""

from __future__ import annotations

from fixtures.mortal import MortalServer
from integration.comfy_gateway.crash_points.site import Site
from integration.comfy_gateway.crash_points.traps import Traps


async def killed_at(site: Site, server: MortalServer, *, before: str = "", after: str = "") -> None:
    traps = Traps()

    async def restart() -> None:
        server.kill()
        await server.start()

    (traps.before if before else traps.after)(before or after, restart)
    await site.request()
    await site.gateway_until_settled(traps)
    await site.check(rendered=1)


async def test_it_dies_after_a_job_was_pulled(mortal_site: Site, mortal_nats: MortalServer) -> None:
    await killed_at(mortal_site, mortal_nats, after="next")


async def test_it_dies_before_the_submission_is_recorded(mortal_site: Site, mortal_nats: MortalServer) -> None:
    await killed_at(mortal_site, mortal_nats, before="append JobSubmitted")


async def test_it_dies_before_the_image_is_registered(mortal_site: Site, mortal_nats: MortalServer) -> None:
    await killed_at(mortal_site, mortal_nats, before="append ImageProduced")


async def test_it_dies_after_the_image_was_registered(mortal_site: Site, mortal_nats: MortalServer) -> None:
    await killed_at(mortal_site, mortal_nats, after="append ImageProduced")


async def test_it_dies_before_the_acknowledgement(mortal_site: Site, mortal_nats: MortalServer) -> None:
    await killed_at(mortal_site, mortal_nats, before="done")
