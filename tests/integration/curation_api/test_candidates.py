"""Candidates over HTTP: galleries, trees, kills, images (GAL, KILL, IMG-1)."""

from __future__ import annotations

from integration.curation_api.hub import Hub, problem


async def test_a_kill_makes_the_branch_dead_and_can_be_undone(hub: Hub) -> None:
    run_id = await hub.run()
    base = await hub.image(run_id)
    child = await hub.image(run_id, base, 2)
    final = await hub.image(run_id, child, 3)
    answer = await hub.http.post(f"/api/candidates/{base}/reject", json={"note": "six fingers"})
    assert answer.status_code == 200
    killed = answer.json()["result"]
    assert (killed["state"], killed["reject_reason"], killed["reject_note"]) == ("rejected", "killed", "six fingers")
    assert (killed["branch"]["live"], killed["branch"]["dead"]) == (0, 2)
    states = {node["candidate_id"]: node["state"] for node in (await hub.get(f"/api/runs/{run_id}/tree"))["items"]}
    assert states == {base: "rejected", child: "dead", final: "dead"}
    again = await hub.http.post(f"/api/candidates/{base}/reject")
    assert (again.status_code, again.json()["changed"]) == (200, False)
    restored = await hub.http.post(f"/api/candidates/{base}/restore")
    assert restored.json()["result"]["state"] == "live"
    assert (await hub.http.post(f"/api/candidates/{base}/restore")).json()["changed"] is False
    assert (await hub.get(f"/api/candidates/{final}"))["state"] == "live"
    branch = await hub.get(f"/api/candidates/{base}/branch")
    assert [(step["step_order"], step["live"]) for step in branch["steps"]] == [(1, 1), (2, 1), (3, 1)]


async def test_unknown_candidates_are_not_found(hub: Hub) -> None:
    for method, path in [
        ("GET", ""),
        ("GET", "/image"),
        ("GET", "/lineage"),
        ("GET", "/branch"),
        ("POST", "/reject"),
        ("POST", "/restore"),
    ]:
        problem(await hub.http.request(method, f"/api/candidates/none{path}"), 404, "candidate-unknown")
    problem(await hub.http.get("/api/candidates/%00"), 404, "not-found")


async def test_the_gallery_is_filtered_sorted_and_paged(hub: Hub) -> None:
    run_id = await hub.run(prompt="a red gym_50%")
    other = await hub.run(name="Beach", prompt="a blue beach")
    images = [await hub.image(run_id) for _ in range(5)]
    foreign = await hub.image(other)
    await hub.vote(images[2], images[0])
    child = await hub.image(run_id, images[2], 2)
    await hub.http.post(f"/api/candidates/{images[1]}/reject")

    async def shown(path: str = f"/api/runs/{run_id}/candidates", **query: object) -> list[str]:
        return [found["candidate_id"] for found in (await hub.get(path, **query))["items"]]

    assert await shown(step=1) == [images[2], images[1], images[3], images[4], images[0]]
    assert await shown(step=1, status="live") == [images[2], images[3], images[4], images[0]]
    assert await shown(status="rejected") == [images[1]]
    assert await shown(sort="created", limit=2) == [child, images[4]]
    assert await shown(rating_max=999) == [images[0]]
    assert await shown(rating_min=1001) == [images[2]]
    assert await shown("/api/candidates", text="BEACH") == [foreign]
    assert await shown("/api/candidates", text="gym_50%", step=2) == [child]
    assert await shown("/api/candidates", text="gym%50") == []
    for sort in ("rating", "created"):
        whole = await shown(sort=sort)
        paged: list[str] = []
        cursor: str | None = None
        while cursor is not None or not paged:
            page = await hub.get(
                f"/api/runs/{run_id}/candidates", sort=sort, limit=2, **({"cursor": cursor} if cursor else {})
            )
            paged += [found["candidate_id"] for found in page["items"]]
            cursor = page["next"]
        assert paged == whole
    problem(await hub.http.get("/api/candidates", params={"cursor": "x"}), 409, "bad-text")


async def test_the_tree_is_paged_parents_first(hub: Hub) -> None:
    run_id = await hub.run()
    base = await hub.image(run_id)
    children = [await hub.image(run_id, base, 2) for _ in range(3)]
    first = await hub.get(f"/api/runs/{run_id}/tree", limit=2)
    rest = await hub.get(f"/api/runs/{run_id}/tree", limit=2, cursor=first["next"])
    nodes = first["items"] + rest["items"]
    assert [node["candidate_id"] for node in nodes] == [base, *children]
    assert (nodes[0]["live_children"], nodes[1]["parent_id"], nodes[1]["depth"]) == (3, base, 1)


async def test_a_lineage_goes_from_the_base_to_the_image(hub: Hub) -> None:
    run_id = await hub.run()
    base = await hub.image(run_id)
    child = await hub.image(run_id, base, 2)
    final = await hub.image(run_id, child, 3)
    found = await hub.get(f"/api/candidates/{child}/lineage")
    assert [entry["candidate_id"] for entry in found["path"]] == [base, child]
    assert [entry["candidate_id"] for entry in found["children"]] == [final]
    assert (await hub.get(f"/api/candidates/{base}/lineage"))["descendants_live"] == 2


async def test_ids_are_found_by_their_beginning(hub: Hub) -> None:
    run_id = await hub.run()
    ids = sorted([await hub.image(run_id) for _ in range(3)])
    for one in ids:
        assert await hub.get("/api/candidate-ids", beginning=one[:10]) == [one]
    assert await hub.get("/api/candidate-ids", beginning=ids[0][:1], limit=1) == ids[:1]
    assert await hub.get("/api/candidate-ids", beginning="nothing") == []
