"""The settings of curation-api, read once by main."""

from __future__ import annotations

from curation_api.settings.issuer import listed, roles_of
from curation_api.settings.service import ApiAuth, Settings

__all__ = ["ApiAuth", "Settings", "listed", "roles_of"]
