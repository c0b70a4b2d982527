"""What the servers of a pool have for the inputs of a node class."""

from __future__ import annotations

from datetime import UTC, datetime

from carnival.contracts.capabilities import Capabilities
from carnival.contracts.fleet import PresentNode
from carnival.contracts.notices import NodePresence, NodeState
from curation_api.domain.fleet_choices import Choice, InputChoices, choices_of

LOADER = "CheckpointLoaderSimple"


def node(name: str, *files: str, classes: bool = True) -> PresentNode:
    presence = NodePresence(
        gateway="g", node=name, pool="default", slots=1, state=NodeState.READY, expires_at=datetime.now(UTC)
    )
    known = Capabilities(classes={LOADER: {"ckpt_name": 0}} if classes else {}, shelves=(files,))
    return PresentNode(presence, known)


def test_those_that_most_servers_have_come_first_then_by_name() -> None:
    pool = [node("n1", "b.pt", "a.pt"), node("n2", "c.pt", "b.pt"), node("n3", "a.pt", classes=False)]
    found = choices_of(LOADER, pool)
    assert (found.servers, found.knowing) == (3, 2)
    assert found.inputs == [InputChoices("ckpt_name", [Choice("b.pt", 2), Choice("a.pt", 1), Choice("c.pt", 1)])]


def test_servers_that_have_not_said_what_they_can_do_know_nothing() -> None:
    silent = PresentNode(node("n1").presence, None)
    assert (choices_of(LOADER, [silent]).knowing, choices_of(LOADER, []).inputs) == (0, [])
