"""The wire: recorded samples of every event version stay readable for ever, and what nobody can read says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from carnival.contracts.catalogue import CATALOGUE, WRITERS
from carnival.contracts.envelope import Event, Recorded, Undecodable
from carnival.contracts.ids import Position
from carnival.contracts.subjects import EVERYTHING, ROOT, subject_of
from carnival.contracts.upcasts import Body, MissingUpcast, upcast
from carnival.log.wire import decode, encode
from carnival.testing import examples
from carnival.testing.memory_log import matches

SAMPLES = Path(__file__).parent / "samples"


def sample_file(event: type[Event], version: int) -> Path:
    return SAMPLES / f"{event.wire_name}.v{version}.json"


def all_versions() -> list[tuple[type[Event], int]]:
    return [(event, version) for event in WRITERS for version in range(1, event.schema_version + 1)]


def test_every_event_class_is_in_the_catalogue() -> None:
    def below(kind: type[Event]) -> set[type[Event]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__())) if kind is not Event else set()

    known = {
        leaf for child in Event.__subclasses__() for leaf in below(child) if leaf.__module__.startswith("carnival.")
    }
    assert known == set(WRITERS) == set(CATALOGUE.values())


@pytest.mark.parametrize(
    ("event", "version"), all_versions(), ids=lambda value: getattr(value, "wire_name", str(value))
)
def test_a_recorded_sample_of_each_version_is_read(event: type[Event], version: int) -> None:
    sample = json.loads(sample_file(event, version).read_text())
    entry = decode(sample["subject"], Position(1), sample["headers"], json.dumps(sample["body"]).encode())
    assert isinstance(entry, Recorded), entry
    assert isinstance(entry.event, event)
    assert subject_of(entry.event) == sample["subject"]
    if version == event.schema_version:
        assert json.loads(entry.event.model_dump_json()) == sample["body"]


def test_no_sample_is_an_orphan() -> None:
    assert {file.name for file in SAMPLES.glob("*.json")} == {sample_file(*one).name for one in all_versions()}


def test_every_subject_is_inside_the_stream() -> None:
    for event in examples.one_of_each():
        assert matches(EVERYTHING, subject_of(event))
        assert subject_of(event).split(".")[4] == event.wire_name
        assert subject_of(event).startswith(ROOT)


def test_unknown_fields_of_a_newer_writer_are_ignored() -> None:
    event = examples.run_started()
    headers, body = encode(event, examples.meta())
    wider = json.dumps(json.loads(body) | {"mood": "festive"}).encode()
    entry = decode(subject_of(event), Position(1), headers, wider)
    assert isinstance(entry, Recorded)
    assert entry.event == event


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ({"ce-type": "carnival.Nonsense.v1"}, b"{}", "no event is called Nonsense"),
        ({"ce-type": "carnival.RunPaused.v99"}, b"{}", "comes from the future"),
        ({"ce-type": "somebody.else"}, b"{}", "none of ours"),
        ({"ce-type": "carnival.RunPaused.v1"}, b"not json", "ValidationError"),
        ({"ce-type": "carnival.RunPaused.v1"}, b'{"reason": 1}', "ValidationError"),
        ({}, b"{}", "none of ours"),
        ({"ce-type": "carnival.RunPaused.v1", "ce-time": "yesterday"}, b'{"run_id": "r"}', "ValueError"),
    ],
)
def test_what_cannot_be_read_says_why(headers: dict[str, str], body: bytes, reason: str) -> None:
    good, _ = encode(examples.run_started(), examples.meta())
    entry = decode(f"{ROOT}.run.r.RunPaused", Position(7), {**good, "ce-type": ""} | headers, body)
    assert isinstance(entry, Undecodable)
    assert reason in entry.reason
    assert (entry.position, entry.body) == (7, body)


def test_an_event_counts_at_its_own_subject_only() -> None:
    """Else whoever may write images could write votes."""
    one, two = examples.candidate_of("j1"), examples.candidate_of("j2")
    headers, body = encode(examples.vote_cast(one, two), examples.meta())
    entry = decode(subject_of(examples.image_produced()), Position(1), headers, body)
    assert isinstance(entry, Undecodable)
    assert "a VoteCast does not belong there" in entry.reason


def test_an_old_body_climbs_version_by_version() -> None:
    def first(body: Body) -> Body:
        return {"run_id": body["run"]}

    def second(body: Body) -> Body:
        return body | {"reason": "unknown"}

    upcasts = {("RunPaused", 1): first, ("RunPaused", 2): second}
    assert upcast("RunPaused", 1, 3, {"run": "r1"}, upcasts) == {"run_id": "r1", "reason": "unknown"}
    with pytest.raises(MissingUpcast, match="from version 3 to 4"):
        upcast("RunPaused", 1, 4, {"run": "r1"}, upcasts)


def test_metadata_travels_as_cloud_events() -> None:
    cause = examples.meta("curation-api", actor="Zoë", traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    headers, _ = encode(examples.run_started(), cause)
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-type"] == "carnival.RunStarted.v1"
    assert headers["Nats-Msg-Id"] == headers["ce-id"] == cause.event_id
    assert all(value.isascii() and "\n" not in value for value in headers.values())
