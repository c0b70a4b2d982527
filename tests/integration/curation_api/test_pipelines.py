"""Pipelines over HTTP (MOD-1, MOD-2)."""

from __future__ import annotations

import asyncio
import json

from integration.curation_api.hub import STEPS, TEMPLATE, Hub, problem, step


async def test_a_pipeline_is_defined_and_read_back(hub: Hub) -> None:
    answer = await hub.http.post("/api/pipelines", json={"name": "Portrait", "description": "x", "steps": STEPS})
    assert answer.status_code == 201
    body = answer.json()
    assert (body["changed"], body["projected"], body["replayed"]) == (True, True, False)
    assert answer.headers["carnival-position"] == str(body["position"])
    shown = await hub.get(f"/api/pipelines/{body['id']}")
    assert shown == body["result"]
    assert (shown["version"], shown["last_version"], shown["description"]) == (1, 1, "x")
    assert [found["slug"] for found in shown["steps"]] == ["base", "face-fix", "upscale"]
    assert json.loads(shown["steps"][0]["template"]) == TEMPLATE
    assert shown["steps"][0]["placeholders"] == ["auto_seed"]
    assert len(shown["warnings"]) == 2


async def test_versions_count_up_and_old_ones_stay(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    answer = await hub.http.post(f"/api/pipelines/{pipeline_id}/versions", json={"name": "Two", "steps": []})
    assert answer.status_code == 201
    assert answer.json()["result"]["version"] == 2
    assert (await hub.get(f"/api/pipelines/{pipeline_id}"))["name"] == "Two"
    old = await hub.get(f"/api/pipelines/{pipeline_id}", version=1)
    assert (old["name"], old["last_version"]) == ("Portrait", 2)
    listed = await hub.get("/api/pipelines")
    assert [(found["name"], found["version"]) for found in listed["items"]] == [("Two", 2)]


async def test_many_people_defining_versions_at_once_get_each_their_own(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    answers = await asyncio.gather(
        *(hub.http.post(f"/api/pipelines/{pipeline_id}/versions", json={"name": f"V{number}"}) for number in range(6))
    )
    assert [answer.status_code for answer in answers] == [201] * 6
    assert sorted(answer.json()["result"]["version"] for answer in answers) == [2, 3, 4, 5, 6, 7]


BAD_STEPS: list[tuple[list[object], str]] = [
    ([step(1, "A"), step(1, "B")], "bad-steps"),
    ([step(1, "A", template='{"a": ')], "bad-template"),
    ([step(1, "A", template={"nodes": [], "links": []})], "bad-template"),
    ([step(1, "A", template={"1": {"class_type": "X", "inputs": {}}})], "bad-template"),
    ([step(0, "A")], "invalid-request"),
    ([step(1, "")], "invalid-request"),
    ([step(1, "A", pool="Not A Pool")], "invalid-request"),
    ([step(1, "A", child_cap=0)], "invalid-request"),
    ([step(1, "A", tempalte={})], "invalid-request"),
]


async def test_bad_steps_are_refused_in_words(hub: Hub) -> None:
    for steps, kind in BAD_STEPS:
        status = 422 if kind == "invalid-request" else 409
        problem(await hub.http.post("/api/pipelines", json={"name": "P", "steps": steps}), status, kind)
    assert await hub.log.end() == 0


async def test_an_unparsable_template_names_step_and_place(hub: Hub) -> None:
    steps = [step(1, "Fine"), step(2, "Broken", template='{\n "a": {{b}},\n "c" 5}')]
    found = problem(await hub.http.post("/api/pipelines", json={"name": "P", "steps": steps}), 409, "bad-template")
    assert (found["step"], found["line"], found["column"]) == ("Broken", 3, 6)


async def test_what_does_not_exist_is_not_found(hub: Hub) -> None:
    problem(await hub.http.get("/api/pipelines/none"), 404, "pipeline-unknown")
    problem(await hub.http.post("/api/pipelines/none/versions", json={"name": "P"}), 404, "pipeline-unknown")
    pipeline_id = await hub.pipeline()
    problem(await hub.http.get(f"/api/pipelines/{pipeline_id}?version=9"), 404, "pipeline-unknown")


async def test_lists_go_on_where_a_page_ended(hub: Hub) -> None:
    for number in range(3):
        await hub.pipeline(name=f"P{number}")
    first = await hub.get("/api/pipelines", limit=2)
    rest = await hub.get("/api/pipelines", limit=2, cursor=first["next"])
    assert [found["name"] for found in first["items"] + rest["items"]] == ["P2", "P1", "P0"]
    assert rest["next"] is None


async def test_a_pasted_workflow_is_inspected_and_its_template_makes_a_pipeline(hub: Hub) -> None:
    workflow = {
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a pier"}, "_meta": {"title": "What to paint"}},
        "3": {"class_type": "KSampler", "inputs": {"seed": 7, "steps": 20, "positive": ["6", 0]}},
        "9": {"class_type": "SaveImage", "inputs": {"images": ["3", 0], "filename_prefix": "x"}},
    }
    answer = await hub.http.post("/api/workflows/inspect", json={"workflow": workflow, "first_step": True})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["flaws"], found["outputs"], found["needs_prompt"], found["needs_parent"]) == ([], ["9"], True, False)
    prompt = found["bindings"][0]
    assert {name: prompt[name] for name in ("node", "title", "value", "placeholder", "by_title", "replacement")} == {
        "node": "6",
        "title": "What to paint",
        "value": "a pier",
        "placeholder": "prompt",
        "by_title": "what_to_paint",
        "replacement": "{{prompt}}",
    }
    steps = [{"order": 1, "name": "Base", "template": found["template"], "needs_prompt": found["needs_prompt"]}]
    made = await hub.http.post("/api/pipelines", json={"name": "Pasted", "steps": steps})
    assert made.json()["result"]["variables"] == ["prompt"]


async def test_a_pasted_workflow_of_the_editor_is_refused_with_how_to_export(hub: Hub) -> None:
    answer = await hub.http.post("/api/workflows/inspect", json={"workflow": {"nodes": [], "links": []}})
    assert "Export (API)" in problem(answer, 409, "bad-template")["detail"]


async def test_typed_variables_are_declared_shown_as_a_form_and_checked(hub: Hub) -> None:
    template = json.loads(json.dumps(TEMPLATE).replace('"width": 64', '"width": "{{width}}"'))
    width = {"name": "width", "type": "integer", "default": 64, "minimum": 8, "maximum": 2048, "description": "pixels"}
    pipeline_id = await hub.pipeline(steps=[step(1, "Base", template=template)], variables=[width])
    shown = await hub.get(f"/api/pipelines/{pipeline_id}")
    assert shown["variables"] == []
    assert shown["form"] == [{**width, "choices": [], "declared": True, "required": False}]
    run = await hub.get(f"/api/runs/{await hub.run(pipeline_id)}")
    assert run["variables"]["width"] == 64
    body = {"pipeline_id": pipeline_id, "variables": {"width": 4}}
    refused = problem(await hub.http.post("/api/runs", json=body), 409, "bad-variable")
    assert refused["wrong"] == ["width"]
    assert "from 8 to 2048" in refused["detail"]
    bad = [{**width, "default": "wide"}]
    answer = await hub.http.post("/api/pipelines", json={"name": "x", "steps": [], "variables": bad})
    problem(answer, 409, "bad-declaration")
