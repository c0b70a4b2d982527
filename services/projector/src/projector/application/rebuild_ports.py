"""What a rebuild asks of the place it builds on, and of those who help."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from carnival.contracts.ids import Position
from projector.application.ports import Needs, Outcome, ReadModelDigest, RowStore
from projector.application.share import Share
from projector.domain.read_model import ReadModel


class RebuildUnderWay(Exception):
    """Another rebuild of this read model is running."""


class NotInBulk(Exception):
    """Something in the log needs the careful way, batch by batch. What is in the building site is of no use."""


class SharePlace(Protocol):
    """Where one share of a rebuild puts its rows. Methods raise StoreUnavailable."""

    async def load(self, needs: Needs, model: ReadModel) -> None:
        """As `RowStore.load`; sees what was inserted and updated."""
        ...

    def insert(self, outcome: Outcome) -> Coroutine[None, None, None]:
        """Write the rows that are new. Their values are taken at the call; awaiting writes them. Raises Unwritable."""
        ...

    async def update(self, outcome: Outcome) -> None:
        """Write the rows that were changed, and keep that this share goes up to `outcome.after`. Raises Unwritable."""
        ...

    async def index_runs(self) -> None:
        """Prepare for the rows of runs to be loaded, if that is not done yet. Until then only new rows, and changes of
        those in memory, are quick."""
        ...


class BuildingSite(Protocol):
    """An empty read model beside the live one, to be filled and put in its place. Methods raise StoreUnavailable."""

    @property
    def rows(self) -> RowStore:
        """The new read model as an ordinary store; open once `prepare` is done."""
        ...

    async def prepare(self, *, anew: bool = False) -> Position:
        """Take the lock and make the tables. How far an interrupted rebuild by this fold has come, as a whole: what of
        it is not complete is gone. With `anew` it is the beginning. Raises RebuildUnderWay, NewerFold.
        """
        ...

    async def divide(self, shares: int) -> Sequence[Position]:
        """How far each share has come. An interrupted rebuild keeps the shares it was divided into."""
        ...

    def place(self, share: Share) -> SharePlace:
        """For a share that is folded here; one at a time."""
        ...

    async def unite(self, position: Position) -> None:
        """All shares go up to `position`: from here on there is one read model."""
        ...

    async def index(self) -> None:
        """Prepare for rows to be found by all that anybody asks for. New rows are slow from then on."""
        ...

    async def rate_anew(self) -> None:
        """Rate every run that is written by the system promoted last."""
        ...

    async def tidy(self) -> None:
        """Prepare the filled tables for being queried."""
        ...

    async def digest(self) -> ReadModelDigest:
        """The fingerprint of the rows that are here."""
        ...

    async def clear(self) -> None:
        """Give up the tables and what is in them."""
        ...

    def swap(self) -> AbstractAsyncContextManager[Position]:
        """The live projection stands still while the block runs, at the position given. If the block ends well, the
        new read model takes the live one's place, in one step; the old one is kept beside it."""
        ...

    async def close(self) -> None:
        """Give all connections back. Never raises."""
        ...


class Hands(Protocol):
    """Who folds shares of a rebuild beside this process."""

    def shares_for(self, events: int) -> int:
        """Into how many shares, this process's one included, so many events are best divided."""
        ...

    async def fold(self, share: Share, until: Position, told: Callable[[Position], None]) -> None:
        """Fold all of a share that is missing up to `until`; ends at once if it is cancelled.

        Raises NotInBulk, StoreUnavailable.
        """
        ...
