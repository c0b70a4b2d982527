"""`carnival gallery`: images of a run or of all, filtered and sorted, in pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run, find_step
from carnival_cli.api.views.candidate import Candidate, GalleryPage
from carnival_cli.commands.arguments import AnyRun, NextPage, OneStep
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.moments import zoned
from carnival_cli.output import SCREEN, notice, print_json, say, table
from carnival_cli.variables import parse_variables

PAGE = 50


class State(StrEnum):
    LIVE = "live"
    REJECTED = "rejected"
    DEAD = "dead"
    WINNER = "winner"


class Sort(StrEnum):
    RATING = "rating"
    CREATED = "created"


@command
async def gallery(
    run: AnyRun = None,
    step: OneStep = None,
    status: Annotated[State | None, typer.Option(help="Only images in this state.")] = None,
    rating_min: Annotated[int | None, typer.Option(help="Lowest rating.")] = None,
    rating_max: Annotated[int | None, typer.Option(help="Highest rating.")] = None,
    text: Annotated[str | None, typer.Option(help="Search in the run's name and prompt.")] = None,
    variable: Annotated[
        list[str] | None, typer.Option("--var", help="A variable of the run, as name=value. Repeatable.")
    ] = None,
    since: Annotated[datetime | None, typer.Option("--from", help="Made at this time or later.")] = None,
    before: Annotated[datetime | None, typer.Option(help="Made before this time.")] = None,
    sort: Annotated[Sort, typer.Option(help="Best first, or newest first.")] = Sort.RATING,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Images per page.")] = PAGE,
    cursor: NextPage = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List images, best first, in pages: of one step of RUN, or of all runs.

    Without --step it is the highest step of RUN with live images.
    """
    query: dict[str, Any] = {"status": status, "rating_min": rating_min, "rating_max": rating_max, "text": text}
    query |= {
        "sort": sort,
        "limit": limit,
        "cursor": cursor,
        "created_from": zoned(since),
        "created_before": zoned(before),
    }
    query |= {"variables": json.dumps(parse_variables(variable)) if variable else None}
    async with connected(api_address(api, data)) as client:
        if run is None:
            page = await client.candidates.page(**query, step=order_of(step))
        else:
            found = await find_run(client, run)
            query["step"] = find_step(found, step).order if step else None
            page = await client.candidates.gallery(found.run_id, **query)
    if as_json:
        print_json(page)
        return
    if isinstance(page, GalleryPage):
        say(", ".join(f"{'*' if one.order == page.step else ''}{one.name} {one.live}" for one in page.steps))
    SCREEN.print(images_table(page.items))
    if page.next:
        notice(f"There are more: --cursor {page.next}")


def order_of(step: str | None) -> int | None:
    """Over all runs a step is known by its order only. Raises CommandFailed."""
    if step is None:
        return None
    if not step.isdecimal():
        raise CommandFailed("Without a run a step is given by its order.", Exit.USAGE)
    return int(step)


def images_table(images: Sequence[Candidate]) -> Any:
    rows = [
        (
            place,
            one.candidate_id,
            one.step_order,
            one.state,
            one.rating,
            one.votes,
            f"{one.created_at.astimezone():%m-%d %H:%M}",
        )
        for place, one in enumerate(images, 1)
    ]
    return table(("", "candidate", "step", "state", "rating", "votes", "made"), rows)
