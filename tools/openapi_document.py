"""Writes the API's OpenAPI document to the file named: `openapi_document.py openapi.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from curation_api.main import unconnected
from curation_api.settings import Settings

if __name__ == "__main__":
    described = unconnected(
        Settings(nats_url="nats://nowhere", database_url="postgresql://nowhere", image_root="images", service_key="k" * 32)
    )
    Path(sys.argv[1]).write_text(json.dumps(described.openapi(), indent=1) + "\n")
