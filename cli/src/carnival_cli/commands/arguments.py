"""Arguments that name things, alike in all commands; a shell completes them."""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.commands.completion import complete_pipeline, complete_run, complete_step

WantedRun = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="The run: its name, its id, or the beginning of its id.", autocompletion=complete_run
    ),
]
AnyRun = Annotated[
    str | None,
    typer.Argument(metavar="[RUN]", help="The run; without it, all runs.", autocompletion=complete_run),
]
OneRun = Annotated[
    str | None,
    typer.Option("--run", metavar="RUN", help="Only this run.", autocompletion=complete_run),
]
TheseRuns = Annotated[
    list[str] | None,
    typer.Option("--run", metavar="RUN", help="Only this run. Repeatable.", autocompletion=complete_run),
]
WantedPipeline = Annotated[
    str,
    typer.Argument(
        metavar="PIPELINE",
        help="The pipeline: its name, its id, or the beginning of its id.",
        autocompletion=complete_pipeline,
    ),
]
WantedStep = Annotated[
    str, typer.Argument(metavar="STEP", help="The step: its order or its name.", autocompletion=complete_step)
]
OneStep = Annotated[
    str | None,
    typer.Option("--step", metavar="STEP", help="Only this step: its order or its name.", autocompletion=complete_step),
]
WantedCandidate = Annotated[str, typer.Argument(metavar="CANDIDATE", help="Id of the image, or the beginning of it.")]
WantedCandidates = Annotated[
    list[str], typer.Argument(metavar="CANDIDATE...", help="Ids of the images, or their beginnings.")
]
NextPage = Annotated[
    str | None, typer.Option("--cursor", help="The next page: the cursor that the previous page ended with.")
]
