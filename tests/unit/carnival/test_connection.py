"""Connections never give up: a client that has given up freezes FastStream's pull loop."""

from __future__ import annotations

from carnival.configuration.service import BusSettings
from carnival.log.connection import FOR_EVER, connection_options

BUS = BusSettings(nats_url="nats://a:1")


def test_reconnects_never_end() -> None:
    assert connection_options(BUS, "x")["max_reconnect_attempts"] == FOR_EVER


def test_errors_are_reported_so_that_a_refused_permission_does_not_look_like_an_outage() -> None:
    assert connection_options(BUS, "x")["error_cb"] is not None


def test_each_service_hears_its_own_answers_only() -> None:
    one, other = (connection_options(BUS, name)["inbox_prefix"] for name in ("selector", "curation-api"))
    assert one != other


def test_several_servers_are_separated_by_commas() -> None:
    assert connection_options(BusSettings(nats_url="nats://a:1, nats://b:2"), "x")["servers"] == [
        "nats://a:1",
        "nats://b:2",
    ]
