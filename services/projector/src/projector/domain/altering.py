"""A history told with other settings: the events that set them say something else."""

from __future__ import annotations

from typing import Any

from carnival.contracts.envelope import Event
from carnival.contracts.past import Altered
from carnival.contracts.run import RunChanged, RunStarted


def told(event: Event, altered: Altered) -> Event:
    """`event` as it is told; all others but those that set what is altered stay as they are."""
    match event:
        case RunStarted():
            return event.model_copy(update=_given(altered))
        case RunChanged():
            silenced: dict[str, Any] = dict.fromkeys(_given(altered))
            if altered.rating is not None:
                silenced["follows_promoted"] = False
            return event.model_copy(update=silenced)
        case _:
            return event


def _given(altered: Altered) -> dict[str, Any]:
    return {name: value for name in Altered.model_fields if (value := getattr(altered, name)) is not None}
