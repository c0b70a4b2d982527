"""/api/jobs: queue and history in one list. It has no twin without the prefix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from comfy_stub.job_views import STATUSES, all_jobs, duration, one_job
from comfy_stub.stub import Stub
from comfy_stub.wire import JsonObject


class BadQuery(ValueError):
    """A query value the list cannot be made from; its text is the answer."""


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def page(request: web.Request) -> web.Response:
        try:
            return web.json_response(_page(all_jobs(stub.engine.queue), request.rel_url.query))
        except BadQuery as refusal:
            return web.json_response({"error": str(refusal)}, status=400)

    async def one(request: web.Request) -> web.Response:
        job = one_job(stub.engine.queue, request.match_info["job_id"])
        if job is None:
            return web.json_response({"error": "Job not found"}, status=404)
        return web.json_response(job)

    return [web.get("/api/jobs", page), web.get("/api/jobs/{job_id}", one)]


def _page(jobs: list[JsonObject], query: Mapping[str, str]) -> JsonObject:
    statuses = [status.strip() for status in query.get("status", "").lower().split(",") if status.strip()]
    unknown = [status for status in statuses if status not in STATUSES]
    if unknown:
        listed = ", ".join(STATUSES)
        raise BadQuery(f"Invalid status value(s): {', '.join(unknown)}. Valid values: {listed}")
    order = _choice(query, "sort_by", ("created_at", "execution_duration"))
    newest_first = _choice(query, "sort_order", ("desc", "asc")) == "desc"
    limit = _limit(query)
    offset = _offset(query)
    if statuses:
        jobs = [job for job in jobs if job["status"] in statuses]
    if "workflow_id" in query:
        jobs = [job for job in jobs if job.get("workflow_id") == query["workflow_id"]]
    key = duration if order == "execution_duration" else _created
    jobs.sort(key=key, reverse=newest_first)
    page = jobs[offset:] if limit is None else jobs[offset : offset + limit]
    pagination = {
        "offset": offset,
        "limit": limit,
        "total": len(jobs),
        "has_more": offset + len(page) < len(jobs),
    }
    return {"jobs": page, "pagination": pagination}


def _created(job: JsonObject) -> int:
    return job["create_time"] or 0


def _choice(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = query.get(name, choices[0]).lower()
    if value not in choices:
        raise BadQuery(f"{name} must be one of: {', '.join(choices)}")
    return value


def _limit(query: Mapping[str, str]) -> int | None:
    if "limit" not in query:
        return None
    try:
        limit = int(query["limit"])
    except ValueError:
        raise BadQuery("limit must be an integer") from None
    if limit <= 0:
        raise BadQuery("limit must be a positive integer")
    return limit


def _offset(query: Mapping[str, str]) -> int:
    try:
        return max(0, int(query.get("offset", "0")))
    except ValueError:
        raise BadQuery("offset must be an integer") from None
