"""Whether a run brings everything its steps ask for: all that is missing or wrong, in one refusal (SUB-5, PAY-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from carnival.contracts.pipeline import StepDefinition, VariableDefinition
from curation_api.domain.pipeline_refusals import BadVariable, MissingVariable
from curation_api.domain.placeholders import PROMPT, unfilled
from curation_api.domain.variable import value_problem

SEED = "seed"
SEED_MAX = 2**63 - 1


def texts_of(prompt: str | None, variables: Mapping[str, JsonValue]) -> tuple[str | None, dict[str, JsonValue]]:
    """The prompt and the variables, each completed by the other; the prompt given as such counts more (SUB-8)."""
    completed = dict(variables)
    among = completed.get(PROMPT)
    if _is_blank(prompt) and isinstance(among, str):
        return among, completed
    if prompt is not None:
        completed.setdefault(PROMPT, prompt)
    return prompt, completed


def check_variables(
    steps: Sequence[StepDefinition],
    declared: Sequence[VariableDefinition],
    prompt: str | None,
    variables: Mapping[str, JsonValue],
) -> None:
    """Raises MissingVariable if anything is missing, else BadVariable if anything is wrong; the words name all."""
    wrong = _wrong(declared, variables)
    missing = _missing(steps, prompt, variables)
    sentences = [_asks(step, names) for step, names in missing] + [f"The variable {name} {why}" for name, why in wrong]
    names = list(dict.fromkeys(name for _, some in missing for name in some))
    facts = {"wrong": [name for name, _ in wrong]} if wrong else {}
    if missing:
        raise MissingVariable(
            "; ".join(sentences), variable=names[0], variables=names, step=missing[0][0].name, **facts
        )
    if wrong:
        raise BadVariable("; ".join(sentences), variable=wrong[0][0], **facts)


def _wrong(declared: Sequence[VariableDefinition], variables: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    found = [
        (one.name, problem)
        for one in declared
        if one.name in variables and (problem := value_problem(one, variables[one.name]))
    ]
    if SEED in variables and not _is_seed(variables[SEED]) and all(name != SEED for name, _ in found):
        found.append((SEED, f"must be a whole number from 0 to {SEED_MAX}"))
    return found


def _missing(
    steps: Sequence[StepDefinition], prompt: str | None, variables: Mapping[str, JsonValue]
) -> list[tuple[StepDefinition, list[str]]]:
    blank = _is_blank(prompt) and _is_blank(variables.get(PROMPT))
    found: list[tuple[StepDefinition, list[str]]] = []
    for step in steps:
        names = list(unfilled(step.template, variables.keys(), is_first=step.order == steps[0].order))
        if step.needs_prompt and blank and PROMPT not in names:
            names.append(PROMPT)
        if names:
            found.append((step, names))
    return found


def _asks(step: StepDefinition, names: Sequence[str]) -> str:
    others = [name for name in names if name != PROMPT]
    sentence = [f"asks for {', '.join(others)}, and the run has no variable of that name"] if others else []
    if len(others) < len(names):
        sentence.append("needs a prompt and the run has none")
    return f"Step {step.name!r} {' and '.join(sentence)}"


def _is_blank(prompt: JsonValue) -> bool:
    return prompt is None or not str(prompt).strip()


def _is_seed(seed: JsonValue) -> bool:
    """SUB-7: an integer or a string of digits. Null is no seed at all, which is allowed."""
    if seed is None:
        return True
    is_digits = isinstance(seed, str) and seed.isascii() and seed.isdigit() and len(seed) < 20
    number = int(str(seed)) if is_digits else seed
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= SEED_MAX
