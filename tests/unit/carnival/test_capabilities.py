"""What a server can do, and how that is kept small on the bus."""

from __future__ import annotations

import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.capabilities import PACKED_BYTES_MAX, BadCapabilities, Capabilities, Lack

NAMES = st.text(alphabet="abcdefgh._-ü", min_size=1, max_size=12)
SHELVES = st.lists(st.lists(NAMES, max_size=5).map(tuple), max_size=4).map(tuple)


@st.composite
def abilities(draw: st.DrawFn) -> Capabilities:
    shelves = draw(SHELVES)
    places = st.integers(0, len(shelves) - 1) if shelves else st.nothing()
    inputs = st.dictionaries(NAMES, places, max_size=3) if shelves else st.just(dict[str, int]())
    return Capabilities(version="0.10.0", classes=draw(st.dictionaries(NAMES, inputs, max_size=5)), shelves=shelves)


@given(abilities())
def test_what_is_packed_is_unpacked_and_equal_things_have_one_digest(known: Capabilities) -> None:
    digest, packed = known.packed()
    assert Capabilities.unpacked(packed) == known
    assert known.model_copy().packed() == (digest, packed)


def test_too_many_files_leave_out_the_longest_list_and_what_chooses_from_it_is_not_checked() -> None:
    chance = random.Random(7)
    many = tuple(f"{chance.randbytes(24).hex()}.safetensors" for _ in range(40_000))
    known = Capabilities(classes={"Lora": {"lora_name": 1}, "Vae": {"vae_name": 0}}, shelves=(("a.pt",), many))
    _, packed = known.packed()
    assert len(packed) <= PACKED_BYTES_MAX
    kept = Capabilities.unpacked(packed)
    assert kept.classes == {"Lora": {}, "Vae": {"vae_name": 0}}
    assert kept.shelves == (("a.pt",),)
    assert not list(kept.lacks("1", "Lora", {"lora_name": "none.safetensors"}))


def test_lacks_are_classes_and_files_and_only_texts_are_checked() -> None:
    known = Capabilities(classes={"Lora": {"lora_name": 0}, "Save": {}}, shelves=(("here.pt",),))
    assert list(known.lacks("4", "Upscale", {})) == [Lack(node_id="4", class_type="Upscale")]
    [lack] = known.lacks("5", "Lora", {"lora_name": "gone.pt"})
    assert lack.words == "file gone.pt for lora_name of Lora (node 5)"
    for value in ("here.pt", ["3", 0], None, 5):
        assert not list(known.lacks("5", "Lora", {"lora_name": value}))


@pytest.mark.parametrize("data", [b"", b"x", zlib.compress(b"[]"), zlib.compress(b"{}")[:-2]])
def test_bytes_that_are_no_capabilities_are_refused(data: bytes) -> None:
    with pytest.raises(BadCapabilities):
        Capabilities.unpacked(data)
    with pytest.raises(BadCapabilities):
        Capabilities.unpacked(zlib.compress(b" " * (40 * 1024 * 1024)))
