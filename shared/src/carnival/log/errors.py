"""What can go wrong with the log, one class a situation."""

from __future__ import annotations

from carnival.contracts.ids import Position


class LogError(Exception):
    """Base of all log errors."""


class StalePosition(LogError):
    """Something was appended below the expectation's subjects since the state was read. Read again, decide again."""

    def __init__(self, subjects: str, expected: Position) -> None:
        super().__init__(f"{subjects} has moved past position {expected}")
        self.subjects = subjects
        self.expected = expected


class AppendRefused(LogError):
    """The server refused the append for good: too large, no permission, stream full or missing."""


class Forbidden(LogError):
    """The server lets this user not publish there, or not ask that. Only another user or other permissions help."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"this service's user on the bus may not publish to {subject}")
        self.subject = subject


class LogUnavailable(LogError):
    """No answer within the bounded tries. Whether an append happened is unknown; it may be sent again as it is."""


class LogGap(LogError):
    """A position is missing for good: the stream was damaged or tampered with. Nothing is folded past it."""


class StreamLacksGuarantee(LogError):
    """The stream or its server is configured without something the services rely on."""
