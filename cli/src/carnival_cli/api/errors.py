"""What can go wrong between a command and the API."""

from __future__ import annotations

from typing import Any

from carnival_cli.exits import CommandFailed, Exit


class ApiUnreachable(CommandFailed):
    """Nothing answers, or something that is no Carnival does."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"No Carnival answers at {url}: {why}. Start one with `carnival up`.", Exit.UNREACHABLE)


class ApiRefused(CommandFailed):
    """The API said no, with a problem document (RFC 9457). `kind` is the end of its type URI."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(sentence_of(status, problem), Exit.REFUSED)
        self.status = status
        self.problem = problem

    @property
    def kind(self) -> str:
        return str(self.problem.get("type", "")).rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def sentence_of(status: int, problem: dict[str, Any]) -> str:
    """Title and detail as one sentence or two; the status alone when neither is there."""
    title = str(problem.get("title") or "").strip().rstrip(".")
    detail = str(problem.get("detail") or "").strip()
    if title and detail:
        return f"{title}: {detail}"
    return title or detail or f"The API answered with status {status}."
