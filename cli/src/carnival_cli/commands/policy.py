"""How a run shares the servers and draws its parents, as options."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from carnival_cli.exits import CommandFailed, Exit

Policy = Annotated[
    str | None,
    typer.Option("--policy", help="round_robin takes turns with other runs, global shares one pool with them."),
]
Raffle = Annotated[
    str | None,
    typer.Option(
        "--raffle", help="How ratings become tickets: linear, or boltzmann with its temperature, as in boltzmann:100."
    ),
]


def raffle_of(given: str | None) -> dict[str, Any] | None:
    """The raffle in the API's words: weights, and behind a colon the temperature. Raises CommandFailed."""
    if given is None:
        return None
    weights, colon, temperature = given.partition(":")
    if not colon:
        return {"weights": weights}
    try:
        return {"weights": weights, "temperature": float(temperature)}
    except ValueError as error:
        raise CommandFailed(f"A temperature is a number, unlike {temperature!r}.", Exit.USAGE) from error


def system_of(given: str | None) -> dict[str, Any] | None:
    """The rating system in the API's words."""
    return None if given is None else {"system": given}
