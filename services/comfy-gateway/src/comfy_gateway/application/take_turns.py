"""Turns at one server: as many jobs are posted as it has slots, the others wait staged, first come, first served."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from carnival.contracts.ids import JobId


class Turns:
    """`give` hands a slot to the first waiting job within the same pass of the event loop: the server waits for it."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._holders: set[JobId] = set()
        self._waiting: OrderedDict[JobId, asyncio.Future[bool]] = OrderedDict()
        self._closed = False

    @property
    def holders(self) -> int:
        return len(self._holders)

    async def take(self, job_id: JobId, *, first: bool = False) -> bool:
        """Wait for a slot, `first` before all others; False if the job was withdrawn or the turns are closed."""
        if self._closed:
            return False
        if job_id in self._holders:
            return True
        if len(self._holders) < self._slots and not self._waiting:
            self._holders.add(job_id)
            return True
        turn = self._waiting[job_id] = asyncio.get_running_loop().create_future()
        if first:
            self._waiting.move_to_end(job_id, last=False)
        self._serve()
        try:
            return await turn
        except asyncio.CancelledError:
            self._waiting.pop(job_id, None)
            self.give(job_id)
            raise

    def seize(self, job_id: JobId) -> None:
        """The server already has this job: it holds a slot, be there one or not."""
        self._holders.add(job_id)

    def give(self, job_id: JobId) -> None:
        """The server is through with this job. Giving twice is harmless."""
        self._holders.discard(job_id)
        self._serve()

    def withdraw(self, job_id: JobId) -> None:
        """The job need not wait any longer."""
        turn = self._waiting.pop(job_id, None)
        if turn is not None and not turn.done():
            turn.set_result(False)

    def withdraw_all(self) -> None:
        for job_id in list(self._waiting):
            self.withdraw(job_id)

    def close(self) -> None:
        """Nobody gets a turn any more."""
        self._closed = True
        self.withdraw_all()

    def _serve(self) -> None:
        while self._waiting and len(self._holders) < self._slots and not self._closed:
            job_id, turn = self._waiting.popitem(last=False)
            if not turn.done():
                self._holders.add(job_id)
                turn.set_result(True)
