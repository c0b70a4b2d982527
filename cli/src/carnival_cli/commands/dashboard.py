"""`carnival dashboard`: active runs, what waits for a person, what was done lately."""

from __future__ import annotations

from carnival_cli.api.connecting import connected
from carnival_cli.api.views.monitoring import Dashboard
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, counted, print_json, say, table
from carnival_cli.run_display import runs_table


@command
async def dashboard(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show all active runs, what of them waits for a person, and what was done in the last 24 hours."""
    async with connected(api_address(api, data)) as client:
        found = await client.monitoring.dashboard()
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: Dashboard) -> None:
    recent, capacity = found.recent, found.capacity
    say(f"{counted(found.active_runs, 'active run')}, {counted(found.open_jobs, 'open job')}.")
    say(f"{counted(capacity.servers, 'server')}, {capacity.busy} of {counted(capacity.slots, 'slot')} busy.")
    cost = "" if recent.cost is None else f", cost {recent.cost:.2f}"
    say(
        f"Last 24 hours: {counted(recent.images, 'image')}, {recent.failed} failed, {counted(recent.votes, 'vote')},"
        f" {recent.gpu_seconds:.0f} GPU seconds{cost}."
    )
    if found.runs:
        SCREEN.print(runs_table(found.runs))
    rows = [(one.run_name, one.cause.replace("_", " "), one.step_name, one.detail) for one in found.waiting]
    if rows:
        SCREEN.print(table(("waits for you", "why", "step", ""), rows))
