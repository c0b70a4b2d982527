"""`carnival`: the command line."""

from __future__ import annotations

import typer

from carnival_cli.commands import (
    backup,
    candidate,
    decision,
    demo,
    doctor,
    events,
    export,
    gallery,
    guest,
    images,
    job,
    look,
    pipeline,
    rating,
    rebuild,
    run,
    sign_in,
    token,
    tree,
    up,
    vote,
    votes,
    why,
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
app.command()(up.up)
app.command()(up.down)
app.command()(demo.demo)
app.command("ps")(up.processes)
app.add_typer(pipeline.app, name="pipeline")
app.add_typer(run.app, name="run")
app.command()(tree.tree)
app.command()(gallery.gallery)
app.add_typer(candidate.app, name="candidate")
app.add_typer(images.app, name="images")
app.add_typer(votes.app, name="votes")
app.add_typer(job.app, name="job")
app.add_typer(events.app, name="events")
app.add_typer(export.app, name="export")
app.add_typer(token.app, name="token")
app.add_typer(guest.app, name="guest")
app.command("sign-in")(sign_in.sign_in)
app.command()(rebuild.rebuild)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(rating.rescore)
app.add_typer(rating.app, name="rating")
app.command()(doctor.doctor)
app.command()(vote.vote)
app.add_typer(decision.app, name="decision")
app.command("next")(look.show_next)
app.command()(why.why)
app.command("status")(look.show_status)


if __name__ == "__main__":
    app()
