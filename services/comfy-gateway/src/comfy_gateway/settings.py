"""The gateway's settings, all from the environment."""

from __future__ import annotations

import socket
from typing import Annotated, Literal

from pydantic import Field, FilePath, field_validator

from carnival.configuration import Variable
from carnival.configuration.service import ImageStoreSettings, ServiceSettings
from carnival.contracts.pipeline import DEFAULT_POOL, PoolName
from comfy_gateway.domain.node import node_name, safe_name


def _own_name() -> str:
    return f"gateway-{safe_name(socket.gethostname().lower())}"


class GatewaySettings(ServiceSettings, ImageStoreSettings):
    """Times are seconds."""

    comfyui_base_url: Annotated[str, Variable("COMFYUI_BASE_URL", help="ComfyUI servers, comma-separated")] = (
        "http://localhost:8188"
    )
    comfyui_ca_file: Annotated[
        FilePath | None,
        Variable("COMFYUI_CA_FILE", help="certificates that https:// servers are trusted by; unset: the system's"),
    ] = None
    comfyui_timeout: Annotated[
        float, Variable("COMFYUI_TIMEOUT", help="seconds per request to ComfyUI"), Field(gt=0)
    ] = 300
    comfyui_max_retries: Annotated[
        int, Variable("COMFYUI_MAX_RETRIES", help="extra attempts of a call after the first"), Field(ge=0, le=20)
    ] = 3
    comfyui_poll_interval: Annotated[
        float, Variable("COMFYUI_POLL_INTERVAL", help="seconds between two looks at a job's history"), Field(gt=0)
    ] = 5
    jobs_ahead: Annotated[
        int, Variable("JOBS_AHEAD", help="jobs staged per slot beside the one that renders"), Field(ge=0, le=100)
    ] = 1
    slots_per_node: Annotated[
        int, Variable("SLOTS_PER_NODE", help="jobs posted to one server at once"), Field(ge=1, le=100)
    ] = 1
    preview_method: Annotated[
        Literal["auto", "latent2rgb", "taesd", "none", "default"],
        Variable("PREVIEW_METHOD", help="how servers draw previews; default: as the server was started"),
    ] = "auto"
    gateway_name: Annotated[
        str,
        Variable("GATEWAY_NAME", help="unique and stable name of this process; default: after the host"),
        Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$", default_factory=_own_name),
    ]
    pool: Annotated[PoolName, Variable("POOL", help="the pool whose jobs this gateway takes")] = DEFAULT_POOL
    job_deadline: Annotated[
        float, Variable("JOB_DEADLINE_SECONDS", help="a job that takes longer is stopped at the node"), Field(gt=0)
    ] = 1800
    lost_grace: Annotated[
        float,
        Variable("LOST_GRACE_SECONDS", help="in neither queue nor history for so long, a job is lost"),
        Field(gt=0),
    ] = 10
    unreachable_grace: Annotated[
        float,
        Variable("UNREACHABLE_GRACE_SECONDS", help="how long jobs wait for a node that does not answer"),
        Field(gt=0),
    ] = 120
    handover_seconds: Annotated[
        float,
        Variable("HANDOVER_SECONDS", help="how long a job waits for a server of the pool that can do it"),
        Field(ge=0),
    ] = 600
    stop_grace: Annotated[
        float,
        Variable("STOP_GRACE_SECONDS", help="how long rendering jobs may go on when the gateway is stopped"),
        Field(ge=0),
    ] = 20
    quarantine_strikes: Annotated[
        int,
        Variable("QUARANTINE_STRIKES", help="failures of its own, none of its jobs done in between, that bar a server"),
        Field(ge=1, le=100),
    ] = 3
    quarantine_window: Annotated[
        float, Variable("QUARANTINE_WINDOW_SECONDS", help="they count within so long"), Field(gt=0)
    ] = 600
    quarantine_pause: Annotated[
        float,
        Variable("QUARANTINE_PAUSE_SECONDS", help="until the first canary; doubled after each that fails"),
        Field(gt=0),
    ] = 10
    quarantine_pause_max: Annotated[
        float, Variable("QUARANTINE_PAUSE_MAX_SECONDS", help="longest pause between two canaries"), Field(gt=0, le=1800)
    ] = 600
    canary_timeout: Annotated[
        float, Variable("CANARY_TIMEOUT_SECONDS", help="a canary that takes longer has failed"), Field(gt=0)
    ] = 60
    image_max_bytes: Annotated[
        int, Variable("IMAGE_MAX_BYTES", help="largest image file that is taken"), Field(gt=0)
    ] = 256 * 1024 * 1024
    image_max_pixels: Annotated[
        int, Variable("IMAGE_MAX_PIXELS", help="largest image that is decoded"), Field(gt=0)
    ] = 300_000_000

    @field_validator("comfyui_base_url")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        addresses = _split(value)
        if not addresses or not all(address.startswith(("http://", "https://")) for address in addresses):
            raise ValueError("give http:// or https:// addresses, separated by commas")
        if len({node_name(address) for address in addresses}) < len(addresses):
            raise ValueError("one server is named twice")
        return value

    @property
    def base_urls(self) -> list[str]:
        return _split(self.comfyui_base_url)


def _split(value: str) -> list[str]:
    return [part.strip().rstrip("/") for part in value.split(",") if part.strip()]
