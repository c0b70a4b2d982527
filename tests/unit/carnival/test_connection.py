"""Connections never give up: a client that has given up freezes FastStream's pull loop."""

from __future__ import annotations

from carnival.log.connection import FOR_EVER, connection_options


def test_reconnects_never_end() -> None:
    assert connection_options("nats://a:1", "x")["max_reconnect_attempts"] == FOR_EVER


def test_errors_are_reported_so_that_a_refused_permission_does_not_look_like_an_outage() -> None:
    assert connection_options("nats://a:1", "x")["error_cb"] is not None


def test_each_service_hears_its_own_answers_only() -> None:
    one, other = (connection_options("nats://a:1", name)["inbox_prefix"] for name in ("selector", "curation-api"))
    assert one != other


def test_several_servers_are_separated_by_commas() -> None:
    assert connection_options("nats://a:1, nats://b:2", "x")["servers"] == ["nats://a:1", "nats://b:2"]
