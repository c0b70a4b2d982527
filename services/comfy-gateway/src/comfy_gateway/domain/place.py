"""Where a job's image is stored (JOB-7)."""

from __future__ import annotations

from typing import Final

from carnival.contracts.ids import JobId, derived_id

SUFFIXES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def place_of(folder: str, job_id: JobId, moment_ms: int, media_type: str) -> str:
    """16 hex digits, underscore, Unix seconds. The same job gives the same place, so a repeated store does no harm."""
    return f"{folder}/{derived_id('file', job_id)[:16]}_{moment_ms // 1000}.{SUFFIXES[media_type]}"


def upload_name(sha256: str, place: str) -> str:
    """The parent's name on a node: its content, so that one upload serves all its children (PAY-9)."""
    suffix = place.rpartition(".")[2].lower() if "." in place.rpartition("/")[2] else "png"
    return f"{sha256}.{suffix if suffix.isalnum() else 'png'}"
