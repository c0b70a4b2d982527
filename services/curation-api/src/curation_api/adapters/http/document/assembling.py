"""The document as it is served at /openapi.json."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from curation_api.adapters.http.document.completing import complete
from curation_api.adapters.http.document.deliveries import HOW_IT_GOES, add_deliveries
from curation_api.adapters.http.document.introduction import INTRODUCTION
from curation_api.adapters.http.document.recorded import add_events
from curation_api.adapters.http.document.streaming import add_stream
from curation_api.adapters.http.problems import Problem

TAGS: Final = {
    "pipelines": "Ordered lists of steps, in immutable versions.",
    "runs": "Executions of a pipeline version, each growing a tree of images.",
    "candidates": "The images: galleries, trees, kills, files.",
    "votes": "Pairs to choose from, and the choices.",
    "kill walks": "After a kill, to the left: who was the cause.",
    "ratings": "Which system rates, and what another one would change.",
    "replay": "What has been, asked again: runs as they were.",
    "fleet": "Gateways and ComfyUI servers: what they do, what they cannot do, who drains them.",
    "monitoring": "Jobs, nodes and the state of the whole.",
    "exports": "What people made, to take along: preferences as a data set, images with their facts.",
    "access": "Tokens, and signing browsers in.",
    "guests": "Links for people without a token, who vote blindly on one run; their votes, merged or kept apart.",
    "webhooks": f"Events sent to somebody else's address, signed.\n\n{HOW_IT_GOES}",
    "problems": "What each kind of error means.",
    "events": "The log itself, as pages and as a stream of changes.",
}


def document_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `app`, complete."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=INTRODUCTION,
        routes=app.routes,
        tags=[{"name": name, "description": meaning} for name, meaning in TAGS.items()],
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": "/", "description": "This hub"}],
    )
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**problem.pop("$defs", {}), "Problem": problem}
    add_events(document["components"]["schemas"])
    add_stream(document)
    complete(document)
    add_deliveries(document)
    return document
