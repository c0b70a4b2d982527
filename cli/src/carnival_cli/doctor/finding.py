"""What a check found."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Finding(BaseModel):
    """`remedy` says what to do; it is empty when all is well."""

    model_config = ConfigDict(frozen=True)

    check: str
    ok: bool
    detail: str
    remedy: str = ""


def fine(check: str, detail: str) -> Finding:
    return Finding(check=check, ok=True, detail=detail)


def problem(check: str, detail: str, remedy: str) -> Finding:
    return Finding(check=check, ok=False, detail=detail, remedy=remedy)
