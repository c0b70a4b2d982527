"""What the servers present lack for a pipeline's steps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from carnival.contracts.capabilities import Capabilities
from carnival.contracts.fleet import PresentNode
from carnival.contracts.notices import NodePresence, NodeState
from carnival.contracts.pipeline import StepDefinition
from carnival.testing import examples
from curation_api.domain.preflight import Readiness, StepReadiness, readiness_of

SAVE = {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}}
KNOWN = Capabilities(classes={"Loader": {"ckpt_name": 0}, "SaveImage": {}}, shelves=(("a.pt", "b.pt"),))


def node(capabilities: Capabilities | None = KNOWN, **fields: Any) -> PresentNode:
    about: dict[str, Any] = {"gateway": "g", "node": "n", "pool": "default", "slots": 1, "state": NodeState.READY}
    expires_at = datetime(2030, 1, 1, tzinfo=UTC)
    return PresentNode(NodePresence.model_validate({**about, "expires_at": expires_at, **fields}), capabilities)


def step(template: str | dict[str, Any], **fields: Any) -> StepDefinition:
    text = template if isinstance(template, str) else json.dumps(template)
    return examples.step(1, template=text, **fields)


def loading(name: str) -> dict[str, Any]:
    return {"1": {"class_type": "Loader", "inputs": {"ckpt_name": name}}, "2": SAVE}


def one(template: str | dict[str, Any], *nodes: PresentNode, **variables: object) -> StepReadiness:
    [found] = readiness_of([step(template)], nodes, variables)
    return found


def test_a_missing_file_is_named_with_input_class_and_node() -> None:
    found = one(loading("c.pt"), node())
    assert found.readiness is Readiness.MISSING
    assert found.warning == (
        f"Step {found.name!r}: no server of pool 'default' has file c.pt for ckpt_name of Loader (node 1)."
    )
    assert one(loading("a.pt"), node()).warning is None


def test_a_missing_class_is_named() -> None:
    found = one({"1": {"class_type": "FaceFix", "inputs": {}}, "2": SAVE}, node())
    assert [lack.words for lack in found.lacks] == ["node class FaceFix (node 1)"]


@pytest.mark.parametrize("value", ["{{model}}", "{{model}}.pt", "models/{{a}}/{{b}}"])
def test_what_a_placeholder_will_hold_is_not_guessed(value: str) -> None:
    assert one(loading(value), node()).readiness is Readiness.READY


def test_a_placeholder_is_checked_when_the_run_says_what_it_holds() -> None:
    assert one(loading("{{model}}"), node(), model="a.pt").readiness is Readiness.READY
    assert one(loading("{{model}}"), node(), model="z.pt").readiness is Readiness.MISSING
    assert one(loading("{{model}}"), node(), model=5).readiness is Readiness.READY


def test_a_placeholder_for_a_class_or_for_all_inputs_says_nothing() -> None:
    template = '{"1": {"class_type": "{{kind}}", "inputs": {}}, "2": {"class_type": "SaveImage", "inputs": {{all}}}}'
    assert one(template, node()).readiness is Readiness.READY


def test_one_able_server_is_enough() -> None:
    assert one(loading("a.pt"), node(Capabilities()), node()).readiness is Readiness.READY


def test_no_server_present_is_said_instead_of_missing() -> None:
    for nodes in ([], [node(pool="big")], [node(state=NodeState.UNREACHABLE)]):
        found = one(loading("c.pt"), *nodes)
        assert (found.readiness, found.lacks, found.servers) == (Readiness.NO_SERVER, (), 0)
        assert "no server of pool 'default' is present" in (found.warning or "")


def test_servers_that_have_not_spoken_yet_give_no_warning() -> None:
    assert one(loading("c.pt"), node(None)).readiness is Readiness.UNKNOWN


def test_what_is_scattered_over_servers_is_said_so() -> None:
    template = {"1": loading("a.pt")["1"], "3": {"class_type": "FaceFix", "inputs": {}}, "2": SAVE}
    other = Capabilities(classes={"FaceFix": {}, "SaveImage": {}, "Loader": {"ckpt_name": 0}}, shelves=((),))
    found = one(template, node(), node(other))
    assert found.scattered
    assert "no single server of pool 'default' has everything; the closest one lacks" in (found.warning or "")


def test_what_all_lack_is_named_before_what_one_lacks() -> None:
    template = {"1": loading("z.pt")["1"], "3": {"class_type": "FaceFix", "inputs": {}}, "2": SAVE}
    other = Capabilities(classes={"SaveImage": {}, "Loader": {"ckpt_name": 0}, "FaceFix": {}}, shelves=((),))
    found = one(template, node(), node(other))
    assert [lack.words for lack in found.lacks] == ["file z.pt for ckpt_name of Loader (node 1)"]
    assert not found.scattered


def test_many_lacks_are_named_in_bounded_words() -> None:
    template = {str(at): {"class_type": f"Gone{at}", "inputs": {}} for at in range(50)} | {"save": SAVE}
    assert (one(template, node()).warning or "").endswith("Gone4 (node 4) and 45 more.")
