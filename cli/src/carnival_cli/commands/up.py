"""`carnival up` and `carnival down`."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Annotated, Final

import typer

from carnival_cli.api.connecting import Address
from carnival_cli.api.errors import ApiRefused
from carnival_cli.comfyui import ComfyUnreachable, look_at
from carnival_cli.commands.edge import DEFAULT_DATA, AsJson, Data, command, running_state
from carnival_cli.commands.sign_in import sign_in_link
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import notice, plain, print_json, say
from carnival_cli.up.credentials import read_operator_token
from carnival_cli.up.layout import Layout
from carnival_cli.up.lock import holder_of
from carnival_cli.up.plan import Plan

DOWN_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.1

ApiPort = Annotated[
    int | None,
    typer.Option("--api-port", min=0, max=65535, help="Port of the API; 0: any free one. [default: 8000 if free]"),
]


@command
async def up(data: Data = DEFAULT_DATA, api_port: ApiPort = None, as_json: AsJson = False) -> None:
    """Start everything on this machine; Ctrl-C ends it.

    NATS, Postgres and a stand-in for ComfyUI are started too, each unless NATS_URL, DATABASE_URL or COMFYUI_BASE_URL
    names one. Only this machine reaches it, unless API_HOST is 0.0.0.0 or an address of its network. Exit code 6: it
    runs in this data folder already.
    """
    # Here, because the drivers behind it take longer to import than most commands take to run.
    from carnival_cli.up.running import carnival_running

    report = notice if as_json else say
    async with carnival_running(Layout.of(data), api_port=api_port, report=report) as (supervisor, ended):
        link = await _sign_in_link(supervisor.plan)
        if as_json:
            print_json({**plain(supervisor.state()), "sign_in_url": link})
        else:
            await _tell(supervisor.plan, link)
        await ended.wait()


@command
def down(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """End what `carnival up` started in this data folder, in order."""
    layout = Layout.of(data)
    pid = holder_of(layout)
    if pid is None:
        _answer(f"Nothing runs in {layout.data}.", ended=False, as_json=as_json)
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_SECONDS
    while holder_of(layout) == pid:
        if time.monotonic() > deadline:
            raise CommandFailed(f"Process {pid} has not ended after {DOWN_SECONDS:.0f} s.", Exit.TIMEOUT)
        time.sleep(POLL_SECONDS)
    _answer(f"What ran in {layout.data} has ended.", ended=True, as_json=as_json)


@command
def processes(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show the processes that `carnival up` keeps running in this data folder."""
    state = running_state(data)
    if state is None:
        raise CommandFailed(f"Nothing runs in {Layout.of(data).data}.", Exit.UNREACHABLE)
    if as_json:
        print_json(state)
        return
    for name, process in state.processes.items():
        say(f"{name:14} {process.state:9} pid {process.pid or '-':<8} port {process.port:<6} {process.log}")


async def _sign_in_link(plan: Plan) -> str | None:
    """A link for the browser; None where there is nothing to sign in to, or nothing to sign in with."""
    try:
        address = Address(plan.api_url, read_operator_token(plan.layout), certificate=plan.api_certificate)
        return await sign_in_link(address, plan.elsewhere_url)
    except ApiRefused as refusal:
        notice(f"No sign-in link: {refusal}. Without {plan.layout.operator_token} the next start makes a new token.")
        return None


async def _tell(plan: Plan, link: str | None) -> None:
    say(f"Carnival is ready: {plan.api_url}")
    if plan.elsewhere_url:
        trust = " over plain http, for networks you trust" if plan.elsewhere_url.startswith("http:") else ""
        say(f"Other machines reach it at {plan.elsewhere_url}{trust}.")
    if link:
        say(f"Sign your browser in, once, within ten minutes: {link}")
    if plan.uses_stub:
        say("Images come from the stand-in for ComfyUI; set COMFYUI_BASE_URL to use a real one.")
    else:
        for url in plan.comfyui_base_url.split(","):
            say(await asyncio.to_thread(_sentence_about, url.strip()))
    say(f"Data is in {plan.layout.data}. Ctrl-C ends everything.")


def _sentence_about(url: str) -> str:
    """A server that is away holds up nobody: its gateway waits for it."""
    try:
        return f"Images come from ComfyUI {look_at(url).version} at {url}."
    except ComfyUnreachable:
        return f"ComfyUI at {url} does not answer yet; jobs wait until it does."


def _answer(sentence: str, *, ended: bool, as_json: bool) -> None:
    if as_json:
        print_json({"ended": ended, "message": sentence})
    else:
        say(sentence)
