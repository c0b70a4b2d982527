"""A hub that other machines reach."""

from __future__ import annotations

import httpx
from fixtures.stack import running_stack


async def test_a_link_signs_in_from_another_machine_where_the_hub_listens_for_them() -> None:
    async with running_stack(API_HOST="0.0.0.0") as stack:
        elsewhere = stack.state()["elsewhere_url"]
        assert stack.state()["api_url"].startswith("http://127.0.0.1:")
        link = (await stack.carnival("sign-in")).strip()
        assert link.startswith(f"{elsewhere}/sign-in?code=")
        async with httpx.AsyncClient(base_url=elsewhere, follow_redirects=True) as browser:
            assert (await browser.get("/api/me")).status_code == 401
            assert str((await browser.get(link)).url) == f"{elsewhere}/"
            assert (await browser.get("/api/me")).json()["role"] == "operator"
