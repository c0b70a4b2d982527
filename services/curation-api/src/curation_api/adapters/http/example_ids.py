"""The ids of the things that the document's examples tell of; each thing has one, wherever it occurs."""

from __future__ import annotations

from typing import Final

PIPELINE: Final = "9a8b7c6d5e4f4a3b8c2d1e0f9a8b7c6d"
OTHER_PIPELINE: Final = "3c2d1e0f9a8b4c7d86e5f4a3b2c1d0e9"
RUN: Final = "4f1c7a0be2d94c53a8a6a8a0f1f0c2d1"
OTHER_RUN: Final = "8d7c6b5a4f3e4d2c91b0a9f8e7d6c5b4"
"""Another run of the same matrix, and in lists the one after the run."""
FORK: Final = "1b0a9f8e7d6c4b5a83f2e1d0c9b8a7f6"
MATRIX: Final = "6e5d4c3b2a194f08a7b6c5d4e3f2a1b0"

CANDIDATE: Final = "b7e9d1f2c3a44f5e9d8c7b6a5f4e3d2c"
"""A base image, of the first step."""
OTHER_CANDIDATE: Final = "0c9b8a7f6e5d4c3b2a19f8e7d6c5b4a3"
"""Another one, with which it is compared."""
FINAL: Final = "e4d3c2b1a0f94e8d87c6b5a4f3e2d1c0"
"""What the last step made of the first."""
OTHER_FINAL: Final = "a1b0c9d8e7f64a5b94c3d2e1f0a9b8c7"
REJECTED: Final = "d5c4b3a2f1e04d9c88b7a6f5e4d3c2b1"
"""Also made of the first, and rejected."""
ADOPTED: Final = "c8b7a6f5e4d34c2b91a0f9e8d7c6b5a4"
"""The base image in the forked run; behind it, the finals there."""
ADOPTED_FINAL: Final = "2f1e0d9c8b7a4f6e95d4c3b2a1f0e9d8"
OTHER_ADOPTED_FINAL: Final = "6c5b4a3f2e1d4c0b89a8f7e6d5c4b3a2"

JOB: Final = "2d1e0f9a8b7c4d6e9f8a7b6c5d4e3f2a"
"""What made the final."""
BASE_JOB: Final = "7a6b5c4d3e2f4a1b80c9d8e7f6a5b4c3"
REJECTED_JOB: Final = "f0e9d8c7b6a54f4e83d2c1b0a9f8e7d6"
OPEN_JOB: Final = "5b4a3f2e1d0c4b9a87f6e5d4c3b2a190"
FAILED_JOB: Final = "90a1b2c3d4e54f6a87b8c9d0e1f2a3b4"
PROMPT: Final = "1f0e9d8c-7b6a-4f5e-94d3-c2b1a0f9e8d7"
"""As ComfyUI names a job."""

VOTE: Final = "7f6e5d4c3b2a49188f7e6d5c4b3a2918"
WALK: Final = "a9b8c7d6e5f44a3b82c1d0e9f8a7b6c5"
RESCORING: Final = "c0d1e2f3a4b54c6d87e8f9a0b1c2d3e4"
GUEST_LINK: Final = "d2e3f4a5b6c74d8e99f0a1b2c3d4e5f6"
TOKEN: Final = "3b2a19f8e7d64c5b8a403b2a19f8e7d6"  # noqa: S105 - an id opens nothing
WEBHOOK: Final = "e7f8a9b0c1d24e3f84a5b6c7d8e9f0a1"
EVENT: Final = "b3c4d5e6f7a84b9c80d1e2f3a4b5c6d7"
OTHER_EVENT: Final = "0d1e2f3a4b5c4d6e87f8a9b0c1d2e3f4"
CAUSE: Final = "f6a7b8c9d0e14f2a83b4c5d6e7f8a9b0"
"""The event that led to that one."""
CORRELATION: Final = "5e4d3c2b1a094f8e8d7c6b5a4f3e2d1c"
