"""Where things lie below one data folder, and where the API answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEFAULT_API_PORT: Final = 8000


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of one installation on one machine. `data` is absolute."""

    data: Path

    @staticmethod
    def of(folder: Path) -> Layout:
        return Layout(folder.expanduser().absolute())

    @property
    def nats(self) -> Path:
        return self.data / "nats"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def images(self) -> Path:
        return self.data / "images"

    @property
    def stub(self) -> Path:
        return self.data / "stub"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def lock(self) -> Path:
        return self.data / "up.lock"

    @property
    def operator_token(self) -> Path:
        return self.data / "operator-token"

    @property
    def service_key(self) -> Path:
        return self.data / "service-key"

    @property
    def state(self) -> Path:
        return self.data / "up.json"

    def log_of(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    def create(self) -> None:
        """Make the folders that are written to directly; each server makes its own."""
        for folder in (self.data, self.images, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
