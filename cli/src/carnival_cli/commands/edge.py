"""The one place where errors become sentences and exit codes, and the options that commands share."""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, ParamSpec

import typer

from carnival_cli.api.connecting import Address, user_of_this_machine
from carnival_cli.exits import INTERRUPTED, CommandFailed, Exit, Interrupted
from carnival_cli.output import notice, print_json
from carnival_cli.up.credentials import read_operator_token
from carnival_cli.up.layout import DEFAULT_API_PORT, Layout
from carnival_cli.up.lock import holder_of
from carnival_cli.up.state import UpState, read_state

P = ParamSpec("P")

DEFAULT_DATA: Final = Path(".carnival")
DEFAULT_API: Final = f"http://127.0.0.1:{DEFAULT_API_PORT}"
TOKEN_VARIABLE: Final = "CARNIVAL_TOKEN"  # noqa: S105 - its name, not its value

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Data = Annotated[Path, typer.Option("--data", envvar="CARNIVAL_DATA", help="Data folder of `carnival up`.")]
Api = Annotated[
    str | None,
    typer.Option("--api", envvar="CARNIVAL_API", help="Address of the API; default: what runs in --data."),
]


def command(function: Callable[P, Coroutine[Any, Any, None] | None]) -> Callable[P, None]:
    """Runs a command function, also a coroutine function, and turns what it raises into an exit code."""

    @functools.wraps(function)
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            work = function(*args, **kwargs)
            if inspect.iscoroutine(work):
                asyncio.run(work)
        except CommandFailed as error:
            raise _told(error, as_json=bool(kwargs.get("as_json"))) from error
        except TimeoutError as error:
            over = CommandFailed(f"Gave up waiting: {str(error) or 'the time is over'}.", Exit.TIMEOUT)
            raise _told(over, as_json=bool(kwargs.get("as_json"))) from error
        except (KeyboardInterrupt, Interrupted) as error:
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:
            # Whoever read our output has seen enough. Nothing may write to it again, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise typer.Exit(Exit.OK) from error

    return carried_out


def _told(error: CommandFailed, *, as_json: bool) -> typer.Exit:
    """A problem as a sentence on stderr, with --json as a document on stdout; and the exit it leads to."""
    if as_json:
        print_json({"error": str(error), "exit_code": int(error.code)})
    else:
        notice(str(error))
    return typer.Exit(error.code)


def running_state(data: Path) -> UpState | None:
    """What runs in this data folder now."""
    layout = Layout.of(data)
    return read_state(layout) if holder_of(layout) else None


def api_address(api: str | None, data: Path = DEFAULT_DATA) -> Address:
    """The address given, else that of what runs in `data`, else the default one; with the token that opens it.

    The token is that of CARNIVAL_TOKEN; else, for what runs in `data` and nothing else, the one kept there.
    """
    state = running_state(data)
    url = api.rstrip("/") if api else state.api_url if state else DEFAULT_API
    own = state if state and state.api_url == url else None
    certificate = own.api_certificate if own else None
    if given := os.environ.get(TOKEN_VARIABLE, "").strip():
        return Address(url, given, certificate=certificate)
    kept = read_operator_token(Layout.of(data)) if own else None
    return Address(url, kept, user_of_this_machine(), certificate)


def required_state(data: Path) -> UpState:
    """Raises CommandFailed when nothing runs in `data`."""
    state = running_state(data)
    if state is None:
        raise CommandFailed(f"Nothing runs in {Layout.of(data).data}. Start it with `carnival up`.", Exit.UNREACHABLE)
    return state
