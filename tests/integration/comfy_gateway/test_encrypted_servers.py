"""A ComfyUI server behind https, trusted by setting."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.certificates import Authority
from fixtures.encrypted import encrypted_front
from integration.comfy_gateway.rig import Rig

from carnival.contracts.job import ImageProduced
from comfy_gateway.adapters.comfy_http import HttpComfyServer
from comfy_gateway.adapters.trust import trust_of
from comfy_gateway.application.ports import ComfyUnreachable


async def test_a_server_has_to_prove_who_it_is(rig: Rig, tmp_path: Path) -> None:
    authority, stranger = Authority(tmp_path), Authority(tmp_path, "stranger")
    await rig.start_run()
    await rig.request(parent=await rig.parent(), step_order=2)
    async with encrypted_front(rig.stub.port, authority.certificate("comfyui")) as front:
        url = f"https://127.0.0.1:{front}"
        async with rig.gateway(comfyui_base_url=url, comfyui_ca_file=authority.file) as gateway:
            await rig.until_acknowledged()
            assert gateway.nodes[0].hints.frames > 0
        trust = trust_of([url], stranger.file)
        async with HttpComfyServer("n", url, trust=trust, timeout_seconds=10, image_bytes_max=1) as server:
            for asked in (server.pulse, server.warm):
                with pytest.raises(ComfyUnreachable, match=r"(?i)certificate|SSL"):
                    await asked()
    assert len(await rig.events(ImageProduced)) == 1
