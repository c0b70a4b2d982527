"""Which programs run, on which ports, with which environment. Decides only; starts nothing.

What the environment names (NATS_URL, DATABASE_URL, COMFYUI_BASE_URL) is used as it is and not started here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final

from carnival_cli.child import module_program
from carnival_cli.probe import answers
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import LOOPBACK
from carnival_cli.servers.postgres import PostgresServer
from carnival_cli.up.credentials import LocalCredentials
from carnival_cli.up.layout import Layout
from carnival_cli.up.part import Part, Stage
from carnival_cli.up.reach import api_host, url_elsewhere, url_here
from carnival_cli.up.ways import users_of_bus, way_of_operator, way_to_bus, way_to_database

NATS: Final = "nats"
POSTGRES: Final = "postgres"
STUB: Final = "comfy-stub"
PROJECTOR: Final = "projector"
SELECTOR: Final = "selector"
GATEWAY: Final = "comfy-gateway"
API: Final = "curation-api"
STOP_GRACE_SECONDS: Final = "5"
ISSUER_SECRET: Final = "OIDC_CLIENT_SECRET"  # noqa: S105 - its name, not its value
CERTIFICATE: Final = ("API_CERT_FILE", "API_KEY_FILE")
SECRETS: Final = frozenset({"OPERATOR_TOKEN", "SERVICE_KEY", "CARNIVAL_TOKEN", "NATS_PASSWORD", ISSUER_SECRET})


@dataclass(frozen=True, slots=True)
class Ports:
    """One port each; they stay the same when a program is started again."""

    nats: int
    nats_monitor: int
    postgres: int
    stub: int
    projector: int
    selector: int
    gateway: int
    api_health: int
    api: int

    @staticmethod
    def chosen(choose: Callable[[], int], api: int) -> Ports:
        """All but `api` from `choose`. Two equal answers of it are asked again."""
        taken = {api}
        while len(taken) < len(fields(Ports)):
            taken.add(choose())
        free = sorted(taken - {api})
        names = [one.name for one in fields(Ports) if one.name != "api"]
        return Ports(**dict(zip(names, free, strict=True)), api=api)


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts in the order of their start, and the addresses under which they find one another.

    `nats_url` and `database_url` are the operator's, who may do everything where the servers are our own. `api_url` is
    for this machine, `elsewhere_url` for others, if they reach it at all.
    """

    parts: tuple[Part, ...]
    layout: Layout
    nats_url: str
    database_url: str
    comfyui_base_url: str
    image_root: Path
    api_url: str
    elsewhere_url: str | None
    api_certificate: Path | None
    monitor_url: str | None
    metrics_urls: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def uses_stub(self) -> bool:
        return any(part.name == STUB for part in self.parts)


def make_plan(
    layout: Layout,
    ports: Ports,
    environ: Mapping[str, str],
    credentials: LocalCredentials,
    stub_seconds: float | None = None,
) -> Plan:
    """`stub_seconds`: seconds the stand-in takes for one image; None leaves it to the environment."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    nats = NatsServer(layout.nats, ports.nats, ports.nats_monitor, blocks=users_of_bus(given, credentials))
    postgres = PostgresServer(layout.postgres, ports.postgres)
    comfyui = given.get("COMFYUI_BASE_URL", f"http://{LOOPBACK}:{ports.stub}")
    image_root = Path(given.get("IMAGE_ROOT", str(layout.images))).absolute()
    shared = _environment(environ) | {
        "IMAGE_ROOT": str(image_root),
        "COMFYUI_BASE_URL": comfyui,
        "HEALTH_HOST": LOOPBACK,
        "STOP_GRACE_SECONDS": given.get("STOP_GRACE_SECONDS", STOP_GRACE_SECONDS),
    }
    servers: list[Part] = []
    if "NATS_URL" not in given:
        servers.append(Part(NATS, Stage.SERVERS, ports.nats, nats.prepare, nats.is_ready, nats.is_stuck))
    if "DATABASE_URL" not in given:
        servers.append(Part(POSTGRES, Stage.SERVERS, ports.postgres, postgres.prepare, postgres.is_ready))
    if "COMFYUI_BASE_URL" not in given:
        servers.append(_stub(layout, ports.stub, _environment(environ), stub_seconds))
    environment_of = {
        service: shared | way_to_bus(service, nats, given, credentials) | way_to_database(service, postgres, given)
        for service in (PROJECTOR, SELECTOR, GATEWAY, API)
    }
    services = (
        _service(layout, PROJECTOR, Stage.PROJECTION, ports.projector, environment_of[PROJECTOR]),
        _service(layout, SELECTOR, Stage.WORK, ports.selector, environment_of[SELECTOR]),
        _service(layout, GATEWAY, Stage.WORK, ports.gateway, environment_of[GATEWAY]),
        _api(layout, ports, environment_of[API] | {ISSUER_SECRET: given.get(ISSUER_SECRET, "")}, credentials),
    )
    own_bus = "NATS_URL" not in given
    return Plan(
        parts=(*servers, *services),
        layout=layout,
        nats_url=way_of_operator(nats, credentials) if own_bus else given["NATS_URL"],
        database_url=given.get("DATABASE_URL", postgres.url),
        comfyui_base_url=comfyui,
        image_root=image_root,
        api_url=url_here(environ, ports.api),
        elsewhere_url=url_elsewhere(environ, ports.api),
        api_certificate=Path(given["API_CERT_FILE"]).absolute() if "API_CERT_FILE" in given else None,
        monitor_url=f"http://{LOOPBACK}:{ports.nats_monitor}" if own_bus else None,
        metrics_urls=_metrics_urls(ports),
    )


def _metrics_urls(ports: Ports) -> dict[str, str]:
    """Where Prometheus may ask each service."""
    health = {PROJECTOR: ports.projector, SELECTOR: ports.selector, GATEWAY: ports.gateway, API: ports.api_health}
    return {name: f"http://{LOOPBACK}:{port}/metrics" for name, port in health.items()}


def _service(layout: Layout, name: str, stage: Stage, port: int, shared: Mapping[str, str]) -> Part:
    program = module_program(layout.data, name.replace("-", "_"), {**shared, "HEALTH_PORT": str(port)})
    return Part(name, stage, port, lambda: program, answers(f"http://{LOOPBACK}:{port}/health/ready"))


def _api(layout: Layout, ports: Ports, shared: Mapping[str, str], credentials: LocalCredentials) -> Part:
    environment = {
        **shared,
        "API_HOST": api_host(shared),
        **{name: str(Path(shared[name]).absolute()) for name in CERTIFICATE if shared.get(name, "").strip()},
        "API_PORT": str(ports.api),
        "HEALTH_PORT": str(ports.api_health),
        "OPERATOR_TOKEN": credentials.operator_token,
        "SERVICE_KEY": credentials.service_key,
    }
    program = module_program(layout.data, API.replace("-", "_"), environment)
    return Part(API, Stage.WORK, ports.api, lambda: program, answers(f"{url_here(shared, ports.api)}/health/ready"))


def _stub(layout: Layout, port: int, environment: Mapping[str, str], seconds: float | None) -> Part:
    arguments = ["--host", LOOPBACK, "--port", str(port), "--data", str(layout.stub)]
    if seconds is not None:
        arguments += ["--seconds-per-image", str(seconds)]
    program = module_program(layout.data, STUB.replace("-", "_"), environment, *arguments)
    return Part(STUB, Stage.SERVERS, port, lambda: program, answers(f"http://{LOOPBACK}:{port}/system_stats"))


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without secrets; a proxy is never asked for what runs on this machine."""
    spared = [part for part in (environ.get("NO_PROXY", ""), environ.get("no_proxy", "")) if part]
    no_proxy = ",".join([*spared, LOOPBACK, "localhost"])
    open_part = {name: value for name, value in environ.items() if name not in SECRETS}
    return {**open_part, "NO_PROXY": no_proxy, "no_proxy": no_proxy}
