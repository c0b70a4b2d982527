"""Starting a run (RUN-6, CLI-2, SUB-5, PAY-7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from carnival.contracts.ids import PipelineId, Position, RunId
from carnival.contracts.pipeline import StepDefinition
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, Profile, RunStarted
from curation_api.domain.folder import checked_folder, dated_folder, dated_folder_apart
from curation_api.domain.placeholders import PROMPT, unfilled
from curation_api.domain.rating import checked_choice
from curation_api.domain.refusals import BadText, BadVariable, MissingVariable

SEED = "seed"
SEED_MAX = 2**63 - 1
NO_CEILINGS = Ceilings()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedPipeline:
    """The version a run will follow, and where it stands in the log."""

    pipeline_id: PipelineId
    version: int
    position: Position
    name: str
    steps: tuple[StepDefinition, ...]


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
    prompt, variables = _texts(command)
    _check_seed(variables)
    _check_variables(pipeline, prompt, variables)
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
    )


def _texts(command: StartRun) -> tuple[str | None, dict[str, JsonValue]]:
    """The prompt and the variables, each completed by the other; the prompt given as such counts more (SUB-8)."""
    variables = dict(command.variables)
    among = variables.get(PROMPT)
    prompt = among if _is_blank(command.prompt) and isinstance(among, str) else command.prompt
    if prompt is not None:
        variables.setdefault(PROMPT, prompt)
    return prompt, variables


def _is_blank(prompt: JsonValue) -> bool:
    return prompt is None or not str(prompt).strip()


def _check_seed(variables: Mapping[str, JsonValue]) -> None:
    """SUB-7: an integer or a string of digits."""
    seed = variables.get(SEED)
    if seed is None:
        return
    is_digits = isinstance(seed, str) and seed.isascii() and seed.isdigit() and len(seed) < 20
    number = int(str(seed)) if is_digits else seed
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= SEED_MAX:
        raise BadVariable(f"The variable seed must be a whole number from 0 to {SEED_MAX}", variable=SEED)


def _check_variables(pipeline: DefinedPipeline, prompt: str | None, variables: Mapping[str, JsonValue]) -> None:
    blank = _is_blank(prompt) and _is_blank(variables.get(PROMPT))
    for step in pipeline.steps:
        if step.needs_prompt and blank:
            raise MissingVariable(
                f"Step {step.name!r} needs a prompt and the run has none", variable=PROMPT, step=step.name
            )
        missing = unfilled(step.template, variables.keys(), is_first=step.order == pipeline.steps[0].order)
        if missing:
            names = ", ".join(missing)
            raise MissingVariable(
                f"Step {step.name!r} asks for {names}, and the run has no variable of that name",
                variable=missing[0],
                variables=list(missing),
                step=step.name,
            )
