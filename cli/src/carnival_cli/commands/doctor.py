"""`carnival doctor`"""

from __future__ import annotations

import os
from pathlib import Path

import typer

from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command, running_state
from carnival_cli.doctor.finding import Finding
from carnival_cli.doctor.machine import check_disk, check_programs, check_python
from carnival_cli.exits import Exit
from carnival_cli.output import notice, print_json, say
from carnival_cli.up.layout import Layout


@command
async def doctor(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Check this machine and what runs: each line is in order or says what to do. Exit code 1 for any problem."""
    findings = [check_python(), check_disk(Layout.of(data).data)]
    if not (os.environ.get("NATS_URL", "").strip() and os.environ.get("DATABASE_URL", "").strip()):
        findings.append(check_programs())
    findings += await _running_checks(api, data)
    problems = [finding for finding in findings if not finding.ok]
    if as_json:
        print_json({"ok": not problems, "findings": findings})
    else:
        for finding in findings:
            say(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.check}: {finding.detail}")
            if finding.remedy:
                say(f"         {finding.remedy}")
    if problems:
        notice(f"{len(problems)} of {len(findings)} checks found a problem.")
        raise typer.Exit(Exit.PROBLEM)


async def _running_checks(api: str | None, data: Path) -> list[Finding]:
    """What runs in the data folder; else what the environment names; the API in any case."""
    # Here, because the drivers behind it take longer to import than most commands take to run.
    from carnival.configuration import read_settings
    from carnival.configuration.service import BusSettings
    from carnival_cli.doctor.servers import check_api, check_comfyui, check_log, check_read_model

    state = running_state(data)
    bus = BusSettings(nats_url=state.nats_url) if state else read_settings(BusSettings, os.environ)
    database_url = state.database_url if state else os.environ.get("DATABASE_URL", "").strip()
    comfyui = state.comfyui_base_url if state else os.environ.get("COMFYUI_BASE_URL", "").strip()
    findings: list[Finding] = []
    if state or os.environ.get("NATS_URL", "").strip():
        findings += await check_log(bus, state.nats_monitor_url if state else None)
    if database_url:
        findings.append(check_read_model(database_url))
    if comfyui:
        findings += check_comfyui(comfyui)
    return findings + await check_api(api_address(api, data))
