"""The manifests as a cluster gets them, and what they say about containers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

Json = dict[str, Any]
ROOT: Final = Path(__file__).parents[3]
OVERLAYS: Final = ("local", "production")
PODS_OF: Final = frozenset({"Deployment", "StatefulSet", "Job", "CronJob"})
SECRET: Final = "s" * 40


@cache
def rendered(overlay: str) -> tuple[Json, ...]:
    """All objects of an overlay."""
    folder = str(ROOT / "deploy" / "k8s" / "overlays" / overlay)
    kubectl, kustomize = shutil.which("kubectl"), shutil.which("kustomize")
    assert kubectl or kustomize, "kubectl or kustomize must be installed to render the manifests"
    command = [kubectl, "kustomize", folder] if kubectl else [str(kustomize), "build", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return tuple(cast("Iterator[Json]", yaml.safe_load_all(done.stdout)))


@cache
def secrets() -> dict[str, Json]:
    """The secrets of a new installation by name."""
    script = ROOT / "deploy" / "k8s" / "new-secrets.sh"
    done = subprocess.run(["sh", script], capture_output=True, text=True, timeout=10, check=True)
    return {one["metadata"]["name"]: one for one in cast("Iterator[Json]", yaml.safe_load_all(done.stdout))}


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that makes pods."""

    kind: str
    name: str
    spec: Json
    template: Json

    @property
    def pod(self) -> Json:
        return self.template["spec"]

    @property
    def labels(self) -> dict[str, str]:
        return self.template["metadata"]["labels"]

    @property
    def containers(self) -> list[Json]:
        return [*self.pod.get("initContainers", []), *self.pod["containers"]]


def workloads(overlay: str) -> list[Workload]:
    found = [one for one in rendered(overlay) if one["kind"] in PODS_OF]
    return [Workload(one["kind"], one["metadata"]["name"], one["spec"], _template(one["spec"])) for one in found]


def _template(spec: Json) -> Json:
    return spec["template"] if "template" in spec else spec["jobTemplate"]["spec"]["template"]


def of_kind(overlay: str, kind: str) -> list[Json]:
    return [one for one in rendered(overlay) if one["kind"] == kind]


def environment(overlay: str, container: Json) -> dict[str, str]:
    """What a container is given, each secret as forty letters. Everything it refers to must be there."""
    found: dict[str, str] = {}
    for source in container.get("envFrom", []):
        name = source["configMapRef"]["name"]
        found |= next(one["data"] for one in of_kind(overlay, "ConfigMap") if one["metadata"]["name"] == name)
    for entry in container.get("env", []):
        found[entry["name"]] = _value(entry)
    return found


def _value(entry: Json) -> str:
    source = entry.get("valueFrom", {})
    if "fieldRef" in source:
        return "a-pod-0"
    if "secretKeyRef" not in source:
        return str(entry["value"])
    reference = source["secretKeyRef"]
    if not reference.get("optional"):
        assert reference["key"] in secrets()[reference["name"]]["stringData"], entry
    return SECRET


def image_environment(image: str) -> dict[str, str]:
    """What one of our images sets by itself."""
    name = image.split(":")[0].rsplit("/", 1)[1]
    place = next(ROOT.glob(f"**/{name}/Dockerfile"))
    text = place.read_text().replace("\\\n", " ").rsplit("\nFROM ", 1)[1]
    lines = [line.removeprefix("ENV ") for line in text.splitlines() if line.startswith("ENV ")]
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def is_ours(image: str) -> bool:
    return "turbo-carnival/" in image
