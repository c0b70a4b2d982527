"""The stream of changes in the document: what its lines are, by example, and the shapes of its data."""

from __future__ import annotations

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from carnival.contracts.ids import Position
from carnival.contracts.notices import NodeState
from curation_api.adapters.changes import ChangeData, change_text
from curation_api.adapters.http.change_stream import HEARTBEAT_SECONDS, opening
from curation_api.adapters.http.document.examples import Schema
from curation_api.adapters.http.document.headers import SCHEMA_PREFIX
from curation_api.adapters.http.example_ids import OPEN_JOB, RUN
from curation_api.adapters.listening import heartbeat
from curation_api.adapters.notices import FleetNotice, NoticeKind, ProgressNotice, ProjectedNotice, notice_text

PATH: Final = "/api/changes"
READ_TIMEOUT_SECONDS: Final = 4 * HEARTBEAT_SECONDS
DATA: Final = {
    "change": ChangeData,
    NoticeKind.PROGRESS.value: ProgressNotice,
    NoticeKind.FLEET.value: FleetNotice,
    NoticeKind.PROJECTED.value: ProjectedNotice,
}

EXAMPLE: Final = "".join(
    (
        opening(Position(4710)).decode(),
        change_text(ChangeData(position=4711, type="VoteCast", run_id=RUN)),
        notice_text(
            NoticeKind.PROGRESS,
            ProgressNotice(
                run_id=RUN,
                job_id=OPEN_JOB,
                percent=62,
                step=10,
                steps=20,
                node="KSampler",
            ),
        ),
        notice_text(NoticeKind.FLEET, FleetNotice(gateway="gateway-1", node="gpu-1", state=NodeState.BUSY)),
        notice_text(NoticeKind.PROJECTED, ProjectedNotice(position=4711)),
        heartbeat(Position(4713)).decode(),
    )
)
WORDS: Final = f"""Server-sent events, for ever. In order of appearance, as in the example:

* `retry`, the pause before reconnecting in milliseconds, and the comment `: from N`: everything behind position N
  follows.
* `event: change`, one per log entry; `id` is its position, `data` a `ChangeData`. What was recorded is at
  `/api/events/{{position}}`.
* Notices, if asked for with `notice`; they have no `id`: `event: progress` (`data` a `ProgressNotice`; `step` and
  `steps` are null where the node takes no steps), `event: fleet` (a `FleetNotice`), `event: projected` (a
  `ProjectedNotice`).
* The heartbeat: whenever nothing else was sent for {HEARTBEAT_SECONDS:g} s, the comment `: heartbeat` with an `id`
  and without data. Parsers of server-sent events dispatch no event for it but remember the id, which has moved on
  where filters leave everything out.

So use a read timeout of {READ_TIMEOUT_SECONDS:g} s: who hears nothing for that long should reconnect with the last
`id` as `Last-Event-ID`, which counts before `after`. `data` is one line of JSON; ignore events and members you do not
know."""


def add_stream(document: Schema) -> None:
    """The shapes of the stream's data as schemas, and at its route how they come."""
    kinds: list[Any] = [(kind, "serialization") for kind in DATA.values()]
    _, whole = models_json_schema(kinds, ref_template=SCHEMA_PREFIX + "{model}")
    document["components"]["schemas"] |= whole["$defs"]
    answer: Schema = document["paths"][PATH]["get"]["responses"]["200"]
    answer["description"] = WORDS
    answer["content"] = {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": EXAMPLE,
            "x-data-of-event": {name: SCHEMA_PREFIX + kind.__name__ for name, kind in DATA.items()},
        }
    }
