"""Names the fixture plugins, nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = (
    "fixtures.made_up_cases",
    "fixtures.servers",
    "fixtures.nats",
    "fixtures.postgres",
    "fixtures.s3",
    "fixtures.mortal",
)
