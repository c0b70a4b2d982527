"""`carnival vote`: pairs of a run, one after the other, judged by keys."""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import click
import typer
from PIL import Image

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.vote import Pair
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import notice, print_json, say

LOCAL: Final = "local"
GAP_PIXELS: Final = 16
HELP: Final = "left, right, up: tie, down: both bad, s skip, x or X: kill left or right, u undo, q quit"


class Key(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BOTH_BAD = "both_bad"
    SKIP = "skip"
    KILL_LEFT = "kill_left"
    KILL_RIGHT = "kill_right"
    UNDO = "undo"
    QUIT = "quit"


_KEYS: Final = {
    "\x1b[D": Key.LEFT,
    "\x1b[C": Key.RIGHT,
    "\x1b[A": Key.TIE,
    "\x1b[B": Key.BOTH_BAD,
    "l": Key.LEFT,
    "r": Key.RIGHT,
    "t": Key.TIE,
    "b": Key.BOTH_BAD,
    "s": Key.SKIP,
    "x": Key.KILL_LEFT,
    "X": Key.KILL_RIGHT,
    "u": Key.UNDO,
    "q": Key.QUIT,
    "\x04": Key.QUIT,
    "": Key.QUIT,
}


def key_of(typed: str) -> Key | None:
    """What was typed, as arrow or letter; the end of the input quits. None for any other key."""
    return _KEYS.get(typed.replace("\x1bO", "\x1b["))


@command
async def vote(
    wanted: Annotated[str, typer.Argument(help="Id of the run, the beginning of it, or its name.")],
    voter: Annotated[str, typer.Option(help="Whose votes.")] = LOCAL,
    show: Annotated[bool, typer.Option("--open", help="Open each pair in the system's viewer.")] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Vote on the pairs of a run. Each pair is one picture, left and right; its path is printed.

    Keys: arrow left or l, arrow right or r, arrow up or t: tie, arrow down or b: both bad, s: skip, x or X: kill the
    left or the right image and look at its parent, u: undo, q: quit. Over a pipe: the letters.
    """
    async with connected(api_address(api, data)) as client:
        run = await find_run(client, wanted)
        with TemporaryDirectory(prefix="carnival-vote-", ignore_cleanup_errors=True) as folder:
            session = Session(client, run.run_id, voter)
            notice(HELP)
            while pair := await session.next_pair():
                picture = Path(folder) / f"pair-{session.shown}.png"
                await _draw(client, pair, picture)
                notice(f"{pair.step_name}: {picture}{'' if pair.voting else ' (for a kill only)'}")
                if show:
                    typer.launch(str(picture))
                if not await session.judge(pair, await _pressed()):
                    break
            else:
                notice("Every pair is voted on.")
    if as_json:
        print_json({"votes": session.votes, "kills": session.kills})
    else:
        say(f"{session.votes} votes, {session.kills} kills.")


class Session:
    """What one person does in a row, and the way back."""

    def __init__(self, api: CarnivalApi, run_id: str, voter: str) -> None:
        self._api = api
        self._run_id = run_id
        self._voter = voter
        self._done: list[tuple[str, str]] = []
        self._walked: Pair | None = None
        self.shown = 0

    @property
    def votes(self) -> int:
        return sum(kind == "vote" for kind, _ in self._done)

    @property
    def kills(self) -> int:
        return sum(kind == "kill" for kind, _ in self._done)

    async def next_pair(self) -> Pair | None:
        """The parent of what was just killed beside another image (KILL-2), else the pair to vote on next."""
        walked, self._walked = self._walked, None
        self.shown += 1
        return walked or (await self._api.votes.next_pair(self._run_id, self._voter)).pair

    async def judge(self, pair: Pair, key: Key) -> bool:
        """Carry out what a key means for a pair; False ends the session. Raises ApiRefused."""
        match key:
            case Key.QUIT:
                return False
            case Key.UNDO:
                await self._undo()
            case Key.KILL_LEFT:
                await self._kill(pair.left.candidate_id)
            case Key.KILL_RIGHT:
                await self._kill(pair.right.candidate_id)
            case Key.LEFT | Key.RIGHT | Key.TIE | Key.BOTH_BAD | Key.SKIP:
                await self._vote(pair, key)
        return True

    async def _vote(self, pair: Pair, key: Key) -> None:
        if not pair.voting and key is not Key.SKIP:
            notice("This pair was voted on before; kill, or skip.")
            self._walked = pair
            return
        if not pair.voting:
            return
        left, right = pair.left.candidate_id, pair.right.candidate_id
        written = await self._api.votes.cast(left, right, key.value, self._voter)
        if key is not Key.SKIP:
            self._done.append(("vote", written.id))

    async def _kill(self, candidate_id: str) -> None:
        walk = await self._api.walks.start(candidate_id, self._voter)
        if walk is not None:
            self._done.append(("kill", walk.walk_id))
            self._walked = walk.pair

    async def _undo(self) -> None:
        if not self._done:
            notice("There is nothing to undo.")
            return
        kind, identity = self._done.pop()
        if kind == "vote":
            await self._api.votes.retract(identity, self._voter)
        else:
            await self._api.walks.undo(identity)
        notice(f"The last {kind} is undone.")


async def _pressed() -> Key:
    """The next key that means something."""
    while True:
        key = key_of(await asyncio.to_thread(_typed))
        if key is not None:
            return key
        notice(HELP)


def _typed() -> str:
    if sys.stdin.isatty():
        return click.getchar()
    while (typed := sys.stdin.read(1)).isspace():
        pass
    return typed


async def _draw(api: CarnivalApi, pair: Pair, file: Path) -> None:
    left, right = await asyncio.gather(*(api.candidates.image(side.candidate_id) for side in (pair.left, pair.right)))
    await asyncio.to_thread(side_by_side, left, right, file)


def side_by_side(left: bytes, right: bytes, file: Path) -> None:
    """Two pictures as one, the first on the left. Raises OSError."""
    with Image.open(BytesIO(left)) as one, Image.open(BytesIO(right)) as other:
        both = Image.new("RGB", (one.width + GAP_PIXELS + other.width, max(one.height, other.height)))
        both.paste(one, (0, 0))
        both.paste(other, (one.width + GAP_PIXELS, 0))
    both.save(file, "PNG", compress_level=1)
