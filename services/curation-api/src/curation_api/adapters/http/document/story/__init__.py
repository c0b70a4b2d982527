"""What answers show in examples: one run, its images, votes and jobs, the same throughout.

Words of single members need not make sense together. Where they do not, what a thing truly says stands here by the
name of its schema, and members that are not named here are as the vocabulary has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from curation_api.adapters.http.document.story.events import EVENTS
from curation_api.adapters.http.document.story.images import IMAGES
from curation_api.adapters.http.document.story.members import Another, Members
from curation_api.adapters.http.document.story.outcomes import OUTCOMES
from curation_api.adapters.http.document.story.people import PEOPLE
from curation_api.adapters.http.document.story.ratings import RATINGS
from curation_api.adapters.http.document.story.runs import RUNS
from curation_api.adapters.http.document.story.work import WORK

STORY: Final[Mapping[str, Members]] = {**IMAGES, **RUNS, **WORK, **RATINGS, **PEOPLE, **EVENTS}

__all__ = ["OUTCOMES", "STORY", "Another", "Members"]
