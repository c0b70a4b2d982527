"""Every command on a running Carnival."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet
from fixtures.command_line import Up, answer, carnival

from carnival.testing import until


def test_a_second_up_on_the_folder_says_where_the_first_is(running: Up, data: Path) -> None:
    done = carnival(data, "up")
    assert done.returncode == 6
    assert running.state["api_url"] in done.stderr


def test_the_example_is_set_up_once(data: Path, example: dict[str, str]) -> None:
    again = answer(data, "pipeline", "setup-example")
    assert (again["pipeline_id"], again["run_id"]) == (example["pipeline_id"], example["run_id"])
    assert (again["pipeline_changed"], again["run_created"]) == (False, False)
    run = answer(data, "run", "show", example["run_id"])
    assert run["name"] == "Gym Shoot"
    assert run["folder"].endswith("gym-shoot")
    assert "prompt" in run["variables"]


def test_guests_are_invited_listed_merged_and_turned_away(data: Path, example: dict[str, str]) -> None:
    run = example["run_id"]
    made = answer(data, "guest", "invite", run, "--days", "1", "--label", "friends")
    assert "/guest#link=tl_" in made["url"]
    assert [(link["link_id"], link["label"]) for link in answer(data, "guest", "list")] == [(made["id"], "friends")]
    assert answer(data, "guest", "list", run) == {"run_id": run, "guests": []}
    assert not answer(data, "guest", "merge", run, "--link", made["id"][:12])["changed"]
    assert "nothing to separate" in carnival(data, "guest", "separate", run, "--guest", "guest:1").stdout
    assert "revoked" in carnival(data, "guest", "revoke", made["id"][:12]).stdout
    assert [link["state"] for link in answer(data, "guest", "list")] == ["revoked"]


def test_webhooks_are_made_listed_tried_and_deleted(data: Path) -> None:
    made = answer(data, "webhook", "create", "http://127.0.0.1:9/hook", "--type", "VoteCast")
    assert made["secret"].startswith("whsec_")
    assert [(one["url"], one["types"]) for one in answer(data, "webhook", "list")] == [
        (made["result"]["url"], ["VoteCast"])
    ]
    tried = carnival(data, "webhook", "test", made["id"][:12])
    assert tried.returncode == 1
    assert "not on the public internet" in tried.stderr
    assert answer(data, "webhook", "failures", made["id"]) == []
    assert carnival(data, "webhook", "redeliver", made["id"], "1").returncode == 4
    assert "deleted" in carnival(data, "webhook", "delete", made["id"][:12]).stdout
    assert answer(data, "webhook", "list") == []


def test_tokens_are_issued_used_listed_and_revoked(running: Up, data: Path) -> None:
    made = answer(data, "token", "create", "ada", "--role", "viewer", "--days", "1")
    listed = answer(data, "token", "list")
    assert [(token["name"], token["role"]) for token in listed] == [("ada", "viewer"), ("operator", "operator")]
    as_ada = {"CARNIVAL_TOKEN": made["token"]}
    assert carnival(data, "status", **as_ada).returncode == 0
    refused = carnival(data, "token", "list", **as_ada)
    assert refused.returncode == 4
    assert "operator" in refused.stderr
    assert "revoked" in carnival(data, "token", "revoke", made["id"][:12]).stdout
    assert carnival(data, "status", **as_ada).returncode == 4
    assert [token["name"] for token in answer(data, "token", "list")] == ["operator"]
    log = "".join(file.read_text() for file in (data / "logs").glob("*.log"))
    assert made["token"] not in log
    assert (data / "operator-token").read_text().strip() not in log + json.dumps(running.state)


def test_a_browser_signs_in_by_the_links_that_up_and_sign_in_print(running: Up, data: Path) -> None:
    for link in (running.state["sign_in_url"], answer(data, "sign-in")["url"]):
        with httpx.Client(base_url=running.state["api_url"]) as browser:
            assert browser.get("/api/me").status_code == 401
            assert browser.get(link).status_code == 303
            assert browser.get("/api/me").json()["role"] == "operator"


def test_a_run_is_started_watched_and_governed(data: Path, example: dict[str, str]) -> None:
    started = answer(data, "run", "create", "Portrait", "--name", "Pier", "--prompt", "a pier", "--n", "1", "--t", "1")
    watched = carnival(data, "run", "watch", "Pier", "--until-finals", "--timeout", "60", "--json")
    assert watched.returncode == 0, watched.stderr
    assert json.loads(watched.stdout.splitlines()[-1])["finals"] >= 1
    assert answer(data, "run", "pause", "Pier")["run"]["paused"]
    assert not answer(data, "run", "resume", "Pier")["run"]["paused"]
    assert answer(data, "run", "complete", started["run_id"])["run"]["status"] == "completed"
    assert not answer(data, "run", "complete", "Pier")["changed"]
    discards = answer(data, "run", "discard-images", "Pier")
    assert (discards["discarded_images"], discards["remaining"]) == (0, 0)
    assert "Pier" in carnival(data, "run", "list").stdout


def test_two_runs_of_one_name_get_different_folders(data: Path, example: dict[str, str]) -> None:
    arguments = ("run", "create", "Portrait", "--name", "Twin", "--prompt", "x", "--t", "0")
    first, second = answer(data, *arguments), answer(data, *arguments)
    assert first["folder"] != second["folder"]
    ambiguous = carnival(data, "run", "show", "Twin")
    assert ambiguous.returncode == 1
    assert first["run_id"] in ambiguous.stderr


def test_an_unknown_pipeline_creates_nothing(data: Path, example: dict[str, str]) -> None:
    before = len(answer(data, "run", "list"))
    assert carnival(data, "run", "create", "Nowhere", "--prompt", "x").returncode == 1
    assert len(answer(data, "run", "list")) == before


def test_a_refusal_of_the_api_is_a_sentence_and_code_4(data: Path, example: dict[str, str]) -> None:
    done = carnival(data, "run", "create", "Portrait")
    assert done.returncode == 4
    assert "needs a prompt" in done.stderr


def test_a_pipeline_from_a_file_gets_a_version_only_when_it_differs(data: Path) -> None:
    file = data.parent / "one.json"
    template: dict[str, Any] = {
        "1": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "x"}}
    }
    template["2"] = {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}}
    file.write_text(json.dumps({"name": "One", "steps": [{"order": 1, "name": "Only", "template": template}]}))
    assert answer(data, "pipeline", "apply", str(file))["changed"]
    assert not answer(data, "pipeline", "apply", str(file))["changed"]
    file.write_text(file.read_text().replace("Only", "Sole"))
    assert answer(data, "pipeline", "apply", str(file))["pipeline"]["version"] == 2
    assert answer(data, "pipeline", "show", "One")["steps"][0]["name"] == "Sole"


def test_what_is_going_on_can_be_seen(data: Path, example: dict[str, str]) -> None:
    assert answer(data, "status")["parked_events"] == 0
    assert answer(data, "next")["mode"]
    lines = carnival(data, "events", "tail", "-n", "2", "--json").stdout.splitlines()
    positions = [json.loads(line)["position"] for line in lines]
    assert len(positions) == 2
    assert positions[1] == positions[0] + 1
    mine = carnival(data, "events", "tail", "-n", "1", "--run", example["run_id"], "--json")
    assert {json.loads(line)["event"]["run_id"] for line in mine.stdout.splitlines()} == {example["run_id"]}


def test_who_one_is_and_what_servers_can_do_is_told(data: Path, example: dict[str, str]) -> None:
    assert (answer(data, "me")["role"], answer(data, "work")) == ("operator", [])
    assert {one["readiness"] for one in answer(data, "pipeline", "readiness", "portrait")} == {"ready"}
    found = answer(data, "dashboard")
    assert found["capacity"]["servers"] == 1
    assert len(found["runs"]) == min(found["active_runs"], 50)


def test_votes_are_exported_as_json_lines_and_as_parquet(data: Path, example: dict[str, str]) -> None:
    answer(data, "run", "create", "Portrait", "--name", "Judged", "--prompt", "a dog", "--n", "1", "--t", "2")
    assert carnival(data, "run", "watch", "Judged", "--until-finals", "--timeout", "60", "--json").returncode == 0
    cast = carnival(data, "vote", "Judged", "--voter", "ada", "--json", typed="lurq")
    assert json.loads(cast.stdout) == {"votes": 1, "kills": 0}, cast.stderr

    folder = data.parent / "preferences"
    files = answer(data, "export", "preferences", str(folder), "--run", "Judged", "--test", "1", "--validation", "0")
    assert [(Path(file["path"]).name, file["rows"]) for file in files["files"]] == [
        ("train.jsonl", 0),
        ("validation.jsonl", 0),
        ("test.jsonl", 1),
    ]
    line = carnival(data, "export", "preferences", "-", "--run", "Judged").stdout
    row = json.loads(line)
    assert (row["caption"], row["label_1"], row["user_id"]) == ("a dog", 1, "ada")
    assert carnival(data, "export", "preferences", str(folder / "all.parquet")).returncode == 0
    table = pyarrow.parquet.read_table(folder / "all.parquet")
    assert row["vote_id"] in table.column("vote_id").to_pylist()
    saved = answer(data, "export", "events", str(folder / "log.jsonl"), "--run", "Judged", "--type", "VoteCast")
    lines = (folder / "log.jsonl").read_text().splitlines()
    _, stands = [json.loads(line)["event"]["vote_id"] for line in lines]
    assert (saved["events"], stands) == (2, row["vote_id"])


def test_a_kill_over_the_keys_can_be_undone(data: Path, example: dict[str, str]) -> None:
    answer(data, "run", "create", "Portrait", "--name", "Killed", "--prompt", "a cat", "--n", "1", "--t", "2")
    assert carnival(data, "run", "watch", "Killed", "--until-finals", "--timeout", "60", "--json").returncode == 0
    run_id = answer(data, "run", "pause", "Killed")["run"]["run_id"]
    undone = carnival(data, "vote", "Killed", "--json", typed="x u q")
    assert json.loads(undone.stdout) == {"votes": 0, "kills": 0}, undone.stderr
    assert answer(data, "run", "show", run_id)["rejected"] == 0
    assert json.loads(carnival(data, "vote", "Killed", "--json", typed="x").stdout) == {"votes": 0, "kills": 1}
    assert answer(data, "run", "show", run_id)["rejected"] == 1


def test_a_rebuild_goes_on_beside_everything_else(data: Path, example: dict[str, str]) -> None:
    done = answer(data, "rebuild")
    assert done["position"] > 0
    assert done["digest"]["tables"]["runs"]["rows"] >= 1
    assert answer(data, "digest", "--at", str(done["digest"]["position"])) == done["digest"]
    beyond = carnival(data, "digest", "--at", "999999")
    assert beyond.returncode == 1
    assert "The projector's digest failed: the log ends at position" in beyond.stderr


def test_the_doctor_finds_everything_in_order(data: Path) -> None:
    findings = answer(data, "doctor")["findings"]
    assert [finding for finding in findings if not finding["ok"]] == []
    assert {"NATS", "Stream", "Durability", "Postgres", "ComfyUI", "API", "Nodes"} <= {
        finding["check"] for finding in findings
    }


async def test_a_killed_service_answers_again_at_its_address(running: Up, data: Path) -> None:
    before = answer(data, "ps")["processes"]["curation-api"]
    os.kill(before["pid"], signal.SIGKILL)
    await until(lambda: carnival(data, "status").returncode == 0, 60)
    after = answer(data, "ps")["processes"]["curation-api"]
    assert after["pid"] != before["pid"]
    assert after["port"] == before["port"]


def test_without_a_carnival_the_code_is_3(tmp_path: Path) -> None:
    done = carnival(tmp_path, "status", "--api", "http://127.0.0.1:9")
    assert done.returncode == 3
    assert "carnival up" in done.stderr


def test_a_workflow_is_inspected_and_becomes_a_pipeline_file(data: Path) -> None:
    file, written = data.parent / "pasted.json", data.parent / "pipeline.json"
    workflow = {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}},
    }
    file.write_text(json.dumps(workflow))
    shown = carnival(data, "pipeline", "inspect", str(file), "--all", "--write", str(written))
    assert shown.returncode == 0, shown.stderr
    assert "{{width}}" in shown.stdout
    applied = answer(data, "pipeline", "apply", str(written))
    assert applied["pipeline"]["name"] == "pasted"
    assert applied["pipeline"]["variables"] == ["width", "height", "batch_size"]
    assert carnival(data, "pipeline", "inspect", str(file), "--write", str(written)).returncode == 2
    file.write_text('{"nodes": []}')
    assert carnival(data, "pipeline", "inspect", str(file)).returncode == 4


def test_a_matrix_of_runs_is_started_together(data: Path, example: dict[str, str]) -> None:
    arguments = ("run", "matrix", "Portrait", "--name", "Grid", "--t", "0")
    matrix = answer(data, *arguments, "--axis", "prompt=a pier,a gym", "--axis", "seed=1,2")
    assert [run["cell"]["values"] for run in matrix["runs"]][:2] == [
        {"prompt": "a pier", "seed": 1},
        {"prompt": "a pier", "seed": 2},
    ]
    assert "4 runs are started" in carnival(data, *arguments, "--axis", "seed=[1, 2, 3, 4]", "--prompt", "x").stdout


async def test_ceilings_are_set_and_raised_and_the_figures_of_a_run_shown(data: Path, example: dict[str, str]) -> None:
    answer(data, "run", "create", "Portrait", "--name", "Capped", "--prompt", "x", "--max-images", "1")
    await until(lambda: answer(data, "run", "show", "Capped")["halted_by"] == ["images_reached"], 60)
    capped = answer(data, "run", "show", "Capped")
    assert (capped["images"] + capped["open_jobs"], capped["halted_by"]) == (1, ["images_reached"])
    assert answer(data, "run", "change", "Capped", "--no-ceilings", "--t", "0")["run"]["halted_by"] == []
    figures = answer(data, "stats", "Capped", "--gpu-hour-cost", "2")
    assert [step["name"] for step in figures["steps"]] == ["Base Image", "Face Fix", "Hand Fix", "Upscale"]
    assert figures["totals"]["cost"] is not None
    assert "GPU seconds" in carnival(data, "stats").stdout
