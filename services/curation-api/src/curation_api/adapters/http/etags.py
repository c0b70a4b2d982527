"""Entity tags of the things that commands change: on answers, and sent back as If-Match.

A tag is a thing's version and, behind a dot, a digest of the answer: a run's estimate moves with the clock, without an
event. If-Match compares the versions, so that such movements do not get in the way of a command.

If-Match is no parameter in the OpenAPI document but stands in the words of operations: a made-up tag would be right by
any schema, and refused all the same.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from curation_api.adapters.http.conditional import tag_of
from curation_api.adapters.http.parameters import FromWhere
from curation_api.application.preconditions import version_of
from curation_api.application.views.candidate import CandidateView
from curation_api.application.views.pipeline import PipelineView
from curation_api.application.views.run import RunView
from curation_api.domain.idempotency import Origin
from curation_api.domain.seen import Seen, Thing

_NAMED_IN_PATH: Final = {f"{thing.value}_id": thing for thing in Thing}


def etag_of(view: RunView | PipelineView | CandidateView) -> str:
    """The strong tag of a thing as it is shown."""
    version = version_of(view)
    return f'"{version}.{tag_of(view.model_dump_json())}"' if isinstance(view, RunView) else f'"{version}"'


def tag(response: Response, view: object) -> None:
    """Puts the tag of what is shown on the answer, if it is a thing that has one."""
    if isinstance(view, RunView | PipelineView | CandidateView):
        response.headers["ETag"] = etag_of(view)


async def origin_if_match(request: Request, origin: FromWhere) -> Origin:
    """Where the command comes from, and for which versions of the thing in its path it is meant."""
    given = request.headers.get("if-match")
    if given is None:
        return origin
    named = next(name for name in _NAMED_IN_PATH if name in request.path_params)
    seen = Seen(thing=_NAMED_IN_PATH[named], identity=request.path_params[named], versions=_versions(given))
    return origin.meant_for(seen)


IfMatch = Annotated[Origin, Depends(origin_if_match)]
"""`FromWhere` of a command about one thing that heeds If-Match."""


def _versions(header: str) -> frozenset[str]:
    """Weak tags are left out: they never match (RFC 9110, 13.1.1)."""
    tags = [part.strip() for part in header.split(",")]
    return frozenset(part.strip('"').partition(".")[0] for part in tags if part and not part.startswith("W/"))
