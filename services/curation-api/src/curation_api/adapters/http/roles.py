"""Who may call which route: the one place. A route that does not stand here does not answer.

A line is the method and the path template. GET includes HEAD. docs/access.md shows the same table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from carnival.contracts.access import Role
from curation_api.domain.access.principals import Anyone, Guests, Least

ROLES: Final[Mapping[Least, frozenset[str]]] = {
    Anyone.ANYONE: frozenset(
        {
            "GET /docs",
            "GET /docs/{name}",
            "GET /health/live",
            "GET /health/ready",
            "GET /openapi.json",
            "GET /problems",
            "GET /problems/{kind}",
            "GET /api/sign-in-ways",
            "GET /sign-in",
            "GET /sign-in/issuer",
            "GET /sign-in/issuer/answer",
            "POST /api/guest-passes",
            "POST /sign-out",
        }
    ),
    Guests.GUEST: frozenset(
        {
            "DELETE /api/guest/votes/{vote_id}",
            "GET /api/guest/images/{candidate_id}",
            "GET /api/guest/me",
            "GET /api/guest/pair",
            "POST /api/guest/votes",
        }
    ),
    Role.VIEWER: frozenset(
        {
            "GET /api/analytics",
            "GET /api/candidate-ids",
            "GET /api/candidates",
            "GET /api/candidates/{candidate_id}",
            "GET /api/candidates/{candidate_id}/branch",
            "GET /api/candidates/{candidate_id}/children",
            "GET /api/candidates/{candidate_id}/decision",
            "GET /api/candidates/{candidate_id}/events",
            "GET /api/candidates/{candidate_id}/image",
            "GET /api/candidates/{candidate_id}/lineage",
            "GET /api/candidates/{candidate_id}/thumbnail",
            "GET /api/changes",
            "GET /api/dashboard",
            "GET /api/events",
            "GET /api/events/{position}",
            "GET /api/exports/events",
            "GET /api/exports/images",
            "GET /api/exports/preferences",
            "GET /api/fleet",
            "GET /api/fleet/choices",
            "GET /api/jobs/{job_id}",
            "GET /api/jobs/{job_id}/decision",
            "GET /api/jobs/{job_id}/events",
            "GET /api/jobs/{job_id}/preview",
            "GET /api/me",
            "GET /api/next",
            "GET /api/pipelines",
            "GET /api/pipelines/{pipeline_id}",
            "GET /api/pipelines/{pipeline_id}/readiness",
            "GET /api/ratings",
            "GET /api/rescorings",
            "GET /api/rescorings/{rescoring_id}",
            "GET /api/run-matrices/{matrix_id}",
            "GET /api/runs",
            "GET /api/runs/{run_id}",
            "GET /api/runs/{run_id}/at",
            "GET /api/runs/{run_id}/at/tree",
            "GET /api/runs/{run_id}/analytics",
            "GET /api/runs/{run_id}/candidates",
            "GET /api/runs/{run_id}/events",
            "GET /api/runs/{run_id}/gallery",
            "GET /api/runs/{run_id}/gates",
            "GET /api/runs/{run_id}/jobs",
            "GET /api/runs/{run_id}/jobs/{number}/decision",
            "GET /api/runs/{run_id}/leaders",
            "GET /api/runs/{run_id}/tree",
            "POST /api/sign-in-links",
            "GET /api/status",
            "GET /api/votes",
            "GET /api/votes/{vote_id}",
            "GET /api/work",
            "POST /api/exports/images",
            "POST /api/runs/{run_id}/what-if",
            "POST /api/workflows/inspect",
        }
    ),
    Role.VOTER: frozenset(
        {
            "DELETE /api/votes/{vote_id}",
            "GET /api/runs/{run_id}/kill-walk",
            "GET /api/runs/{run_id}/next-pair",
            "POST /api/votes",
            "POST /api/votes/retract",
        }
    ),
    Role.CURATOR: frozenset(
        {
            "DELETE /api/guest-links/{link_id}",
            "DELETE /api/kill-walks/{walk_id}",
            "DELETE /api/runs/{run_id}/winner",
            "GET /api/guest-links",
            "GET /api/kill-walks/{walk_id}",
            "GET /api/runs/{run_id}/guests",
            "PATCH /api/runs/{run_id}",
            "POST /api/candidates/reject",
            "POST /api/candidates/restore",
            "POST /api/candidates/{candidate_id}/reject",
            "POST /api/candidates/{candidate_id}/restore",
            "POST /api/guest-links",
            "POST /api/kill-walks",
            "POST /api/kill-walks/{walk_id}/answers",
            "POST /api/pipelines",
            "POST /api/pipelines/{pipeline_id}/versions",
            "POST /api/run-matrices",
            "POST /api/runs",
            "POST /api/runs/{run_id}/complete",
            "POST /api/runs/{run_id}/fork",
            "POST /api/runs/{run_id}/guests/merge",
            "POST /api/runs/{run_id}/guests/separate",
            "POST /api/runs/{run_id}/pause",
            "POST /api/runs/{run_id}/resume",
            "POST /api/runs/{run_id}/steps/{order}/approve",
            "POST /api/runs/{run_id}/steps/{order}/resume",
            "PUT /api/runs/{run_id}/winner",
        }
    ),
    Role.OPERATOR: frozenset(
        {
            "DELETE /api/tokens/{token_id}",
            "DELETE /api/webhooks/{webhook_id}",
            "GET /api/tokens",
            "GET /api/webhooks",
            "GET /api/webhooks/{webhook_id}/dead-letters",
            "POST /api/fleet/{gateway}/drain",
            "POST /api/fleet/{gateway}/undrain",
            "POST /api/fleet/{gateway}/{node}/drain",
            "POST /api/fleet/{gateway}/{node}/undrain",
            "POST /api/rescorings",
            "POST /api/rescorings/{rescoring_id}/drop",
            "POST /api/rescorings/{rescoring_id}/promote",
            "POST /api/runs/{run_id}/discard-images",
            "POST /api/tokens",
            "POST /api/webhooks",
            "POST /api/webhooks/{webhook_id}/dead-letters/{position}/redeliver",
            "POST /api/webhooks/{webhook_id}/test",
        }
    ),
}


class RoleTable:
    """Finds the least role of a request by its method and path."""

    def __init__(self, roles: Mapping[Least, frozenset[str]] = ROLES) -> None:
        self._methods: dict[str, dict[str, Least]] = {}
        for least, method, path in _lines(roles):
            self._methods.setdefault(path, {})[method] = least
        self._templates: dict[int, list[tuple[list[str], str]]] = {}
        for path in self._methods:
            if "{" in path:
                parts = path.split("/")
                self._templates.setdefault(len(parts), []).append((parts, path))

    def least(self, method: str, template: str) -> Least | None:
        """What a route asks for, None if it is not in the table."""
        return self._methods.get(template, {}).get("GET" if method == "HEAD" else method)

    def methods(self, path: str) -> Mapping[str, Least] | None:
        """The methods of the route at `path` with what each asks for; None if there is no such route."""
        template = self.template(path)
        return None if template is None else self._methods[template]

    def template(self, path: str) -> str | None:
        """The route at `path`, as it stands in the table."""
        if path in self._methods:
            return path
        parts = path.split("/")
        for wanted, template in self._templates.get(len(parts), ()):
            if all(want == part or (want[:1] == "{" and part) for want, part in zip(wanted, parts, strict=True)):
                return template
        return None


def _lines(roles: Mapping[Least, frozenset[str]]) -> Iterator[tuple[Least, str, str]]:
    for least, lines in roles.items():
        for line in lines:
            method, path = line.split(" ")
            yield least, method, path
