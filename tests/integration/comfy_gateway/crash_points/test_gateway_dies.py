"""The gateway is killed between a delivery and its acknowledgement; its next life finishes the job (JOB-9)."""

from __future__ import annotations

from integration.comfy_gateway.crash_points.site import Site
from integration.comfy_gateway.crash_points.traps import Traps

from carnival.contracts.job import FailureClass, ImageProduced, JobFailed, JobSubmitted
from carnival.testing import until


async def test_it_dies_with_a_job_it_only_pulled(site: Site) -> None:
    await site.request()
    await site.gateway_that_dies(after="next")
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_dies_after_it_uploaded_the_parent(site: Site) -> None:
    await site.request_child()
    await site.gateway_that_dies(after="upload")
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_dies_before_the_submission_leaves(site: Site) -> None:
    await site.request()
    await site.gateway_that_dies(before="post")
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_dies_before_it_can_record_the_submission(site: Site) -> None:
    """CMF-5: only the server knows of the job."""
    await site.request()
    await site.gateway_that_dies(after="post")
    await site.gateway_until_settled()
    await site.check(rendered=1)
    assert len(await site.events(JobSubmitted)) == 1


async def test_it_dies_while_the_server_renders(site: Site) -> None:
    site.stub.stub.behaviour.seconds_per_image = 1.0
    await site.request()
    await site.gateway_that_dies(after="append JobSubmitted")
    await site.gateway_until_settled()
    await site.check(rendered=1)
    assert len(await site.events(JobSubmitted)) == 1


async def test_it_dies_with_the_image_fetched_and_not_stored(site: Site) -> None:
    await site.request()
    await site.gateway_that_dies(before="put")
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_dies_with_the_image_stored_and_not_registered(site: Site) -> None:
    """JOB-6: the file of the earlier life is registered, not stored a second time."""
    await site.request()
    await site.gateway_that_dies(after="put")
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_dies_with_the_image_registered_and_the_job_not_acknowledged(site: Site) -> None:
    await site.request()
    await site.gateway_that_dies(after="append ImageProduced")
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_dies_right_after_the_acknowledgement(site: Site) -> None:
    await site.request()
    await site.gateway_that_dies(after="done")
    await site.gateway_until_settled()
    await site.check(rendered=1)


async def test_it_dies_with_a_failure_recorded_and_the_job_not_acknowledged(site: Site) -> None:
    """A failure counts once, so that no parent is charged twice (FAIL-1)."""
    site.stub.stub.behaviour.fail_every = 1
    await site.request_child()
    await site.gateway_that_dies(after="append JobFailed")
    site.stub.stub.behaviour.fail_every = 0
    await site.gateway_until_settled()
    [failed] = await site.events(JobFailed)
    assert failed.failure_class is FailureClass.CONTENT
    assert len(site.renderings()) == 1
    assert not await site.events(ImageProduced)


async def test_it_dies_between_two_attempts(site: Site) -> None:
    """The first attempt ran out of memory; its end is read again from the history, and the second one is made."""
    site.stub.stub.behaviour.change({"fail_next": {"count": 1, "kind": "memory"}})
    await site.request()
    await site.gateway_that_dies(after="free_memory")
    await site.gateway_until_settled()
    first, second = site.renderings()
    assert first != second
    await site.check(rendered=2)


async def test_it_dies_while_it_cancels_a_job(site: Site) -> None:
    """KILL-6: the next life finds the cancellation in the log and stops the job at the server."""
    site.stub.stub.behaviour.seconds_per_image = 2.0
    job = await site.request()
    traps = Traps()
    traps.after("stop", traps.die)
    async with site.gateway(traps):
        await site.until_rendering()
        await site.cancel(job)
        await until(traps.died.is_set, 30)
    await site.gateway_until_settled()
    assert len(site.renderings()) == 1
    assert not await site.events(JobFailed)
    stopped = site.stub.ledger.lines()[0]["verdict"] == "interrupted"
    assert len(await site.events(ImageProduced)) == (not stopped)
