"""The lines to ComfyUI and to NATS break while both ends live on: the job ends once, in one picture (JOB-9)."""

from __future__ import annotations

import asyncio

from fixtures.wire import Wire
from integration.comfy_gateway.crash_points.site import ACK_WAIT_SECONDS, Site
from integration.comfy_gateway.crash_points.traps import Traps

from carnival.contracts.job import JobSubmitted
from carnival.testing import until
from comfy_stub.server import RunningStub

CUT_SECONDS = 1.0
LONGER_THAN_ALL_RETRIES_SECONDS = 6.0
LONGER_THAN_THE_CONSUMER_WAITS_SECONDS = ACK_WAIT_SECONDS + 1


async def cut_at(site: Site, line: Wire, *, before: str = "", after: str = "", seconds: float = CUT_SECONDS) -> None:
    """A gateway does what was requested; the line breaks at that call of it, for so long. One picture comes of it."""
    traps = Traps()

    async def break_line() -> None:
        await line.cut()
        mending.create_task(mended_after(line, seconds))

    (traps.before if before else traps.after)(before or after, break_line)
    async with asyncio.TaskGroup() as mending:
        await site.gateway_until_settled(traps)
    await site.check(rendered=1)


async def mended_after(line: Wire, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await line.mend()


async def test_comfyui_is_cut_off_while_a_parent_is_uploaded(site: Site) -> None:
    await site.request_child()
    await cut_at(site, site.comfy, before="upload")


async def test_comfyui_is_cut_off_before_it_gets_the_submission(site: Site) -> None:
    await site.request()
    await cut_at(site, site.comfy, before="post")


async def test_the_answer_to_a_submission_gets_lost(site: Site) -> None:
    """CMF-5: the job is looked for before it is posted again."""
    site.stub.stub.behaviour.lose_answers = 1
    await site.request()
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_the_answer_gets_lost_and_the_line_stays_cut_longer_than_all_retries(site: Site) -> None:
    """The submission is in doubt: the job is followed as if it had arrived, neither failed nor repeated."""
    site.stub.stub.behaviour.lose_answers = 1
    await site.request()
    await cut_at(site, site.comfy, before="history", seconds=LONGER_THAN_ALL_RETRIES_SECONDS)
    assert len(await site.events(JobSubmitted)) == 1


async def test_comfyui_is_cut_off_while_it_renders(site: Site) -> None:
    site.stub.stub.behaviour.seconds_per_image = 1.0
    await site.request()
    await cut_at(site, site.comfy, after="append JobSubmitted", seconds=2)


async def test_comfyui_is_cut_off_while_the_image_is_fetched(site: Site) -> None:
    await site.request()
    await cut_at(site, site.comfy, before="view", seconds=2)


async def test_nats_is_cut_off_after_a_job_was_pulled(site: Site) -> None:
    """The job is delivered again meanwhile; the one in hand takes over the new delivery."""
    await site.request()
    await cut_at(site, site.nats, after="next", seconds=LONGER_THAN_THE_CONSUMER_WAITS_SECONDS)


async def test_nats_is_cut_off_before_the_submission_is_recorded(site: Site) -> None:
    await site.request()
    await cut_at(site, site.nats, before="append JobSubmitted", seconds=LONGER_THAN_THE_CONSUMER_WAITS_SECONDS)


async def test_nats_is_cut_off_before_the_image_is_registered(site: Site) -> None:
    await site.request()
    await cut_at(site, site.nats, before="append ImageProduced", seconds=LONGER_THAN_THE_CONSUMER_WAITS_SECONDS)


async def test_nats_is_cut_off_before_the_acknowledgement(site: Site) -> None:
    await site.request()
    await cut_at(site, site.nats, before="done", seconds=LONGER_THAN_THE_CONSUMER_WAITS_SECONDS)


async def test_the_log_takes_the_image_and_its_answer_gets_lost(site: Site) -> None:
    """The same event is sent again under the same id: the log keeps one."""
    traps = Traps()

    async def lose_answer() -> None:
        await site.nats.hold()
        asyncio.get_running_loop().call_later(1, break_line)

    def break_line() -> None:
        cuts.append(asyncio.ensure_future(cut_and_mend()))

    async def cut_and_mend() -> None:
        await site.nats.cut()
        await site.nats.mend()

    cuts: list[asyncio.Future[None]] = []
    traps.before("append ImageProduced", lose_answer)
    await site.request()
    await site.gateway_until_settled(traps)
    await asyncio.gather(*cuts)
    await site.check(rendered=1)


async def test_a_gateway_cut_off_from_nats_keeps_its_job_though_another_one_gets_it(
    site: Site, other_stub: RunningStub
) -> None:
    """The log says who submitted it: the other gateway leaves it where it is, and the picture is rendered once."""
    site.stub.stub.behaviour.seconds_per_image = 4.0
    await site.request()
    async with site.gateway():
        await until(lambda: site.events(JobSubmitted), 30)
        await site.nats.cut()
        async with site.gateway_beside(other_stub.url):
            await until(site.was_delivered_again, 30)
            await site.nats.mend()
            await site.until_settled()
    assert not other_stub.ledger.lines()
    await site.check(rendered=1)


async def test_a_gateway_that_never_comes_back_holds_nothing_up(site: Site, other_stub: RunningStub) -> None:
    """After UNREACHABLE_GRACE_SECONDS its job is rendered elsewhere: the first rendering was lost with its machine."""
    site.stub.stub.behaviour.seconds_per_image = 1.0
    await site.request()
    await site.gateway_that_dies(after="append JobSubmitted")
    async with site.gateway_beside(other_stub.url, unreachable_grace=1):
        await site.until_settled()
    assert len(other_stub.ledger.lines()) == 1
    await site.check(rendered=1)
