"""The secrets of a data folder, and to whom a command shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnival_cli.commands.edge import api_address
from carnival_cli.up.credentials import ensure_credentials, read_operator_token
from carnival_cli.up.layout import Layout
from carnival_cli.up.lock import folder_lock
from carnival_cli.up.state import UpState, write_state

STATE = UpState(
    pid=1,
    data=Path("/data"),
    api_url="http://127.0.0.1:8123",
    nats_url="nats://n",
    nats_monitor_url=None,
    database_url="postgresql://p",
    comfyui_base_url="http://c",
    image_root=Path("/images"),
    uses_stub=True,
    processes={},
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout.of(tmp_path / "data")
    layout.create()
    return layout


def test_secrets_are_made_once_and_are_their_owners_alone(layout: Layout) -> None:
    first, second = ensure_credentials(layout, {}), ensure_credentials(layout, {})
    assert first == second
    assert first.operator_token.startswith("tc_")
    assert len(first.operator_token) > 40
    assert first.service_key != first.operator_token
    for file in (layout.operator_token, layout.service_key):
        assert file.stat().st_mode & 0o777 == 0o600


def test_what_the_environment_names_replaces_them(layout: Layout) -> None:
    ensure_credentials(layout, {})
    given = ensure_credentials(layout, {"OPERATOR_TOKEN": " mine ", "SERVICE_KEY": ""})
    assert given.operator_token == read_operator_token(layout) == "mine"
    assert ensure_credentials(layout, {}) == given


def test_without_a_token_file_there_is_no_token(layout: Layout) -> None:
    assert read_operator_token(layout) is None


def test_the_kept_token_is_shown_to_what_runs_in_its_folder_only(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CARNIVAL_TOKEN", raising=False)
    kept = ensure_credentials(layout, {}).operator_token
    assert api_address(None, layout.data).token is None
    write_state(layout, STATE)
    with folder_lock(layout, STATE.api_url):
        assert api_address(None, layout.data).token == kept
        assert api_address("http://127.0.0.1:8123/", layout.data).token == kept
        assert api_address("http://elsewhere:8123", layout.data).token is None
        monkeypatch.setenv("CARNIVAL_TOKEN", "tc_own")
        own = api_address("http://elsewhere:8123", layout.data)
        assert (own.token, own.actor) == ("tc_own", None)
