"""Looking at a run's images, fetching them, and saying what is to become of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from fixtures.command_line import answer, carnival
from PIL import Image

from carnival.testing import until


def nodes_of(data: Path, run: str, *arguments: str) -> list[dict[str, Any]]:
    return answer(data, "tree", run, *arguments)


def test_the_tree_is_drawn_and_narrowed(data: Path, run: str) -> None:
    nodes = nodes_of(data, run)
    assert {node["state"] for node in nodes} == {"live"}
    drawn = carnival(data, "tree", run).stdout
    assert all(node["candidate_id"] in drawn for node in nodes)
    assert "Base Image 1000" in drawn
    assert {node["depth"] for node in nodes_of(data, run, "--depth", "2")} == {0, 1}
    assert {node["step_order"] for node in nodes_of(data, run, "--step", "hand-fix")} == {1, 2, 3}


def test_a_step_that_is_not_there_is_named_with_those_that_are(data: Path, run: str) -> None:
    done = carnival(data, "tree", run, "--step", "Foot Fix")
    assert done.returncode == 1
    assert "no step 'Foot Fix'" in done.stderr
    assert "'Hand Fix'" in done.stderr


def test_a_killed_branch_leaves_the_tree_and_comes_back(data: Path, run: str) -> None:
    all_live = nodes_of(data, run)
    base = all_live[0]["candidate_id"]
    branch = answer(data, "candidate", "show", base)["branch"]["live"]
    assert f"take {branch} live images" in carnival(data, "candidate", "show", base).stdout
    assert answer(data, "candidate", "reject", base, "--note", "blurred")["changed"] == 1
    assert base not in {node["candidate_id"] for node in nodes_of(data, run)}
    assert "rejected (blurred)" in carnival(data, "candidate", "show", base).stdout
    states = {node["candidate_id"]: node["state"] for node in nodes_of(data, run, "--all")}
    assert (states[base], sum(state == "dead" for state in states.values())) == ("rejected", branch - 1)
    assert answer(data, "candidate", "restore", base)["changed"] == 1
    assert answer(data, "candidate", "restore", base)["changed"] == 0
    assert nodes_of(data, run) == all_live


def test_of_many_kills_with_one_unknown_none_is_done(data: Path, run: str) -> None:
    base = nodes_of(data, run)[0]["candidate_id"]
    assert carnival(data, "candidate", "reject", base, "nobody").returncode == 4
    assert answer(data, "candidate", "show", base)["candidate"]["state"] == "live"


def test_an_image_tells_where_it_comes_from(data: Path, run: str) -> None:
    final = nodes_of(data, run, "--step", "4")[-1]["candidate_id"]
    lineage = answer(data, "candidate", "lineage", final)
    assert [one["step_order"] for one in lineage["path"]] == [1, 2, 3, 4]
    decision = answer(data, "candidate", "why", final)
    assert decision == answer(data, "why", final[:12])
    job = answer(data, "job", "show", str(decision["number"]), "--run", run)
    assert (job["job_id"], job["candidate_id"]) == (decision["job_id"], final)
    listed = answer(data, "job", "list", run, "--state", "completed")["items"]
    assert final in {one["candidate_id"] for one in listed}


def test_the_gallery_goes_page_by_page(data: Path, run: str) -> None:
    first = answer(data, "gallery", run, "--step", "upscale", "--limit", "1")
    assert [step["name"] for step in first["steps"]] == ["Base Image", "Face Fix", "Hand Fix", "Upscale"]
    assert (first["step"], len(first["items"])) == (4, 1)
    everything = answer(data, "gallery", "--text", "pier", "--sort", "created", "--limit", "200")["items"]
    assert first["items"][0]["candidate_id"] in {one["candidate_id"] for one in everything}
    shown = carnival(data, "gallery", "--limit", "1")
    cursor = shown.stderr.strip().rpartition(" ")[2]
    page = answer(data, "gallery", "--limit", "1", "--cursor", cursor)["items"]
    assert page[0]["candidate_id"] not in shown.stdout


def test_images_are_fetched_as_they_were_made_or_bare_or_small(data: Path, run: str, tmp_path: Path) -> None:
    node = nodes_of(data, run, "--step", "4")[-1]["candidate_id"]
    made = answer(data, "candidate", "show", node)["candidate"]
    original, bare = tmp_path / "originals", tmp_path / "bare"
    (file,) = answer(data, "images", "get", node, "-o", str(original))["files"]
    assert hashlib.sha256(Path(file["path"]).read_bytes()).hexdigest() == made["sha256"]
    assert not answer(data, "images", "get", node, "-o", str(original))["files"][0]["fetched"]

    stripped = answer(data, "images", "get", run, "--step", "4", "-o", str(bare), "--bare")["files"]
    (mine,) = [Path(one["path"]) for one in stripped if one["candidate_id"] == node]
    with Image.open(file["path"]) as with_words, Image.open(mine) as without:
        assert "prompt" in with_words.info
        assert "prompt" not in without.info
        assert with_words.tobytes() == without.tobytes()

    small = carnival(data, "images", "get", node, "--thumbnail", "-o", str(tmp_path)).stdout.strip()
    with Image.open(small) as thumbnail:
        assert (thumbnail.format, max(thumbnail.size)) == ("WEBP", 256)


def test_an_export_of_images_goes_on_where_it_broke_off(data: Path, run: str, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    first = answer(data, "export", "images", str(folder), "--run", run)
    manifest = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    assert first["images"] == first["fetched"] == len(manifest)
    (folder / manifest[0]["file"]).unlink()
    (folder / manifest[1]["file"]).write_bytes(b"half of")
    again = answer(data, "export", "images", str(folder), "--run", run)
    assert (again["images"], again["fetched"]) == (len(manifest), 2)

    bare = answer(data, "export", "images", str(folder), "--run", run, "--bare")
    assert bare["fetched"] == len(manifest), "an original must not pass for a bare file"
    for line in map(json.loads, (folder / "manifest.jsonl").read_text().splitlines()):
        data_of = (folder / line["file"]).read_bytes()
        assert hashlib.sha256(data_of).hexdigest() == line["file_sha256"] != line["sha256"]
        assert b"KSampler" not in data_of


def test_the_winner_is_marked_and_unmarked(data: Path, run: str) -> None:
    best = answer(data, "run", "leaders", run)[0]["candidate_id"]
    assert answer(data, "run", "winner", run, best) == {"changed": True, "winner_id": best}
    assert "winner" in carnival(data, "run", "leaders", run).stdout
    assert answer(data, "gallery", "--status", "winner")["items"][0]["candidate_id"] == best
    assert answer(data, "run", "winner", run, "--clear")["winner_id"] is None
    assert carnival(data, "run", "winner", run, best, "--clear").returncode == 2


def test_votes_are_listed_and_taken_back(data: Path, run: str) -> None:
    assert json.loads(carnival(data, "vote", run, "--voter", "bea", "--json", typed="lq").stdout)["votes"] == 1
    (vote,) = answer(data, "votes", "list", run, "--voter", "bea")["items"]
    assert (vote["outcome"], vote["retracted"]) == ("left", False)
    assert carnival(data, "votes", "retract", vote["vote_id"], "--voter", "cy").returncode == 4
    assert answer(data, "votes", "retract", vote["vote_id"], "--voter", "bea")["changed"] == 1
    assert "taken back" in carnival(data, "votes", "list", run, "--voter", "bea").stdout


async def test_a_gate_is_looked_at_and_approved(data: Path, example: dict[str, str]) -> None:
    answer(data, "run", "create", "Portrait", "--name", "Gated", "--prompt", "a gate", "--n", "2", "--gated")
    await until(lambda: answer(data, "run", "gates", "gated")[0]["live"] == 2, 90)
    before = answer(data, "run", "gates", "gated", "--step", "base-image", "-k", "1")
    assert [(gate["waiting"], gate["advancing"]) for gate in before] == [(True, 1)]
    approved = answer(data, "run", "approve", "gated", "base-image", "-k", "1")
    assert (approved["gate"]["approved_k"], approved["gate"]["advancing"]) == (1, 1)
    assert "advances" in carnival(data, "run", "gates", "gated", "--step", "1").stdout
    assert carnival(data, "run", "approve", "gated", "1").returncode == 4
    answer(data, "run", "complete", "gated")


def test_a_run_is_changed(data: Path, example: dict[str, str]) -> None:
    made = answer(
        data, "run", "create", "Portrait", "--name", "Bounded", "--prompt", "x", "--t", "0", "--max-images", "3"
    )
    assert made["ceilings"]["images"] == 3
    changed = answer(data, "run", "change", "bounded", "--n", "7", "--no-ceilings")["run"]
    assert (changed["n"], changed["ceilings"]["images"], changed["t"]) == (7, None, 0)
    assert carnival(data, "run", "change", "bounded").returncode == 4


def test_changes_of_a_run_are_followed_from_a_position(data: Path, run: str, grown: dict[str, str]) -> None:
    assert carnival(data, "vote", run, "--voter", "dee", typed="rq").returncode == 0
    after = answer(data, "votes", "list", run, "--voter", "dee")["items"][0]["position"] - 1
    wanted = ("--after", str(after), "--type", "VoteCast", "--limit", "1")
    lines = carnival(data, "run", "changes", run, *wanted, "--json").stdout
    assert json.loads(lines) == {"position": after + 1, "type": "VoteCast", "run_id": grown["run_id"]}
