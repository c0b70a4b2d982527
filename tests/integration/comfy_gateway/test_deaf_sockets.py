"""A socket that says nothing after an accepted submission has gone deaf; after a refused one it has nothing to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from integration.comfy_gateway.rig import DRAW, Rig, step

from carnival.contracts.job import JobFailed
from carnival.testing import until
from comfy_gateway.adapters import comfy_socket
from comfy_gateway.application.ports import Hints
from comfy_gateway.domain.hint import Hint


class Watched:
    """The hints of a node, and how often a sign was expected of them."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self.expected = 0

    @property
    def frames(self) -> int:
        return self._hints.frames

    async def listen(self, on_hint: Callable[[Hint], None]) -> None:
        await self._hints.listen(on_hint)

    def expect_sign(self, since: int) -> None:
        self.expected += 1
        self._hints.expect_sign(since)


async def test_nothing_is_expected_of_a_socket_after_a_refusal(rig: Rig) -> None:
    workflow = DRAW | {"noise": {"class_type": "ImageAddNoise", "inputs": {"image": ["canvas", 0], "seed": 1}}}
    await rig.start_run(step(1, workflow), step(2, DRAW))
    async with rig.gateway() as gateway:
        [node] = gateway.nodes
        node.hints = hints = Watched(node.hints)
        await rig.request()
        await rig.until_events(JobFailed)
        assert hints.expected == 0
        await rig.request(step_order=2)
        await rig.until_acknowledged(2)
        assert hints.expected == 1


async def test_a_deaf_socket_is_opened_anew(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfy_socket, "SIGN_SECONDS", 0.1)
    await rig.start_run()
    async with rig.gateway() as gateway:
        [node] = gateway.nodes
        await until(lambda: node.hints.frames)
        rig.stub.stub.sockets.forget_all()
        heard = node.hints.frames
        await rig.request()
        await rig.until_acknowledged()
        await until(lambda: node.hints.frames > heard)
