"""The image store as objects in an S3-compatible bucket."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from obstore.exceptions import BaseError
from obstore.store import S3Store

from carnival.images.port import ImageMissing, StoreFailed, checked_place

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

CONNECT_SECONDS: Final = 5
REQUEST_SECONDS: Final = 30
RETRIES_MAX: Final = 3
RETRIES_SECONDS: Final = 60
PART_BYTES: Final = 8 * 1024 * 1024
PARTS_AT_ONCE: Final = 4
_NO_BUCKET: Final = "NoSuchBucket"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Access:
    """How to reach a bucket. What is None is found as every AWS client finds it: profiles of the machine, web
    identities, the region's own endpoint."""

    endpoint: str | None = None
    ca_file: Path | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None
    session_token: str | None = None


class S3ImageStore:
    """Implements `ImageStore`. S3 shows an object whole or not at all; the server checks the SHA-256 of all it takes.

    Files above 8 MiB go up in parts, each tried again on its own. An upload that broke off stays invisible; let a
    lifecycle rule of the bucket remove its parts.
    """

    def __init__(self, bucket: str, prefix: str, access: S3Access) -> None:
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=_configuration(access),
            client_options=_client_options(access),
            retry_config=_retry_configuration(),
        )

    async def put(self, place: str, data: bytes) -> str:
        path = str(checked_place(place))
        digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        with _store_errors(place):
            await self._store.put_async(
                path,
                data,
                use_multipart=len(data) > PART_BYTES,
                chunk_size=PART_BYTES,
                max_concurrency=PARTS_AT_ONCE,
            )
        return digest

    async def get(self, place: str) -> bytes:
        with _store_errors(place):
            found = await self._store.get_async(str(checked_place(place)))
            return bytes(await found.bytes_async())

    async def read(self, place: str, start: int, end: int) -> bytes:
        with _store_errors(place):
            return bytes(await self._store.get_range_async(str(checked_place(place)), start=start, end=end))

    async def size(self, place: str) -> int:
        with _store_errors(place):
            return (await self._store.head_async(str(checked_place(place))))["size"]

    async def exists(self, place: str) -> bool:
        try:
            await self.size(place)
        except ImageMissing:
            return False
        return True

    async def delete(self, place: str) -> None:
        try:
            with _store_errors(place):
                await self._store.delete_async(str(checked_place(place)))
        except ImageMissing:
            return

    async def sweep(self) -> int:
        """Only the bucket's own lifecycle rule sees the parts of an upload that broke off."""
        return 0


def _configuration(access: S3Access) -> S3Config:
    given: S3Config = {"checksum_algorithm": "SHA256"}
    if access.endpoint:
        given["endpoint"] = access.endpoint
    if access.region:
        given["region"] = access.region
    if access.access_key_id:
        given["access_key_id"] = access.access_key_id
    if access.secret_access_key:
        given["secret_access_key"] = access.secret_access_key
    if access.session_token:
        given["session_token"] = access.session_token
    return given


def _client_options(access: S3Access) -> ClientConfig:
    options: ClientConfig = {
        "allow_http": (access.endpoint or "").startswith("http://"),
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "timeout": timedelta(seconds=REQUEST_SECONDS),
    }
    if access.ca_file:
        options["root_certificate"] = access.ca_file.read_bytes()
    return options


def _retry_configuration() -> RetryConfig:
    return {"max_retries": RETRIES_MAX, "retry_timeout": timedelta(seconds=RETRIES_SECONDS)}


@contextmanager
def _store_errors(place: str) -> Generator[None]:
    """The client's errors as those of the port. Its own words may hold addresses: the first line is enough."""
    try:
        yield
    except FileNotFoundError as error:
        if _NO_BUCKET in str(error):
            raise StoreFailed("The bucket of the image store does not exist") from error
        raise ImageMissing(place) from error
    except (BaseError, OSError) as error:
        words = str(error).strip().splitlines() or [type(error).__name__]
        raise StoreFailed(f"The image store does not answer as it should: {words[0][:200]}") from error
