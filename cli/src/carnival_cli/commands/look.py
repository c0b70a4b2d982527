"""`carnival next` and `carnival status`."""

from __future__ import annotations

from typing import Any, Final

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.run import Run
from carnival_cli.commands.arguments import OneRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, print_json, say, table

COMPETITORS_SHOWN: Final = 10


@command
async def show_next(
    run: OneRun = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show which image would be made next, and why. Reserves nothing."""
    async with connected(api_address(api, data)) as client:
        run_id = (await find_run(client, run)).run_id if run else None
        decision = await client.monitoring.next_decision(run_id)
        chosen = await client.runs.one(str(decision["run_id"])) if decision.get("run_id") and not as_json else None
    if as_json:
        print_json(decision)
        return
    say(_sentence(decision, chosen))
    competitors = decision.get("competitors") or []
    if len(competitors) > 1:
        total = decision["tickets_total"] or len(competitors)
        rows = [
            (one["candidate_id"], one["tickets"], f"{(one['tickets'] if decision['tickets_total'] else 1) / total:.1%}")
            for one in competitors[:COMPETITORS_SHOWN]
        ]
        SCREEN.print(table(("candidate", "tickets", "chance"), rows))
        if decision["competitors_total"] > len(rows):
            say(f"... and {decision['competitors_total'] - len(rows)} more")


def _sentence(decision: dict[str, Any], run: Run | None) -> str:
    """What would happen next, in words."""
    step = next((column.name for column in run.steps if column.order == decision.get("step_order")), "") if run else ""
    name = f"run {run.name!r}" if run else "a run"
    match decision["mode"]:
        case "child_generation" if decision.get("parent_id"):
            return f"Next: {step} of {decision['parent_id']} in {name}, the only possible parent."
        case "child_generation":
            return f"Next: {step} in {name}; the parent is drawn among {decision['competitors_total']} images."
        case "base_generation":
            return f"Next: a base image ({step}) in {name}; nobody can be a parent and finals are missing."
        case "waiting_for_approval":
            return f"Nothing next: {name} waits for the approval of {step}."
        case _:
            return f"Nothing next: {str(decision.get('reason') or 'no work').replace('_', ' ')}."


@command
async def show_status(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show jobs by state, the log's position, how far the read model is, and the nodes."""
    async with connected(api_address(api, data)) as client:
        status = await client.monitoring.status()
    if as_json:
        print_json(status)
        return
    jobs = ", ".join(f"{count} {state}" for state, count in status.jobs.items() if count) or "none"
    say(f"Jobs: {jobs}" + (f"; {status.running} of those submitted are rendered now." if status.running else ""))
    say(f"Log: {status.log_position} events; the read model is {status.lag} behind.")
    say(f"Void events: {status.void_events}; parked events: {status.parked_events}.")
    rows = [(node.node, node.pool, node.state, node.slots, node.version) for node in status.nodes]
    if rows:
        SCREEN.print(table(("node", "pool", "state", "slots", "ComfyUI"), rows))
    else:
        say("No node offers to render.")
