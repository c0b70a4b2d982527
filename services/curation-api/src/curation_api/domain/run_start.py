"""Starting a run (RUN-6, CLI-2, SUB-5, PAY-7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from carnival.contracts.ids import PipelineId, Position, RunId
from carnival.contracts.pipeline import StepDefinition, VariableDefinition
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, Profile, Raffle, RunPolicy, RunStarted
from curation_api.domain.folder import checked_folder, dated_folder, dated_folder_apart
from curation_api.domain.rating import checked_choice
from curation_api.domain.refusals import BadText
from curation_api.domain.run_variables import check_variables, texts_of
from curation_api.domain.variable import completed

NO_CEILINGS = Ceilings()
LINEAR = Raffle()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedPipeline:
    """The version a run will follow, and where it stands in the log."""

    pipeline_id: PipelineId
    version: int
    position: Position
    name: str
    steps: tuple[StepDefinition, ...]
    variables: tuple[VariableDefinition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """A new run. What is None gets a default; `pipeline_version` None means the newest."""

    pipeline_id: PipelineId
    pipeline_version: int | None = None
    name: str | None = None
    prompt: str | None = None
    variables: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    folder: str | None = None
    profile: Profile = Profile.AUTONOMOUS
    n: int
    t: int
    ceilings: Ceilings = NO_CEILINGS
    rating: RatingChoice | None = None
    policy: RunPolicy | None = None
    raffle: Raffle = LINEAR


def run_name(command: StartRun, pipeline: DefinedPipeline, now: datetime) -> str:
    """The run's name, or the pipeline's with a time stamp (RUN-6). Raises BadText for a blank one."""
    if command.name is None:
        return f"{pipeline.name} {now:%Y-%m-%d %H:%M:%S}"
    if not command.name.strip():
        raise BadText("A run's name cannot be blank")
    return command.name.strip()


def start_run(
    command: StartRun, pipeline: DefinedPipeline, run_id: RunId, now: datetime, taken: Collection[str]
) -> RunStarted:
    """The start. `taken` holds the folders of other runs that must not be given again.

    Raises BadText, BadFolder, BadVariable, MissingVariable, BadRatingSystem.
    """
    if command.rating is not None:
        checked_choice(command.rating.system, command.rating.settings)
    name = run_name(command, pipeline, now)
    prompt, variables = texts_of(command.prompt, command.variables)
    prompt, variables = texts_of(prompt, completed(pipeline.variables, variables))
    check_variables(pipeline.steps, pipeline.variables, prompt, variables)
    plain = dated_folder(name, now)
    chosen = dated_folder_apart(name, now, run_id) if plain in taken else plain
    return RunStarted(
        run_id=run_id,
        pipeline_id=pipeline.pipeline_id,
        pipeline_version=pipeline.version,
        pipeline_position=pipeline.position,
        name=name,
        prompt=prompt,
        variables=variables,
        folder=chosen if command.folder is None else checked_folder(command.folder),
        profile=command.profile,
        n=command.n,
        t=command.t,
        ceilings=command.ceilings,
        rating=command.rating,
        policy=command.policy,
        raffle=command.raffle,
    )
