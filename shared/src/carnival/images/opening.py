"""Which image store the settings mean. Every program that touches images gets it here."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from carnival.configuration.service import ImageStoreSettings
from carnival.images.files import FileImageStore
from carnival.images.port import ImageStore


def open_image_store(settings: ImageStoreSettings) -> ImageStore:
    """The store, not yet asked for anything: a wrong address shows with the first call."""
    if folder := folder_of(settings):
        return FileImageStore(folder)
    address = urlsplit(settings.image_store or "")
    # Only whoever uses a bucket pays for loading its client.
    from carnival.images.s3 import S3Access, S3ImageStore

    access = S3Access(
        endpoint=settings.s3_endpoint,
        ca_file=settings.s3_ca_file,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=_open(settings.s3_secret_access_key),
        session_token=_open(settings.s3_session_token),
    )
    return S3ImageStore(address.netloc, unquote(address.path).strip("/"), access)


def folder_of(settings: ImageStoreSettings) -> Path | None:
    """Where files lie; None for a bucket."""
    if settings.image_store is None:
        return Path(settings.image_root)
    address = urlsplit(settings.image_store)
    return Path(unquote(address.path)) if address.scheme == "file" else None


def _open(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
