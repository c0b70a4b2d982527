"""Routes about matrices: runs that are started together and differ in some variables."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, Field, JsonValue

from carnival.contracts.ids import MatrixId
from curation_api.adapters.http.parameters import FromWhere, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.run_bodies import RunBody
from curation_api.adapters.http.texts import refuse_unstorable
from curation_api.adapters.http.written import BatchWritten, batch_written
from curation_api.application.views.run import MatrixView
from curation_api.domain.pipeline_refusals import BadMatrix, BadVariable, MissingVariable
from curation_api.domain.rating_refusals import BadRatingSystem
from curation_api.domain.refusals import BadFolder, BadText, MatrixUnknown, PipelineUnknown
from curation_api.domain.run_matrix import CELLS_MAX, StartMatrix


def _storable_axes(axes: dict[str, list[JsonValue]]) -> dict[str, list[JsonValue]]:
    refuse_unstorable({name: list(values) for name, values in axes.items()}, "matrix")
    return axes


class MatrixBody(RunBody):
    """A run's body that holds for every cell; each name of `matrix` is a variable with the values it takes."""

    matrix: Annotated[
        dict[str, Annotated[list[JsonValue], Field(max_length=CELLS_MAX)]], AfterValidator(_storable_axes)
    ] = Field(
        description="Variables (or the prompt) with their values; the last one changes fastest.",
        min_length=1,
        max_length=10,
        examples=[{"style": ["noir", "pastel", "film"], "cfg": [5, 7]}],
    )


class MatrixWritten(BatchWritten):
    """Each item is a run, in the order of the cells."""

    matrix_id: str


def matrix_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/run-matrices", tags=["runs"], dependencies=[Depends(parts.at_least)])
    runs, limits = parts.runs, parts.limits

    @router.post(
        "",
        summary="Start a run for every combination of some variables' values",
        status_code=201,
        responses=problem_responses(
            PipelineUnknown, BadMatrix, BadText, BadFolder, BadVariable, MissingVariable, BadRatingSystem
        ),
    )
    async def start_matrix(body: MatrixBody, origin: FromWhere, response: Response) -> MatrixWritten:
        """All runs are started or none, up to 100. Each bears its number and values in its name and in `cell`."""
        command = StartMatrix(run=body.command(limits.n, limits.t), axes=body.matrix)
        matrix_id, receipt = await runs.start_matrix(command, origin)
        written = batch_written(response, receipt, created=True)
        return MatrixWritten(**dict(written), matrix_id=matrix_id)

    @router.get("/{matrix_id}", summary="Runs that were started together", responses=problem_responses(MatrixUnknown))
    async def show_matrix(matrix_id: IdPath) -> MatrixView:
        """The runs in the order of their cells, with their figures and leaders to compare."""
        return await runs.show.matrix(MatrixId(matrix_id))

    _ = (start_matrix, show_matrix)
    return router
