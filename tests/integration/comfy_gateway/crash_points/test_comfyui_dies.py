"""ComfyUI is killed and started again: only what was truly lost with it is rendered a second time (JOB-9, CMF-3)."""

from __future__ import annotations

from collections.abc import Callable

from integration.comfy_gateway.crash_points.site import SETTLED_SECONDS, Site
from integration.comfy_gateway.crash_points.traps import Traps

from carnival.testing import until
from comfy_stub.downfall import Downfall, Moment


async def goes_down(
    site: Site, *, at: Moment | None = None, before: str = "", while_down: Callable[[], None] = lambda: None
) -> None:
    """The server goes down at that moment of the next job, or before that call, and is started again; the gateway
    lives on."""
    traps = Traps()
    if at is not None:
        site.stub.stub.behaviour.down_at = Downfall(at)
    else:
        traps.before(before, site.stub.crash)
    async with site.gateway(traps):
        await site.request()
        await until(lambda: not site.stub.is_up, SETTLED_SECONDS, "the crash of the server")
        while_down()
        await site.stub.revive()
        await site.until_settled()


async def test_it_dies_with_a_job_staged_for_it(site: Site) -> None:
    await goes_down(site, before="post")
    await site.check(rendered=1)


async def test_it_dies_between_taking_a_job_and_answering(site: Site) -> None:
    """CMF-5: after the restart the job is in neither queue nor history, so it is posted again."""
    await goes_down(site, at=Moment.ACCEPTED)
    assert len(set(site.renderings())) == 1
    await site.check(rendered=len(site.renderings()))


async def test_it_dies_at_the_start_of_a_job(site: Site) -> None:
    await goes_down(site, at=Moment.STARTED)
    await site.check(rendered=2)
    assert len(set(site.renderings())) == 1


async def test_it_dies_in_the_middle_of_a_job(site: Site) -> None:
    await goes_down(site, at=Moment.MIDDLE)
    await site.check(rendered=2)


async def test_it_dies_with_the_picture_saved_and_nothing_said(site: Site) -> None:
    """The file outlives the server, so it is fetched instead of being rendered again."""
    await goes_down(site, at=Moment.SAVED)
    await site.check(rendered=1)


async def test_it_dies_between_success_and_history(site: Site) -> None:
    await goes_down(site, at=Moment.SUCCEEDED)
    await site.check(rendered=1)


async def test_it_dies_before_anybody_reads_its_history(site: Site) -> None:
    await goes_down(site, at=Moment.RECORDED)
    await site.check(rendered=1)


async def test_it_dies_with_a_picture_half_written(site: Site) -> None:
    """A file that does not decode is no picture: the job is rendered again and gets the next name."""

    def cut_short() -> None:
        [file] = site.stub.settings.data.rglob("output/**/*.png")
        file.write_bytes(file.read_bytes()[:200])

    await goes_down(site, at=Moment.SAVED, while_down=cut_short)
    await site.check(rendered=2)


async def test_it_dies_and_its_disk_with_it(site: Site) -> None:
    def lose_disk() -> None:
        for file in site.stub.settings.data.rglob("output/**/*.png"):
            file.unlink()

    await goes_down(site, at=Moment.RECORDED, while_down=lose_disk)
    await site.check(rendered=2)


async def test_it_dies_before_it_hands_out_the_image(site: Site) -> None:
    """JOB-6: fetching is tried again until the server is back."""
    await goes_down(site, before="view")
    await site.check(rendered=1)


async def test_it_dies_together_with_the_gateway(site: Site) -> None:
    """The submission stands in the log, so the next gateway asks the same server for the file."""
    await site.request()
    await site.gateway_that_dies(before="view")
    await site.stub.crash()
    await site.stub.revive()
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_stands_still_and_goes_on(site: Site) -> None:
    """As by SIGSTOP and SIGCONT: nothing is lost, so nothing is done twice."""
    site.stub.stub.behaviour.seconds_per_image = 0.5
    async with site.gateway(comfyui_timeout=1):
        await site.request()
        await site.until_rendering()
        await site.comfy.hold()
        await until(lambda: site.stub.ledger.lines()[0]["verdict"] == "success", 30)
        await site.comfy.mend()
        await site.until_settled()
    await site.check(rendered=1)


async def test_its_worker_dies_and_it_is_restarted(site: Site) -> None:
    async with site.gateway() as gateway:
        site.stub.stub.engine.worker.die()
        await site.request()
        await until(lambda: not gateway.nodes[0].condition.ready, 30)
        await site.stub.revive()
        await site.until_settled()
    await site.check(rendered=1)
