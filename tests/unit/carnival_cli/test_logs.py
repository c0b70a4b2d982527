"""What is logged never mixes with what a command prints."""

from __future__ import annotations

import pytest
import structlog

from carnival_cli.logs import log_to_stderr


def test_warnings_go_to_stderr_and_nothing_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        log_to_stderr()
        structlog.get_logger("any").info("reading starts anew")
        structlog.get_logger("any").warning("connection lost")
    finally:
        structlog.configure(**before)
    out, err = capsys.readouterr()
    assert out == ""
    assert "connection lost" in err
    assert "reading starts anew" not in err
