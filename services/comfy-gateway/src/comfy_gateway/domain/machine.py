"""What a server says about itself in /system_stats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from carnival.contracts.notices import Device
from comfy_gateway.domain.loose_json import Json, mapping, number, sequence, text

NAME_MAX: Final = 80
DEVICES_MAX: Final = 16


@dataclass(frozen=True, slots=True)
class Machine:
    """The version of ComfyUI and what it renders on. Memory is that of the machine, in bytes."""

    version: str = ""
    devices: tuple[Device, ...] = ()
    memory_total: int = 0
    memory_free: int = 0

    @property
    def memory(self) -> int:
        """What its largest device has, in bytes; a job runs on one. 0: it does not say."""
        return memory_of(self.devices)


def memory_of(devices: Sequence[Device]) -> int:
    return max((device.memory_total for device in devices), default=0)


def machine_of(answer: object) -> Machine:
    """Its /system_stats, whatever they hold."""
    stats = mapping(answer)
    system = mapping(stats.get("system"))
    return Machine(
        version=text(system.get("comfyui_version"))[:40],
        devices=tuple(_device(device) for device in sequence(stats.get("devices"))[:DEVICES_MAX]),
        memory_total=_bytes(system.get("ram_total")),
        memory_free=_bytes(system.get("ram_free")),
    )


def _device(answer: Json) -> Device:
    device = mapping(answer)
    return Device(
        name=text(device.get("name"))[:NAME_MAX],
        type=text(device.get("type"))[:NAME_MAX],
        memory_total=_bytes(device.get("vram_total")),
        memory_free=_bytes(device.get("vram_free")),
    )


def _bytes(value: Json) -> int:
    return max(0, int(number(value) or 0))
