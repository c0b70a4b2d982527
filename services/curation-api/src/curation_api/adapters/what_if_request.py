"""Asking a selector to decide a history again."""

from __future__ import annotations

from typing import Final

from nats.aio.client import Client

from carnival.contracts.subjects import WHAT_IF
from carnival.contracts.what_if import WhatIf, WhatIfAnswer, WhatIfAsked, WhatIfProblem
from curation_api.adapters.selector_request import ask_selector
from curation_api.domain.refusals import ProjectionBehind
from curation_api.domain.replay_refusals import ManyDecisions, ProjectorSilent, RunNotBegun, SelectorBusy

ANSWER_SECONDS_MAX: Final = 25.0
"""Longer than a selector decides for one question."""


class WhatIfRequest:
    """Implements `ports.Hindsight`."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def what_if(self, asked: WhatIfAsked) -> WhatIf:
        question = asked.model_dump_json().encode()
        answer = await ask_selector(
            self._connection, WHAT_IF, question, WhatIfAnswer.model_validate_json, ANSWER_SECONDS_MAX
        )
        if answer.found is not None:
            return answer.found
        match answer.problem:
            case WhatIfProblem.UNKNOWN_RUN:
                raise RunNotBegun(f"Run {asked.run_id} had not begun at position {asked.position}")
            case WhatIfProblem.TOO_LONG:
                raise ManyDecisions(f"Run {asked.run_id} has many decisions up to position {asked.position}")
            case WhatIfProblem.BUSY:
                raise SelectorBusy("The selector is deciding another history again")
            case WhatIfProblem.BEHIND:
                raise ProjectionBehind(
                    f"The read model does not show position {asked.position} yet", position=asked.position
                )
            case WhatIfProblem.UNAVAILABLE | None:
                raise ProjectorSilent("The projector cannot look back right now")
