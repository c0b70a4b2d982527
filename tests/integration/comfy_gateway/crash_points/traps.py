"""Traps around the calls of a gateway's ports: something happens just before or just after one of them."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from comfy_gateway.application.run_gateway import Gateway
from comfy_gateway.wiring import World

T = TypeVar("T")


@dataclass
class Trap:
    """`call` is the name of a port's method; an append also names its event, as in `append JobSubmitted`."""

    call: str
    after: bool
    act: Callable[[], Awaitable[None]]


class Traps:
    """The real ports stay in place; a dead process makes no further call and hears of no answer."""

    def __init__(self) -> None:
        self.died = asyncio.Event()
        self.sprung = asyncio.Event()
        self._set: list[Trap] = []

    def before(self, call: str, act: Callable[[], Awaitable[None]]) -> None:
        self._set.append(Trap(call, False, act))

    def after(self, call: str, act: Callable[[], Awaitable[None]]) -> None:
        self._set.append(Trap(call, True, act))

    async def die(self) -> None:
        """As by kill -9: whoever calls this never goes on."""
        self.died.set()
        await asyncio.get_running_loop().create_future()

    def world(self, world: World) -> World:
        return World(
            log=self.around(world.log),
            jobs=self.around(world.jobs),
            images=self.around(world.images),
            board=self.around(world.board),
            fleet=world.fleet,
            health=world.health,
        )

    def guard(self, gateway: Gateway) -> None:
        for node in gateway.nodes:
            node.server = self.around(node.server)

    def around(self, port: T) -> T:
        return cast("T", _Around(port, self))

    async def spring(self, call: str, *, after: bool) -> None:
        if self.died.is_set():
            await self.die()
        for trap in list(self._set):
            if (trap.call, trap.after) == (call, after):
                self._set.remove(trap)
                self.sprung.set()
                await trap.act()


class _Around:
    def __init__(self, port: object, traps: Traps) -> None:
        self._port = port
        self._traps = traps

    def __getattr__(self, name: str) -> Any:
        attribute: Any = getattr(self._port, name)
        if not inspect.iscoroutinefunction(attribute):
            return attribute

        async def call(*arguments: Any, **options: Any) -> Any:
            label = f"{name} {type(arguments[0]).__name__}" if name == "append" else name
            await self._traps.spring(label, after=False)
            result = await attribute(*arguments, **options)
            await self._traps.spring(label, after=True)
            return self._traps.around(result) if name == "next" and result is not None else result

        return call
