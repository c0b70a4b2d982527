"""The API in the words of the glossary."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from carnival_cli.api.errors import ApiUnreachable
from carnival_cli.api.transport import Transport
from carnival_cli.api.views import (
    Candidate,
    Decision,
    Discards,
    Job,
    KillWalk,
    LogLine,
    NextPair,
    Page,
    Pipeline,
    PipelineSummary,
    Rescoring,
    Run,
    SignInLink,
    Status,
    Token,
    TreeNode,
    View,
)

V = TypeVar("V")

PAGES_MAX: Final = 1000


class Written(View):
    """What a command did: where in the log, to which thing, and whether anything changed."""

    position: int
    id: str
    changed: bool
    result: dict[str, Any] | None = None


class IssuedToken(Written):
    """The only answer that holds a token itself."""

    token: str | None


class CarnivalApi:
    """Every method raises ApiRefused or ApiUnreachable."""

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    async def pipelines(self) -> list[PipelineSummary]:
        return await self._pages(PipelineSummary, "/api/pipelines")

    async def pipeline(self, pipeline_id: str, version: int | None = None) -> Pipeline:
        return self._read(Pipeline, await self._http.get(f"/api/pipelines/{pipeline_id}", version=version))

    async def define_pipeline(self, body: dict[str, Any], pipeline_id: str | None = None) -> Written:
        """A new pipeline, or the next version of `pipeline_id`."""
        path = f"/api/pipelines/{pipeline_id}/versions" if pipeline_id else "/api/pipelines"
        return self._read(Written, await self._http.post(path, body))

    async def runs(self, status: str | None = None) -> list[Run]:
        return await self._pages(Run, "/api/runs", status=status)

    async def run(self, run_id: str, at_least: int | None = None) -> Run:
        return self._read(Run, await self._http.get(f"/api/runs/{run_id}", **{"at-least": at_least}))

    async def jobs_at_servers(self, run_id: str, limit: int) -> list[Job]:
        """The run's jobs that servers have now, newest first."""
        path = f"/api/runs/{run_id}/jobs"
        return self._read(Page[Job], await self._http.get(path, state="submitted", limit=limit)).items

    async def start_run(self, body: dict[str, Any]) -> Written:
        return self._read(Written, await self._http.post("/api/runs", body))

    async def govern_run(self, run_id: str, action: str, body: dict[str, Any] | None = None) -> Written:
        """`action`: pause, resume, complete, or steps/ORDER/resume."""
        return self._read(Written, await self._http.post(f"/api/runs/{run_id}/{action}", body))

    async def discard_images(self, run_id: str) -> Discards | None:
        """Give up 500 originals of rejected or dead images at the most. None while that is not projected."""
        written = await self._http.post(f"/api/runs/{run_id}/discard-images", {"everything": True})
        return self._read(Discards, written["result"]) if written.get("result") else None

    async def tree(self, run_id: str) -> list[TreeNode]:
        return await self._pages(TreeNode, f"/api/runs/{run_id}/tree")

    async def candidates(self, run_id: str) -> list[Candidate]:
        return await self._pages(Candidate, f"/api/runs/{run_id}/candidates")

    async def next_pair(self, run_id: str, voter: str) -> NextPair:
        return self._read(NextPair, await self._http.get(f"/api/runs/{run_id}/next-pair", voter=voter))

    async def cast_vote(self, left_id: str, right_id: str, outcome: str, voter: str) -> Written:
        body = {"left_id": left_id, "right_id": right_id, "outcome": outcome, "voter": voter}
        return self._read(Written, await self._http.post("/api/votes", body))

    async def retract_vote(self, vote_id: str, voter: str) -> Written:
        return self._read(Written, await self._http.delete(f"/api/votes/{vote_id}", voter=voter))

    async def kill(self, candidate_id: str, voter: str) -> KillWalk | None:
        """Kill an image and look left: its parent beside another image. None while that is not projected."""
        written = await self._http.post("/api/kill-walks", {"candidate_id": candidate_id, "voter": voter})
        return self._read(KillWalk, written["result"]) if written.get("result") else None

    async def undo_kill(self, walk_id: str) -> None:
        await self._http.delete(f"/api/kill-walks/{walk_id}")

    async def image(self, candidate_id: str) -> bytes:
        async with self._http.pieces(f"/api/candidates/{candidate_id}/image") as pieces:
            return b"".join([piece async for piece in pieces])

    async def reject(self, candidate_id: str, note: str = "") -> Written:
        return self._read(Written, await self._http.post(f"/api/candidates/{candidate_id}/reject", {"note": note}))

    async def next_decision(self, run_id: str | None = None) -> dict[str, Any]:
        return self._read(dict[str, Any], await self._http.get("/api/next", run_id=run_id))

    async def ratings(self) -> dict[str, Any]:
        """What rates now, and which systems there are."""
        return self._read(dict[str, Any], await self._http.get("/api/ratings"))

    async def rescorings(self) -> list[Rescoring]:
        return await self._pages(Rescoring, "/api/rescorings")

    async def rescoring(self, rescoring_id: str, at_least: int | None = None) -> Rescoring:
        query = {"at-least": at_least}
        return self._read(Rescoring, await self._http.get(f"/api/rescorings/{rescoring_id}", **query))

    async def request_rescoring(self, body: dict[str, Any]) -> Written:
        return self._read(Written, await self._http.post("/api/rescorings", body))

    async def settle_rescoring(self, rescoring_id: str, action: str) -> Written:
        """`action`: promote or drop."""
        return self._read(Written, await self._http.post(f"/api/rescorings/{rescoring_id}/{action}"))

    async def decision(self, path: str) -> Decision:
        """Why: `path` names a job or a candidate."""
        return self._read(Decision, await self._http.get(f"{path}/decision"))

    async def status(self) -> Status:
        return self._read(Status, await self._http.get("/api/status"))

    async def events(self, after: int, run_id: str | None = None, limit: int = 500) -> Page[LogLine]:
        return self._read(Page[LogLine], await self._http.get("/api/events", after=after, run_id=run_id, limit=limit))

    async def changes(self, after: int | None = None, run_id: str | None = None) -> AsyncGenerator[dict[str, Any]]:
        """`{"position": …, "type": …, "run_id": …}` for every new event, for ever, until the line breaks."""
        async with self._http.lines("/api/changes", after=after, run_id=run_id) as lines:
            async for line in lines:
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))

    def export_preferences(self, **query: Any) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of a preference data set; `query` as in GET /api/exports/preferences."""
        return self._http.pieces("/api/exports/preferences", **query)

    async def tokens(self) -> list[Token]:
        return self._read(list[Token], await self._http.get("/api/tokens"))

    async def issue_token(self, body: dict[str, Any]) -> IssuedToken:
        return self._read(IssuedToken, await self._http.post("/api/tokens", body))

    async def revoke_token(self, token_id: str) -> Written:
        return self._read(Written, await self._http.delete(f"/api/tokens/{token_id}"))

    async def sign_in_link(self) -> SignInLink:
        return self._read(SignInLink, await self._http.post("/api/sign-in-links"))

    async def _pages(self, kind: type[V], path: str, **query: Any) -> list[V]:
        items: list[V] = []
        cursor: str | None = None
        for _ in range(PAGES_MAX):
            page = self._read(Page[kind], await self._http.get(path, **query, cursor=cursor))
            items += page.items
            cursor = page.next
            if cursor is None:
                return items
        return items

    def _read(self, kind: type[V], content: Any) -> V:
        try:
            return TypeAdapter(kind).validate_python(content)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ApiUnreachable(self._http.url, f"an answer does not fit ({place}: {first['msg']})") from error
