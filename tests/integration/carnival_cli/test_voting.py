"""`carnival vote` in a terminal: keys, pictures, and what happens when somebody else was faster."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
from fixtures.command_line import Up, answer, environment

SECONDS = 60
DEVICE_ATTRIBUTES = b"\x1b[c"
WITH_SIXELS = b"\x1b[?62;4c"
A_SIXEL_PICTURE = b"\x1bP"


class Terminal:
    """A program in a terminal of its own that draws sixels if `sixels`."""

    def __init__(self, end: int, *, sixels: bool) -> None:
        self._end = end
        self._answers = {DEVICE_ATTRIBUTES: WITH_SIXELS} if sixels else {}
        self._shown = b""

    def wait_for(self, wanted: bytes) -> bytes:
        """What is on the screen up to and with `wanted`, since the last wait."""
        deadline = time.monotonic() + SECONDS
        while wanted not in self._shown:
            assert time.monotonic() < deadline, f"{wanted!r} never came: {self._shown[-1000:]!r}"
            ready, _, _ = select.select([self._end], [], [], 1)
            if ready:
                self._take(os.read(self._end, 65536))
        before, found, self._shown = self._shown.partition(wanted)
        return before + found

    def press(self, key: bytes) -> None:
        """Waits until a key is waited for: what is typed before a pair is shown must not judge it."""
        deadline = time.monotonic() + SECONDS
        while termios.tcgetattr(self._end)[3] & termios.ICANON:
            assert time.monotonic() < deadline, f"no key is waited for: {self._shown[-1000:]!r}"
            ready, _, _ = select.select([self._end], [], [], 0.1)
            if ready:
                self._take(os.read(self._end, 65536))
        os.write(self._end, key)

    def _take(self, piece: bytes) -> None:
        self._shown += piece
        for question, reply in self._answers.items():
            if question in piece:
                os.write(self._end, reply)


@contextmanager
def voting(data: Path, *arguments: str, sixels: bool = False) -> Generator[Terminal]:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, 100))
    variables = {"CARNIVAL_DATA": str(data), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "carnival_cli", "vote", *arguments],
        env=environment() | variables,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        yield Terminal(ours, sixels=sixels)
    finally:
        process.terminate()
        process.wait(SECONDS)
        os.close(ours)


def test_arrows_judge_and_a_pair_that_somebody_was_faster_with_leads_to_the_next(
    running: Up, data: Path, run: str, grown: dict[str, str]
) -> None:
    operator = {"Authorization": f"Bearer {(data / 'operator-token').read_text().strip()}"}
    with (
        httpx.Client(base_url=running.state["api_url"], headers=operator, timeout=SECONDS) as api,
        voting(data, run, "--voter", "eve", "--files") as terminal,
    ):
        terminal.wait_for(b"pair-1.png")
        terminal.press(b"\x1b[C")
        terminal.wait_for(b"pair-2.png")
        for pair in _open_pairs(api, grown["run_id"], "eve"):
            body = {"left_id": pair[0], "right_id": pair[1], "outcome": "tie", "voter": "eve"}
            assert api.post("/api/votes", json=body).status_code == 201
        terminal.press(b"\x1b[D")
        assert b"has been voted on" in terminal.wait_for(b"On with the next pair")
        terminal.press(b"q")
        terminal.wait_for(b"1 vote, 0 kills.")
    votes = answer(data, "votes", "list", run, "--voter", "eve")["items"]
    assert [vote["outcome"] for vote in votes].count("right") == 1


def _open_pairs(api: httpx.Client, run_id: str, voter: str) -> list[tuple[str, str]]:
    """All pairs of the step that is voted on now which this voter has left."""
    offered = api.get(f"/api/runs/{run_id}/next-pair", params={"voter": voter}).json()["pair"]
    live = api.get(f"/api/runs/{run_id}/candidates", params={"step": offered["step_order"], "status": "live"}).json()
    ids = [one["candidate_id"] for one in live["items"]]
    votes = api.get("/api/votes", params={"run_id": run_id, "voter": voter}).json()["items"]
    done = {frozenset((vote["left_id"], vote["right_id"])) for vote in votes if not vote["retracted"]}
    pairs = [(one, other) for place, one in enumerate(ids) for other in ids[place + 1 :]]
    return [pair for pair in pairs if frozenset(pair) not in done]


def test_a_terminal_that_draws_pictures_shows_the_pair_itself(data: Path, run: str) -> None:
    with voting(data, run, "--voter", "fay", sixels=True) as terminal:
        terminal.wait_for(A_SIXEL_PICTURE)
        terminal.press(b"t")
        terminal.wait_for(A_SIXEL_PICTURE)
        terminal.press(b"u")
        terminal.wait_for(b"The last vote is undone.")
        terminal.press(b"q")
        terminal.wait_for(b"0 votes, 0 kills.")
    assert [vote["retracted"] for vote in answer(data, "votes", "list", run, "--voter", "fay")["items"]] == [True]
