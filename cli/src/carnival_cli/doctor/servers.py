"""Checks of what runs: NATS and its stream, Postgres, ComfyUI, the API."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any, Final

import nats
import nats.errors
import psycopg

from carnival.configuration.service import BusSettings
from carnival.contracts.subjects import STREAM
from carnival.log.connection import encryption_of
from carnival.log.errors import LogError, StreamLacksGuarantee
from carnival.log.stream import check_configuration
from carnival_cli.api.connecting import Address, connected
from carnival_cli.comfyui import ComfyUnreachable, look_at
from carnival_cli.doctor.finding import Finding, fine, problem
from carnival_cli.exits import CommandFailed
from carnival_cli.probe import words_of
from carnival_cli.servers.nats import STUCK

SECONDS: Final = 5
LAG_MAX: Final = 1000
START: Final = "Start it with `carnival up`, or see its log (`carnival ps`)."


async def check_log(bus: BusSettings, monitor_url: str | None) -> list[Finding]:
    """NATS answers, the stream promises what the services rely on, no event is missing from it."""
    url = re.sub(r"(?<=://)[^@,]*@", "", bus.nats_url)
    heard: list[Exception] = []

    async def hear(error: Exception) -> None:
        heard.append(error)

    try:
        connection = await nats.connect(
            [part.strip() for part in bus.nats_url.split(",")],
            name="doctor",
            connect_timeout=SECONDS,
            allow_reconnect=False,
            # The client would go on with the first connection for two minutes.
            max_reconnect_attempts=1,
            reconnect_time_wait=0.1,
            error_cb=hear,
            user=bus.nats_user,
            password=bus.nats_password.get_secret_value() if bus.nats_password else None,
            tls=encryption_of(bus),
        )
    except (OSError, nats.errors.Error) as error:
        cause = heard[-1] if heard else error
        return [problem("NATS", f"{url}: {str(cause) or type(cause).__name__}", START)]
    try:
        answer = await connection.request(f"$JS.API.STREAM.INFO.{STREAM}", b"", timeout=SECONDS)
        info: dict[str, Any] = json.loads(answer.data)
    except (OSError, nats.errors.Error) as error:
        return [problem("NATS", f"{url}: JetStream does not answer: {error}", "Switch JetStream on.")]
    finally:
        await connection.close()
    findings = [fine("NATS", url), _stream(info)]
    return findings if monitor_url is None else [*findings, _durability(monitor_url), *_health(monitor_url)]


def _stream(info: dict[str, Any]) -> Finding:
    if "error" in info:
        return problem(
            "Stream", f"{STREAM}: {info['error'].get('description')}", "Any service creates it at its start."
        )
    state = info["state"]
    try:
        check_configuration(info["config"])
    except (StreamLacksGuarantee, LogError) as error:
        return problem("Stream", str(error), "Correct the stream's configuration; no service starts before.")
    held = state["last_seq"] - state["first_seq"] + 1 if state["messages"] else 0
    if state["messages"] != held or state.get("num_deleted"):
        return problem(
            "Stream", f"{held - state['messages']} events are missing", "Restore the log from its mirror or backup."
        )
    return fine("Stream", f"{STREAM} holds {state['messages']} events without a gap, {state['bytes'] / 1024:.0f} kB")


def _durability(monitor_url: str) -> Finding:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{monitor_url}/varz", timeout=SECONDS) as answer:
            config = json.load(answer)["jetstream"]["config"]
    except (OSError, ValueError, KeyError) as error:
        return problem("Durability", f"{monitor_url} does not tell: {error}", START)
    if not config.get("sync_always"):
        return problem(
            "Durability",
            "NATS acknowledges events that are not on disk yet",
            "Set `sync_interval: always` in the jetstream block of its configuration.",
        )
    return fine("Durability", "every acknowledged event is on disk (sync_interval: always)")


def _health(monitor_url: str) -> list[Finding]:
    """A server that runs and takes nothing says so here alone."""
    words = words_of(f"{monitor_url}/healthz")
    if STUCK not in words:
        return []
    return [problem("Log", words, "Make room on its disk; NATS then has to be started again (`carnival up` does it).")]


def check_read_model(url: str) -> Finding:
    try:
        with psycopg.connect(url, connect_timeout=SECONDS) as session:
            version = str(session.info.server_version // 10000)
            row = session.execute("SELECT to_regclass('carnival.checkpoint')").fetchone()
    except psycopg.Error as error:
        return problem("Postgres", str(error).strip(), START)
    if row is None or row[0] is None:
        return problem("Postgres", f"version {version}, without a read model", "Start the projector; it makes one.")
    return fine("Postgres", f"version {version}, the read model is there")


async def check_api(address: Address) -> list[Finding]:
    """The API answers, the read model follows the log, somebody renders, no event was parked."""
    try:
        async with connected(address) as api:
            status = await api.monitoring.status()
    except CommandFailed as error:
        return [problem("API", str(error), START)]
    findings = [fine("API", address.url)]
    if status.lag > LAG_MAX:
        findings.append(problem("Projection", f"{status.lag} events behind", "See the projector's log."))
    else:
        findings.append(fine("Projection", f"{status.lag} events behind, at position {status.projected_position}"))
    if status.parked_events:
        findings.append(
            problem(
                "Parked events", str(status.parked_events), "The log holds events no fold can read; see the runbook."
            )
        )
    nodes = [node for node in status.nodes if node.state in {"ready", "busy"}]
    if nodes:
        findings.append(fine("Nodes", f"{len(nodes)} of {len(status.nodes)} can render"))
    else:
        findings.append(problem("Nodes", "no node can render", "See the gateway's log and check COMFYUI_BASE_URL."))
    return findings


def check_comfyui(urls: str) -> list[Finding]:
    """Each server of a comma-separated list."""
    findings: list[Finding] = []
    for url in (part.strip() for part in urls.split(",") if part.strip()):
        try:
            server = look_at(url)
        except ComfyUnreachable as error:
            findings.append(problem("ComfyUI", str(error), "Start it, or correct COMFYUI_BASE_URL."))
        else:
            findings.append(
                fine("ComfyUI", f"{server.url}, version {server.version}, {len(server.checkpoints)} checkpoints")
            )
    return findings
