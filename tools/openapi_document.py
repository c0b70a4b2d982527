"""Writes the API's OpenAPI document to the file named: `openapi_document.py openapi.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import SecretStr

from curation_api.main import unconnected
from curation_api.settings import Settings

DESCRIBED = Settings(
    nats_url="nats://nowhere",
    database_url="postgresql://nowhere",
    image_root="images",
    service_key=SecretStr("of nobody, since it never answers"),
)

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(unconnected(DESCRIBED).openapi(), indent=1) + "\n")
