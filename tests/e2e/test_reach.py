"""A hub that other machines reach."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fixtures.certificates import Authority
from fixtures.stack import running_stack


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_link_signs_in_from_another_machine_where_the_hub_listens_for_them(scheme: str, tmp_path: Path) -> None:
    settings = {"API_HOST": "0.0.0.0"}
    if scheme == "https":
        own = Authority(tmp_path).certificate("curation-api")
        settings |= {"API_CERT_FILE": str(own.file), "API_KEY_FILE": str(own.key)}
    async with running_stack(**settings) as stack:
        elsewhere = stack.state()["elsewhere_url"]
        assert stack.state()["api_url"].startswith(f"{scheme}://127.0.0.1:")
        link = (await stack.carnival("sign-in")).strip()
        assert link.startswith(f"{elsewhere}/sign-in?code=")
        if scheme == "https":
            unknown = stack.state()["api_url"].replace("127.0.0.1", "localhost")
            await stack.carnival("status", "--api", unknown, expected=3)
        verify = scheme == "http"  # The certificate names this machine by another name.
        async with httpx.AsyncClient(base_url=elsewhere, follow_redirects=True, verify=verify) as browser:
            assert (await browser.get("/api/me")).status_code == 401
            assert str((await browser.get(link)).url) == f"{elsewhere}/"
            assert (await browser.get("/api/me")).json()["role"] == "operator"
