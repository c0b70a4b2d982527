"""The account Postgres runs under when everything else runs as root, which Postgres refuses."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ACCOUNT_NAME: Final = "pgserver"
CREATE_TRIES: Final = 20
CREATE_PAUSE_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int


def unprivileged_account() -> Account | None:
    """None when this process is not root: then Postgres runs as the same user.

    As root: the user `pgserver`, created on first use; on a system without useradd the user `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if not _exists(ACCOUNT_NAME) and shutil.which("useradd"):
        _create(ACCOUNT_NAME)
    entry = pwd.getpwnam(ACCOUNT_NAME if _exists(ACCOUNT_NAME) else "nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def hand_over(folder: Path, account: Account) -> None:
    """Make `folder` and all in it the account's own, and reachable from the root of the file system."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    make_reachable(folder)


def make_reachable(path: Path) -> None:
    """Let everybody pass through the folders above `path` (not list them). Folders that allow it stay untouched."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def make_readable(folder: Path) -> None:
    """Let everybody read and run what lies in `folder`: an installation under a strict umask is closed to others."""
    make_reachable(folder)
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _create(name: str) -> None:
    """useradd fails while another process holds the lock of the password file, so a few tries are made."""
    for _ in range(CREATE_TRIES):
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", name], check=False, capture_output=True
        )
        if _exists(name):
            return
        time.sleep(CREATE_PAUSE_SECONDS)
