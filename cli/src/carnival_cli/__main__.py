"""`python -m carnival_cli`"""

from __future__ import annotations

from carnival_cli.main import app

app(prog_name="carnival")
