"""deploy/k8s fits the code and Kubernetes: kinds, variables, ports, probes, rights, who reaches whom."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

import kubernetes_validate
import pytest
from contract.house.manifests import (
    OVERLAYS,
    ROOT,
    Json,
    Workload,
    environment,
    image_environment,
    is_ours,
    of_kind,
    rendered,
    secrets,
    workloads,
)
from pydantic import BaseModel
from starlette.routing import Route

from carnival.configuration import read_settings
from carnival.configuration.reading import variables_of
from carnival.configuration.service import BusSettings, ImageStoreSettings
from carnival.health import health_app
from carnival.telemetry.catalogue.selector import JOBS_RUNNABLE
from comfy_gateway.settings import GatewaySettings
from curation_api.settings import Settings as ApiSettings
from projector.settings import Settings as ProjectorSettings
from selector.settings import Settings as SelectorSettings


class BackupSettings(BusSettings, ImageStoreSettings):
    """What `carnival backup` reads from the environment."""


SETTINGS: Final[dict[str, type[BaseModel]]] = {
    "backup": BackupSettings,
    "projector": ProjectorSettings,
    "setup": ProjectorSettings,
    "selector": SelectorSettings,
    "comfy-gateway": GatewaySettings,
    "curation-api": ApiSettings,
}
OPERATORS_KINDS: Final = {
    *("ScaledObject", "TriggerAuthentication", "Cluster", "Issuer", "Certificate", "PodMonitor", "PrometheusRule"),
}
VERSIONS: Final = ("1.35", "1.36", "1.37")
ALL_PODS: Final = [(overlay, workload) for overlay in OVERLAYS for workload in workloads(overlay)]
OURS: Final = [
    (overlay, container)
    for overlay, workload in ALL_PODS
    for container in workload.containers
    if container["name"] in SETTINGS
]
GATEWAYS: Final = [(overlay, one) for overlay, one in ALL_PODS if one.name.startswith("comfy-gateway-")]


def named(pair: object) -> str:
    return pair if isinstance(pair, str) else pair.name if isinstance(pair, Workload) else str(pair["name"])  # pyright: ignore


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_version_of_kubernetes_knows_all_that_is_said(overlay: str, version: str) -> None:
    for one in (*rendered(overlay), *secrets().values()):
        if one["kind"] not in OPERATORS_KINDS:
            kubernetes_validate.validate(one, version, strict=True)


def test_production_has_all_parts_and_a_laptop_needs_no_operators() -> None:
    kinds = {one["kind"] for one in rendered("production")}
    assert kinds > OPERATORS_KINDS | {
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "NetworkPolicy",
        "Job",
        "CronJob",
        "Ingress",
    }
    assert not OPERATORS_KINDS & {one["kind"] for one in rendered("local")}


@pytest.mark.parametrize(("overlay", "container"), OURS, ids=named)
def test_a_service_knows_its_variables_and_starts_with_them(overlay: str, container: Json) -> None:
    settings, given = SETTINGS[container["name"]], environment(overlay, container)
    known = {variable.name for variable in variables_of(settings).values()}
    of_postgres = {"PGSSLMODE", "PGSSLROOTCERT"}
    alike = {"LOG_LEVEL", "NATS_URL", "IMAGE_ROOT", "IMAGE_STORE", "AWS_REGION", "OTEL_EXPORTER_OTLP_ENDPOINT"}
    assert set(given) - alike - of_postgres <= known
    files = {name: __file__ for name in given if name.endswith("_FILE")}
    read_settings(settings, image_environment(container["image"]) | given | files)


@pytest.mark.parametrize(("overlay", "container"), OURS, ids=named)
def test_each_goes_to_the_bus_as_a_user_of_its_own(overlay: str, container: Json) -> None:
    user = "operator" if container["name"] in {"setup", "backup"} else container["name"]
    assert environment(overlay, container)["NATS_USER"] == user
    password = next(entry for entry in container["env"] if entry["name"] == "NATS_PASSWORD")
    assert password["valueFrom"]["secretKeyRef"] == {"name": "carnival-bus", "key": user}


@pytest.mark.parametrize(("overlay", "container"), OURS, ids=named)
def test_each_goes_to_the_database_in_a_role_that_may_just_do_its_work(overlay: str, container: Json) -> None:
    role = {"setup": "projector", "projector": "projector", "selector": "selector", "curation-api": "api"}.get(
        container["name"]
    )
    given = [entry["valueFrom"]["secretKeyRef"] for entry in container["env"] if entry["name"] == "DATABASE_URL"]
    assert given == ([{"name": "carnival-database", "key": f"{role}-url"}] if role else [])
    if role:
        assert secrets()["carnival-database"]["stringData"][f"{role}-url"].startswith(f"postgresql://carnival_{role}:")
        assert f"ALTER ROLE carnival_{role} PASSWORD" in (ROOT / "deploy" / "postgres" / "roles.sql").read_text()


@pytest.mark.parametrize(("overlay", "workload"), ALL_PODS, ids=named)
def test_lines_to_the_bus_and_the_database_are_encrypted_in_production(overlay: str, workload: Workload) -> None:
    container = workload.containers[-1]
    given, mounts = (
        environment(overlay, container),
        {one["mountPath"]: one["name"] for one in container["volumeMounts"]},
    )
    secret = {one["name"]: one["secret"] for one in workload.pod["volumes"] if "secret" in one}
    used = {"NATS_CA_FILE", "NATS_CERT_FILE", "NATS_KEY_FILE"} if "NATS_USER" in given else set[str]()
    used |= {"PGSSLROOTCERT"} if "DATABASE_URL" in given else set[str]()
    assert (used <= given.keys()) == (overlay == "production" or not used)
    signed = {"postgres-ca", *(one["spec"]["secretName"] for one in of_kind(overlay, "Certificate"))}
    for file in (Path(given[name]) for name in used & given.keys()):
        source = secret[mounts[str(file.parent)]]
        assert source["secretName"] in signed
        assert file.name in {"ca.crt", "tls.crt", "tls.key"}
    assert given.get("NATS_URL", "").startswith("tls:") == ("NATS_CA_FILE" in given)
    assert given.get("PGSSLMODE", "verify-full") == "verify-full"


def test_the_bus_is_told_the_password_of_each_of_its_users() -> None:
    users = re.findall(r"\{ user: ([a-z-]+), password: \$(\w+)", (ROOT / "deploy" / "nats" / "users.conf").read_text())
    for overlay in OVERLAYS:
        nats = next(one for one in workloads(overlay) if one.name == "nats").containers[0]
        told = {entry["name"]: entry.get("valueFrom", {}).get("secretKeyRef") for entry in nats["env"]}
        assert all(told[variable] == {"name": "carnival-bus", "key": user} for user, variable in users)


@pytest.mark.parametrize(("overlay", "workload"), ALL_PODS, ids=named)
def test_a_pod_may_do_no_more_than_it_must(overlay: str, workload: Workload) -> None:
    security = workload.pod["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert workload.pod["automountServiceAccountToken"] is False
    for container in workload.containers:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]
    enforced = of_kind(overlay, "Namespace")[0]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
    assert enforced == "restricted"


@pytest.mark.parametrize(("overlay", "workload"), ALL_PODS, ids=named)
def test_images_have_one_version_and_a_user_that_is_theirs(overlay: str, workload: Workload) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for container in workload.containers:
        name, _, tag = container["image"].rpartition(":")
        assert name, container["image"]
        if is_ours(name):
            assert tag == version
            assert workload.pod["securityContext"]["runAsUser"] == 10001


@pytest.mark.parametrize(
    ("overlay", "workload"), [pair for pair in ALL_PODS if not pair[1].kind.endswith("Job")], ids=named
)
def test_what_serves_is_asked_whether_it_started_lives_and_is_ready(overlay: str, workload: Workload) -> None:
    paths = {route.path for route in health_app({}).routes if isinstance(route, Route)}
    for container in workload.pod["containers"]:
        probes = {kind: container[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")}
        if not is_ours(container["image"]):
            continue
        variables = image_environment(container["image"])
        ports = {one["name"]: str(one["containerPort"]) for one in container["ports"]}
        asked = {kind: probe["httpGet"] for kind, probe in probes.items()}
        assert {probe["path"] for probe in asked.values()} <= paths
        assert asked["readiness"]["path"] != asked["liveness"]["path"]
        own = variables["API_PORT"] if container["name"] == "curation-api" else variables["HEALTH_PORT"]
        assert {ports[probe["port"]] for probe in asked.values()} == {own}
        assert ports["health"] == variables["HEALTH_PORT"]
        assert workload.template["metadata"]["annotations"]["prometheus.io/port"] == variables["HEALTH_PORT"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_service_leads_to_a_port_that_somebody_has(overlay: str) -> None:
    for service in of_kind(overlay, "Service"):
        wanted = set(service["spec"]["selector"].items())
        pods = [one for one in workloads(overlay) if wanted <= set(one.labels.items())]
        assert pods, service["metadata"]["name"]
        names = {port["name"] for pod in pods for one in pod.containers for port in one.get("ports", [])}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= names


@pytest.mark.parametrize(("overlay", "workload"), GATEWAYS, ids=named)
def test_only_the_gateway_reaches_comfyui(overlay: str, workload: Workload) -> None:
    comfyui, gateway = workload.containers
    assert comfyui["restartPolicy"] == "Always", "a sidecar ends after the gateway"
    said = [*(comfyui.get("command") or []), *environment(overlay, comfyui).values()]
    assert "127.0.0.1" in said
    assert "ports" not in comfyui
    assert environment(overlay, gateway)["COMFYUI_BASE_URL"] == "http://127.0.0.1:8188"
    opened = {
        port["port"]
        for policy in of_kind(overlay, "NetworkPolicy")
        for rule in policy["spec"].get("ingress", [])
        for port in rule["ports"]
    }
    assert 8188 not in opened


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_no_policy_allows_is_denied(overlay: str) -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in of_kind(overlay, "NetworkPolicy")}
    assert policies["default-deny"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for spec in policies.values():
        assert all(rule.get("ports") for rule in [*spec.get("ingress", []), *spec.get("egress", [])])
    for workload in workloads(overlay):
        names = {entry["name"] for one in workload.containers for entry in one.get("env", [])}
        assert ("DATABASE_URL" in names) == (workload.labels.get("carnival/read-model") == "client")
        assert ("NATS_USER" in names) == (workload.labels.get("carnival/bus") == "client")


@pytest.mark.parametrize(("overlay", "workload"), GATEWAYS, ids=named)
def test_a_gateway_that_is_told_to_go_has_the_time_to_finish(overlay: str, workload: Workload) -> None:
    grace = float(environment(overlay, workload.containers[1])["STOP_GRACE_SECONDS"])
    assert workload.pod["terminationGracePeriodSeconds"] > grace
    assert workload.spec["strategy"]["rollingUpdate"]["maxSurge"] == 0


def test_each_pool_has_gateways_that_come_with_its_own_jobs() -> None:
    users = (ROOT / "deploy" / "nats" / "users.conf").read_text()
    scalers = {one["spec"]["scaleTargetRef"]["name"]: one["spec"] for one in of_kind("production", "ScaledObject")}
    pools = [one for overlay, one in GATEWAYS if overlay == "production"]
    assert len(pools) == len(scalers) == 2
    for workload in pools:
        pool = environment("production", workload.containers[1])["POOL"]
        runnable, waiting = scalers[workload.name]["triggers"]
        assert workload.name == f"comfy-gateway-{pool}"
        assert scalers[workload.name]["minReplicaCount"] == 0
        assert runnable["metadata"]["query"] == f'max({JOBS_RUNNABLE.name.replace(".", "_")}{{pool="{pool}"}})'
        assert f"pool = '{pool}'" in waiting["metadata"]["query"]
        assert f"JobRequested.{pool}" in users
        assert workload.labels["carnival/pool"] == workload.spec["selector"]["matchLabels"]["carnival/pool"] == pool


def test_what_must_not_be_away_is_there_more_than_once() -> None:
    replicas = {one.name: one.spec.get("replicas") for one in workloads("production")}
    scaled = of_kind("production", "HorizontalPodAutoscaler")[0]["spec"]
    budgets = {one["metadata"]["name"] for one in of_kind("production", "PodDisruptionBudget")}
    assert (replicas["projector"], replicas["selector"], scaled["minReplicas"]) == (2, 2, 2)
    assert {"nats", "projector", "selector", "curation-api", "comfy-gateway-default", "comfy-gateway-large"} <= budgets


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_log_has_as_many_copies_as_there_are_servers_and_each_keeps_it(overlay: str) -> None:
    pods = {one.name: one for one in workloads(overlay)}
    configuration = next(one["data"] for one in of_kind(overlay, "ConfigMap") if "server.conf" in one["data"])
    servers, args = pods["nats"].spec["replicas"], pods["nats"].containers[0]["args"]
    file = args[1].removeprefix("/etc/nats/")
    assert str(servers) == environment(overlay, pods["setup"].containers[0])["LOG_REPLICAS"]
    assert "sync_interval: always" in configuration["server.conf"]
    said = with_includes(configuration, file)
    assert said.count("store_dir: /data") == 1
    assert said.count('cert_file: "/certificates/tls.crt"') == (2 if overlay == "production" else 0)
    assert len(re.findall(r"nats://nats-\d\.nats-servers:6222", said)) == (servers if servers > 1 else 0)
    assert pods["nats"].spec["volumeClaimTemplates"][0]["metadata"]["name"] == "log"


def with_includes(configuration: Json, file: str) -> str:
    """A configuration of NATS as its server reads it."""
    return re.sub(r'include "([^"]+)"', lambda found: with_includes(configuration, found[1]), configuration[file])


def test_metrics_are_scraped_and_traces_handed_on() -> None:
    pods = [one for one in workloads("production") if one.labels.get("carnival/bus") == "client"]
    scraped = of_kind("production", "PodMonitor")[0]["spec"]
    assert scraped["selector"]["matchLabels"] == {"carnival/bus": "client"}
    endpoint = scraped["podMetricsEndpoints"][0]
    serving = [one for one in pods if not one.kind.endswith("Job")]
    assert all(endpoint["port"] in {port["name"] for port in one.containers[-1]["ports"]} for one in serving)
    collector = next(one for one in workloads("production") if one.name == "collector").containers[0]
    port = collector["ports"][0]["containerPort"]
    assert {environment("production", one.containers[-1])["OTEL_EXPORTER_OTLP_ENDPOINT"] for one in pods} == {
        f"http://collector:{port}"
    }
    assert f":{port}" in next(
        one["data"]["config.yaml"] for one in of_kind("production", "ConfigMap") if "config.yaml" in one["data"]
    )
