"""What a shell offers for a word: names from the hub. Quick, and nothing at all when no hub answers."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import Address, connected
from carnival_cli.api.lookup import find_run, typed_form
from carnival_cli.commands.edge import DEFAULT_DATA, api_address
from carnival_cli.exits import CommandFailed

ANSWER_SECONDS: Final = 2.0

Offer = tuple[str, str]
"""What completes the word, and what it is."""


def complete_run(ctx: typer.Context, incomplete: str) -> list[Offer]:
    async def runs(api: CarnivalApi) -> list[Offer]:
        found = await api.runs.all()
        return offers(incomplete, [(run.name, run.run_id, f"{run.status}, {run.pipeline_name}") for run in found])

    return _asked(ctx, runs)


def complete_pipeline(ctx: typer.Context, incomplete: str) -> list[Offer]:
    async def pipelines(api: CarnivalApi) -> list[Offer]:
        found = await api.pipelines.all()
        return offers(incomplete, [(one.name, one.pipeline_id, " > ".join(one.steps)) for one in found])

    return _asked(ctx, pipelines)


def complete_step(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Steps of the run that the line names; of all pipelines where the shell's parser does not get that far."""

    async def steps(api: CarnivalApi) -> list[Offer]:
        named = ctx.params.get("run") or ctx.params.get("wanted")
        if not named:
            names = dict.fromkeys(step for one in await api.pipelines.all() for step in one.steps)
            return offers(incomplete, [(name, name, "") for name in names])
        run = await find_run(api, str(named))
        return offers(incomplete, [(step.name, str(step.order), f"step {step.order}") for step in run.steps])

    return _asked(ctx, steps)


def offers(incomplete: str, things: Sequence[tuple[str, str, str]]) -> list[Offer]:
    """Of (name, id, what it is): each by its name as one word; by its id if others are called so too."""
    forms = [typed_form(name) for name, _, _ in things]
    seen = Counter(form.casefold() for form in forms)
    offered: list[Offer] = []
    for form, (name, identity, what) in zip(forms, things, strict=True):
        if not form or seen[form.casefold()] > 1:
            offered.append((identity, _spoken(f"{name}, {what}")))
        else:
            offered.append((form if form.startswith(incomplete) else form.casefold(), _spoken(what)))
    return offered


def _spoken(what: str) -> str:
    """Words and plain punctuation alone: zsh evaluates what it is offered, and names are other people's texts."""
    return re.sub(r"[^\w.,>-]+", " ", what).strip(" ,")


def _asked(ctx: typer.Context, ask: Callable[[CarnivalApi], Awaitable[list[Offer]]]) -> list[Offer]:
    """Whatever goes wrong, a shell in the middle of a line is no place to say so."""
    try:
        return asyncio.run(
            _answer(api_address(ctx.params.get("api"), Path(ctx.params.get("data") or DEFAULT_DATA)), ask)
        )
    except (CommandFailed, TimeoutError, OSError):
        return []


async def _answer(address: Address, ask: Callable[[CarnivalApi], Awaitable[list[Offer]]]) -> list[Offer]:
    async with asyncio.timeout(ANSWER_SECONDS), connected(address) as api:
        return await ask(api)
