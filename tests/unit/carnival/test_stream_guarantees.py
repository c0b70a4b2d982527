"""A stream that lacks something we rely on stops the service with a sentence that says what."""

from __future__ import annotations

from typing import Any

import pytest

from carnival.log.errors import StreamLacksGuarantee
from carnival.log.stream import check_configuration, stream_configuration


def test_the_own_configuration_passes() -> None:
    check_configuration(stream_configuration(replicas=1))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"storage": "memory"}, "survive a restart"),
        ({"retention": "workqueue"}, "stay after they were read"),
        ({"max_age": 3_600_000_000_000}, "never expire"),
        ({"max_msgs": 1000}, "number of events"),
        ({"max_bytes": 1000}, "size of the log"),
        ({"max_msgs_per_subject": 1}, "replace each other"),
        ({"discard": "old"}, "refuse new events"),
        ({"deny_delete": False}, "deleted"),
        ({"deny_purge": False}, "purged"),
        ({"allow_direct": False}, "directly"),
        ({"allow_atomic": False}, "all or none"),
        ({"duplicate_window": 120_000_000_000}, "recognised for 600 s"),
        ({"persist_mode": "async"}, "persist_mode"),
        ({"subjects": ["carnival.events.run.>"]}, "exactly the subjects"),
    ],
)
def test_each_missing_guarantee_is_named(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StreamLacksGuarantee, match=sentence):
        check_configuration(stream_configuration(replicas=1) | change)
