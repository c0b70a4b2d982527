"""A vote as one row of a preference data set."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

from pydantic import Field, field_serializer

from carnival.contracts.vote import Outcome
from curation_api.application.views.page import View
from curation_api.domain.preference import Split


class PreferenceRow(View):
    """0 is the image that stood on the left, 1 the one on the right. Names up to `user_id` are those of Pick-a-Pic."""

    caption: str = Field(description="The run's prompt.")
    jpg_0: bytes | None = Field(description="The image's bytes if they were asked for, in JSON as base64; else null.")
    jpg_1: bytes | None
    label_0: float = Field(description="1: this image was preferred; 0.5: a tie; 0: the other one, or both are bad.")
    label_1: float
    has_label: bool = Field(description="False: both are bad, so neither is preferred.")
    are_different: bool = Field(description="False: the two files hold the same bytes.")
    best_image_uid: str | None = Field(description="Null for a tie and where both are bad.")
    image_0_uid: str = Field(description="The candidate's id.")
    image_1_uid: str
    image_0_url: str = Field(description="Path below the API's address.")
    image_1_url: str
    model_0: str = Field(description="What made it: pipeline@version/step.")
    model_1: str
    num_example_per_prompt: int = Field(description="Rows of this run, for weighting.")
    ranking_id: int = Field(description="The vote's log position.")
    created_at: datetime
    user_id: str = Field(description="The voter.")
    voter_kind: str = Field(description="member or guest.", examples=["member"])
    vote_id: str
    outcome: Outcome
    milliseconds: int | None = Field(description="Time taken to decide.")
    run_id: str
    run_name: str
    split: Split = Field(description="Follows from the run, so that splits never share one.")
    step_order: int
    step_name: str
    image_0_path: str = Field(description="Path below the image root, also in the image export.")
    image_1_path: str
    image_0_sha256: str
    image_1_sha256: str
    seed_0: str = Field(description="Decimal digits as text: seeds outgrow the numbers of many readers.")
    seed_1: str
    variables: str = Field(description="The run's variables as a JSON object.", examples=['{"style": "film grain"}'])

    @field_serializer("jpg_0", "jpg_1", when_used="json-unless-none")
    def _as_base64(self, data: bytes) -> str:
        return b64encode(data).decode()
