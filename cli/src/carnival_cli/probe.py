"""Asking a server of this machine whether it is there: without a proxy, whatever its certificate is for."""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError

ANSWER_SECONDS: Final = 4.0
WORDS_BYTES_MAX: Final = 10_000
_ANY_NAME: Final = ssl.create_default_context()
_ANY_NAME.check_hostname, _ANY_NAME.verify_mode = False, ssl.CERT_NONE
_DIRECT: Final = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_ANY_NAME)
)


def answers(url: str) -> Callable[[], bool]:
    """A check that is true when `url` answers with a success; it blocks for 4 s at the most."""

    def check() -> bool:
        try:
            with _DIRECT.open(url, timeout=ANSWER_SECONDS) as answer:
                return bool(200 <= answer.status < 300)
        except (OSError, HTTPException):
            return False

    return check


def words_of(url: str) -> str:
    """What `url` answers, be it a success or not; nothing if it does not answer. Blocks for 4 s at the most."""
    try:
        with _DIRECT.open(url, timeout=ANSWER_SECONDS) as answer:
            return str(answer.read(WORDS_BYTES_MAX).decode(errors="replace"))
    except HTTPError as error:
        with error:
            return error.read(WORDS_BYTES_MAX).decode(errors="replace")
    except (OSError, HTTPException):
        return ""
