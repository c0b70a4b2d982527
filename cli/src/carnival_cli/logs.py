"""What is logged by the parts shared with the services goes to stderr, warnings only: stdout is for results."""

from __future__ import annotations

import logging
import sys

import structlog


def log_to_stderr() -> None:
    """Commands call it before they open a connection to the bus. Importing this takes as long as starting a command."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
