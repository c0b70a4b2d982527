"""The answer to "what if", whatever goes wrong."""

from __future__ import annotations

import structlog

from carnival.contracts.what_if import WhatIfAnswer, WhatIfAsked, WhatIfProblem
from carnival.log.errors import LogError
from carnival.past import PastSilent
from selector.application.what_if import ReconsiderHistory

_log = structlog.get_logger(__name__)


async def what_if_answer(asked: WhatIfAsked, reconsider: ReconsiderHistory) -> WhatIfAnswer:
    try:
        return await reconsider(asked)
    except (PastSilent, LogError) as error:
        _log.warning("A history is not told", action="what_if_failed", run_id=asked.run_id, reason=str(error))
        return WhatIfAnswer(problem=WhatIfProblem.UNAVAILABLE)
