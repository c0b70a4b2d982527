"""The HTTP application, put together of its routes."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import FastAPI

from carnival.health import health_app
from curation_api.adapters.http.access import access_routes
from curation_api.adapters.http.analytics import analytics_routes
from curation_api.adapters.http.boundary import Boundary
from curation_api.adapters.http.candidates import candidate_routes
from curation_api.adapters.http.change_stream import change_routes
from curation_api.adapters.http.conditional import ConditionalGets
from curation_api.adapters.http.dashboard import dashboard_routes
from curation_api.adapters.http.decisions import decision_routes
from curation_api.adapters.http.discarding import discarding_routes
from curation_api.adapters.http.document import ServedDocument, document_of, with_components, with_roles
from curation_api.adapters.http.error_handlers import answer_with_problems
from curation_api.adapters.http.events import event_routes
from curation_api.adapters.http.exports import export_routes
from curation_api.adapters.http.fleet import fleet_routes
from curation_api.adapters.http.galleries import gallery_routes
from curation_api.adapters.http.gate import Gate
from curation_api.adapters.http.guest_links import guest_link_routes
from curation_api.adapters.http.guests import guest_routes
from curation_api.adapters.http.images import image_routes
from curation_api.adapters.http.issuer_sign_in import issuer_sign_in_routes
from curation_api.adapters.http.kill_walks import kill_walk_routes
from curation_api.adapters.http.matrices import matrix_routes
from curation_api.adapters.http.monitoring import monitoring_routes
from curation_api.adapters.http.observing import Observed
from curation_api.adapters.http.pages import page_routes
from curation_api.adapters.http.pairs import pair_routes
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.past import past_routes
from curation_api.adapters.http.pipelines import pipeline_routes
from curation_api.adapters.http.problem_pages import problem_routes
from curation_api.adapters.http.ratings import rating_routes
from curation_api.adapters.http.roles import RoleTable
from curation_api.adapters.http.runs import run_routes
from curation_api.adapters.http.votes import casting_routes, vote_routes
from curation_api.adapters.http.web_pages import WebPages, built_site
from curation_api.adapters.http.webhooks import webhook_routes
from curation_api.adapters.http.workflows import workflow_routes

TITLE = "Turbo Carnival"
VERSION = "1"


def http_app(parts: Parts) -> FastAPI:
    """The whole API on `parts`."""
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    table = RoleTable()
    for routes in (
        casting_routes,  # The framework asks one router after the other, so what people wait for most comes first.
        pair_routes,
        vote_routes,
        pipeline_routes,
        run_routes,
        matrix_routes,
        gallery_routes,
        candidate_routes,
        image_routes,
        kill_walk_routes,
        discarding_routes,
        rating_routes,
        past_routes,
        fleet_routes,
        monitoring_routes,
        analytics_routes,
        dashboard_routes,
        decision_routes,
        event_routes,
        change_routes,
        export_routes,
        access_routes,
        issuer_sign_in_routes,
        guest_link_routes,
        guest_routes,
        webhook_routes,
    ):
        app.include_router(routes(parts))
    app.include_router(workflow_routes())
    app.include_router(problem_routes())
    app.include_router(page_routes(TITLE))
    app.router.routes.extend(health_app(parts.checks).routes)
    answer_with_problems(app)
    app.add_middleware(Gate, table=table, credentials=parts.access.credentials, limits=parts.access.rate_limits)
    app.add_middleware(WebPages, table=table, site=built_site())
    app.add_middleware(ConditionalGets)
    app.add_middleware(Boundary, body_max_bytes=parts.limits.body_max_bytes)
    app.add_middleware(Observed, table=table)
    app.openapi = partial(_document, app, table, open_house=parts.access.credentials.open_house)
    app.add_route("/openapi.json", ServedDocument(app.openapi).answer, include_in_schema=False)
    return app


def _document(app: FastAPI, table: RoleTable, *, open_house: bool) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = with_components(with_roles(document_of(app), table, open_house=open_house))
    return app.openapi_schema
