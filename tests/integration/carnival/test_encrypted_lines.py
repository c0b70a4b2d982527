"""Postgres and the bucket over lines that are encrypted and trusted by settings; NATS is tried with each service."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from fixtures.certificates import Authority
from fixtures.encrypted import as_postgres, encrypted_front

from carnival.configuration import read_settings
from carnival.configuration.service import ImageStoreSettings
from carnival.images.opening import open_image_store
from carnival.images.port import StoreFailed
from carnival.postgres import open_pool

CONNECT_SECONDS = 10


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "stranger")


async def test_postgres_has_to_prove_who_it_is(postgres_url: str, authority: Authority, stranger: Authority) -> None:
    port = port_of(postgres_url)
    async with encrypted_front(port, authority.certificate("postgres"), as_postgres) as front:
        url = postgres_url.replace(f":{port}/", f":{front}/") + "?sslmode=verify-full&sslrootcert="
        pool = await open_pool(f"{url}{authority.file}", schema="public")
        try:
            async with pool.connection() as connection:
                assert connection.pgconn.ssl_in_use
                row = await (await connection.execute("SELECT 1 AS one")).fetchone()
            assert row == {"one": 1}
        finally:
            await pool.close()
        with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
            await psycopg.AsyncConnection.connect(f"{url}{stranger.file}", connect_timeout=CONNECT_SECONDS)


async def test_the_bucket_has_to_prove_who_it_is(
    s3_environment: dict[str, str], authority: Authority, stranger: Authority
) -> None:
    port = port_of(s3_environment["AWS_ENDPOINT_URL_S3"])
    async with encrypted_front(port, authority.certificate("bucket")) as front:
        encrypted = s3_environment | {"AWS_ENDPOINT_URL_S3": f"https://127.0.0.1:{front}"}

        async def put(trusted: dict[str, str]) -> None:
            await open_image_store(read_settings(ImageStoreSettings, encrypted | trusted)).put("one.png", b"pixels")

        await put({"AWS_CA_BUNDLE": str(authority.file)})
        for trusted in ({}, {"AWS_CA_BUNDLE": str(stranger.file)}):
            with pytest.raises(StoreFailed):
                await put(trusted)
    assert await open_image_store(read_settings(ImageStoreSettings, s3_environment)).get("one.png") == b"pixels"
