"""What a server says it can do, and which node a job goes to for it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.capabilities import Capabilities, Lack
from comfy_gateway.domain.capability import capabilities_of, lacks_of
from comfy_gateway.domain.choice import Full, Option, Take, Unable, choose, last_resort
from comfy_gateway.domain.machine import Machine, machine_of
from comfy_gateway.domain.node import NodeLoad

LACK = Lack(node_id="1", class_type="Gone")


def described(**inputs: Any) -> dict[str, Any]:
    return {"input": {"required": inputs}, "output_node": False}


def test_inputs_that_choose_a_model_are_kept_with_their_files() -> None:
    known = capabilities_of(
        {
            "CheckpointLoaderSimple": described(ckpt_name=[["a.safetensors", "sub/b.ckpt"], {"tooltip": "x"}]),
            "Newer": described(model=["MODEL"], unet_name=["COMBO", {"options": ["a.safetensors", "sub/b.ckpt"]}]),
            "Empty": described(lora_name=[[], {}]),
            "Odd": described(weights=[["detector.pt", "none"]]),
            "Sampler": described(sampler_name=[["euler", "ddim"], {}], seed=["INT", {"min": 0}]),
            "LoadImage": described(image=[["a.png"], {"image_upload": True}]),
        },
        "0.10.0",
    )
    files = {name: {given: known.shelves[at] for given, at in inputs.items()} for name, inputs in known.classes.items()}
    models = ("a.safetensors", "sub/b.ckpt")
    assert files == {
        "CheckpointLoaderSimple": {"ckpt_name": models},
        "Newer": {"unet_name": models},
        "Empty": {"lora_name": ()},
        "Odd": {"weights": ("detector.pt", "none")},
        "Sampler": {},
        "LoadImage": {},
    }
    assert len(known.shelves) == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=20,
)


@given(JSON | st.dictionaries(st.text(max_size=5), st.fixed_dictionaries({"input": JSON})))
def test_whatever_a_server_answers_is_understood_as_far_as_it_goes(answer: object) -> None:
    assert isinstance(capabilities_of(answer, ""), Capabilities)
    assert isinstance(machine_of(answer), Machine)


def test_a_workflow_is_held_against_what_a_server_can_do() -> None:
    known = capabilities_of({"Loader": described(ckpt_name=[["a.pt"]]), "Save": described()}, "")
    workflow = {
        "1": {"class_type": "Loader", "inputs": {"ckpt_name": "b.pt"}},
        "2": {"class_type": "Upscale", "inputs": {"image": ["1", 0]}},
        "3": {"class_type": "Save", "inputs": {"images": ["2", 0]}},
    }
    assert [lack.words for lack in lacks_of(workflow, known)] == [
        "file b.pt for ckpt_name of Loader (node 1)",
        "node class Upscale (node 2)",
    ]


def option(name: str, *, lacks: int = 0, ready: bool = True, open: int = 0) -> Option:
    load = NodeLoad(name=name, ready=ready, slots=1, jobs_ahead=1, open=open, registering=0)
    return Option(load=load, lacks=(LACK,) * lacks)


def test_a_node_that_can_do_the_job_is_preferred_even_if_it_is_busier() -> None:
    assert choose([option("a", lacks=1), option("b", open=1)]) == Take("b")
    assert choose([option("a"), option("b", open=1)]) == Take("a")


def test_a_job_waits_for_the_able_node_instead_of_going_to_another_one() -> None:
    assert choose([option("a", lacks=1), option("b", open=2)]) == Full()


def test_a_node_that_takes_no_work_is_not_waited_for_here() -> None:
    assert choose([option("a", lacks=1), option("b", ready=False)]) == Unable()
    assert choose([]) == Unable()


def test_as_a_last_resort_the_server_that_lacks_least_is_asked() -> None:
    assert last_resort([option("a", lacks=2), option("b", lacks=1)]) == Take("b")
    assert last_resort([option("a", lacks=2), option("b", lacks=1, open=2)]) == Take("a")
    assert last_resort([option("b", ready=False)]) == Full()


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 3)), max_size=6))
def test_no_job_ever_goes_to_a_node_that_lacks_something_or_is_full(nodes: list[tuple[int, bool, int]]) -> None:
    options = [option(str(at), lacks=lacks, ready=ready, open=open) for at, (lacks, ready, open) in enumerate(nodes)]
    match choose(options):
        case Take(name):
            chosen = options[int(name)]
            assert not chosen.lacks
            assert chosen.load.places > 0
        case Full():
            assert any(not one.lacks and one.load.ready for one in options)
        case Unable():
            assert all(one.lacks or not one.load.ready for one in options)
