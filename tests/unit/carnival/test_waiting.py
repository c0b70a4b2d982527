from __future__ import annotations

import pytest

from carnival.testing import until


async def test_the_first_truthy_answer_is_given() -> None:
    answers = iter([0, None, 7])
    assert await until(lambda: next(answers)) == 7


async def test_the_deadline_names_the_condition_and_its_last_answer() -> None:
    with pytest.raises(TimeoutError, match=r"the kettle did not come true within 0.1 s \(last answer: False\)"):
        await until(lambda: False, seconds=0.1, what="the kettle")
