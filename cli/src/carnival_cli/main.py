"""`carnival`: the command line."""

from __future__ import annotations

from typing import Final

import typer

from carnival_cli.commands import (
    backup,
    candidate,
    dashboard,
    demo,
    digest,
    doctor,
    events,
    export,
    fleet,
    gallery,
    guest,
    images,
    job,
    look,
    me,
    pipeline,
    rating,
    rebuild,
    run,
    sign_in,
    stats,
    token,
    tree,
    up,
    vote,
    votes,
    webhook,
    what_if,
    why,
    work,
)

app = typer.Typer(
    name="carnival",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Turbo Carnival on the command line.\n\n"
        "Exit codes: 0 done, 1 problem, 2 wrong usage, 3 API unreachable, 4 refused by the API, 5 timeout,"
        " 6 runs already, 130 interrupted."
    ),
)
MACHINE: Final = "On this machine"
JOB: Final = "The main job"
LOOK: Final = "Looking closer"
TAKE: Final = "Taking things with you"
OPERATE: Final = "Operating a hub"

app.command(rich_help_panel=MACHINE)(up.up)
app.command(rich_help_panel=MACHINE)(up.down)
app.command("ps", rich_help_panel=MACHINE)(up.processes)
app.command(rich_help_panel=MACHINE)(doctor.doctor)
app.command(rich_help_panel=MACHINE)(demo.demo)

app.add_typer(pipeline.app, name="pipeline", rich_help_panel=JOB)
app.add_typer(run.app, name="run", rich_help_panel=JOB)
app.command(rich_help_panel=JOB)(vote.vote)
app.add_typer(votes.app, name="votes", rich_help_panel=JOB)
app.command(rich_help_panel=JOB)(tree.tree)
app.command(rich_help_panel=JOB)(gallery.gallery)
app.add_typer(candidate.app, name="candidate", rich_help_panel=JOB)

app.command(rich_help_panel=LOOK)(dashboard.dashboard)
app.command("status", rich_help_panel=LOOK)(look.show_status)
app.command(rich_help_panel=LOOK)(work.work)
app.command(rich_help_panel=LOOK)(stats.stats)
app.command("next", rich_help_panel=LOOK)(look.show_next)
app.command(rich_help_panel=LOOK)(why.why)
app.command("what-if", rich_help_panel=LOOK)(what_if.what_if)
app.add_typer(job.app, name="job", rich_help_panel=LOOK)
app.add_typer(events.app, name="events", rich_help_panel=LOOK)

app.add_typer(images.app, name="images", rich_help_panel=TAKE)
app.add_typer(export.app, name="export", rich_help_panel=TAKE)
app.command(rich_help_panel=TAKE)(backup.backup)
app.command(rich_help_panel=TAKE)(backup.restore)

app.add_typer(fleet.app, name="fleet", rich_help_panel=OPERATE)
app.command(rich_help_panel=OPERATE)(me.me)
app.command("sign-in", rich_help_panel=OPERATE)(sign_in.sign_in)
app.add_typer(token.app, name="token", rich_help_panel=OPERATE)
app.add_typer(guest.app, name="guest", rich_help_panel=OPERATE)
app.add_typer(webhook.app, name="webhook", rich_help_panel=OPERATE)
app.command(rich_help_panel=OPERATE)(rating.rescore)
app.add_typer(rating.app, name="rating", rich_help_panel=OPERATE)
app.command(rich_help_panel=OPERATE)(rebuild.rebuild)
app.command(rich_help_panel=OPERATE)(digest.digest)


if __name__ == "__main__":
    app()
