"""The whole payload (PAY-5, PAY-10, SUB-10)."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.ids import JobId
from carnival.testing import examples
from comfy_gateway.domain.errors import MissingVariable
from comfy_gateway.domain.payload import build, output_folder, request_body
from comfy_gateway.domain.place import place_of, upload_name
from comfy_gateway.domain.prompt_id import prompt_id
from comfy_gateway.domain.variables import Recipe

TEMPLATE = """{
  "1": {"class_type": "Text", "inputs": {"text": "photo of {{prompt}}", "seed": {{auto_seed}}}},
  "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x/{{name}}"}}
}"""


def recipe(prompt: str = "a gym", parent_image: str | None = None, template: str = TEMPLATE) -> Recipe:
    started = examples.run_started(prompt=prompt)
    step = examples.step(1, "Base", template=template, slug="base")
    return Recipe(
        run=started, run_name=started.name, step=step, request=examples.job_requested(3), parent_image=parent_image
    )


def test_a_payload_is_the_template_filled_with_the_jobs_own_prefix() -> None:
    payload = build(recipe())
    assert payload.workflow == {
        "1": {"class_type": "Text", "inputs": {"text": "photo of a gym", "seed": 1_000_003}},
        "2": {
            "class_type": "SaveImage",
            "inputs": {"images": ["1", 0], "filename_prefix": "2026-01-01-gym-shoot/job-3-j3/Gym Shoot"},
        },
    }
    assert payload.output_folder == "2026-01-01-gym-shoot/base"
    assert payload.result_node == "2"


def test_building_twice_gives_the_same() -> None:
    assert build(recipe()) == build(recipe())


@given(st.text(st.characters(codec=None), min_size=1).filter(lambda text: bool(text.strip())))
def test_any_prompt_reaches_the_server_unchanged(prompt: str) -> None:
    job = recipe(prompt)
    body = request_body(build(job), job, prompt_id="p", client_id="c", preview_method="auto")
    sent = json.loads(body.decode("ascii"))
    assert sent["prompt"]["1"]["inputs"]["text"] == f"photo of {prompt}"
    assert sorted(sent["prompt"]) == ["1", "2"]


def test_the_request_carries_ids_and_never_a_number() -> None:
    job = recipe()
    sent = json.loads(request_body(build(job), job, prompt_id="p", client_id="c", preview_method="auto"))
    assert (sent["prompt_id"], sent["client_id"]) == ("p", "c")
    assert sent["extra_data"]["carnival"] == {"run_id": "r1", "job_id": "j3", "number": 3}
    assert sent["extra_data"]["preview_method"] == "auto"
    assert "number" not in sent


def test_a_template_that_asks_for_a_parent_fails_without_one() -> None:
    template = TEMPLATE.replace("photo of {{prompt}}", "{{parent_image}}")
    with pytest.raises(MissingVariable):
        build(recipe(template=template))
    assert build(recipe(template=template, parent_image="p.png"))


def test_folders_are_joined_by_one_slash() -> None:
    assert output_folder("runs/a/", "base") == output_folder("runs/a", "base") == "runs/a/base"


def test_prompt_ids_are_stable_uuids_of_job_and_attempt() -> None:
    first = prompt_id(JobId("j1"), 1)
    assert str(UUID(first)) == first == prompt_id(JobId("j1"), 1)
    assert len({first, prompt_id(JobId("j1"), 2), prompt_id(JobId("j2"), 1)}) == 3


def test_a_place_is_hex_digits_and_seconds() -> None:
    folder, _, name = place_of("run/base", JobId("j1"), 1_700_000_000_999, "image/png").rpartition("/")
    digits, _, rest = name.partition("_")
    assert (folder, len(digits), rest) == ("run/base", 16, "1700000000.png")
    assert int(digits, 16) >= 0
    assert place_of("f", JobId("j1"), 0, "image/webp").endswith("_0.webp")


@pytest.mark.parametrize(("place", "name"), [("a/b.png", "h.png"), ("a/b.JPG", "h.jpg"), ("a.d/b", "h.png")])
def test_an_upload_is_named_by_its_content(place: str, name: str) -> None:
    assert upload_name("h", place) == name
