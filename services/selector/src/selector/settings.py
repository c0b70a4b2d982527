"""The selector's settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from carnival.configuration import Variable
from carnival.configuration.service import DatabaseSettings, ServiceSettings
from carnival.contracts.run import RunPolicy


class Settings(ServiceSettings, DatabaseSettings):
    """CFG-1: what the selector reads from the environment."""

    parent_failures_max: Annotated[
        int, Variable("MAX_PARENT_FAILURES", help="content failures after which a parent is rejected"), Field(ge=1)
    ] = 3
    step_failures_max: Annotated[
        int, Variable("STEP_FAILURES_MAX", help="failures in a row after which a step of a run pauses"), Field(ge=1)
    ] = 5
    run_policy: Annotated[
        RunPolicy, Variable("RUN_POLICY", help="round_robin: runs take turns; global: all runs are one pool")
    ] = RunPolicy.ROUND_ROBIN
    jobs_ahead: Annotated[
        int, Variable("JOBS_AHEAD", help="jobs staged per slot beside the one that renders"), Field(ge=0)
    ] = 1
    interval_seconds: Annotated[
        float,
        Variable("COMFYUI_SUBMIT_INTERVAL", help="longest pause between two selections, seconds"),
        Field(gt=0, allow_inf_nan=False),
    ] = 10.0
