"""Values of a JSON text are counted by its structure, however it is cut into pieces."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from curation_api.adapters.http.json_values import ValueCounter

TEXTS = st.text(alphabet=',"\\[]{}:a\n\u00e4')
JSON = st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)


def commas_of(value: object) -> int:
    """Those that its structure needs."""
    if not isinstance(value, list | dict):
        return 0
    within = list(value.values()) if isinstance(value, dict) else value
    return max(len(within) - 1, 0) + sum(commas_of(one) for one in within)


@given(JSON, st.lists(st.integers(0, 400)), st.booleans())
def test_commas_within_texts_do_not_count(value: object, cuts: list[int], escaped: bool) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode()
    edges = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    counter = ValueCounter()
    for start, end in pairwise(edges):
        counter.add(body[start:end])
    assert counter.commas == commas_of(value)


def test_in_utf_16_all_commas_count() -> None:
    counter = ValueCounter()
    counter.add('["\\"",1,2]'.encode("utf-16"))
    assert counter.commas == 2
