"""Images as a zip archive that is sent while it is made: stored as they are, with a manifest at its end."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Final

from curation_api.adapters.growing_file import GrowingFile
from curation_api.application.views.exported_image import ExportedImage

MANIFEST: Final = "manifest.jsonl"
MANIFEST_BYTES_IN_MEMORY: Final = 1024 * 1024
PIECE_BYTES: Final = 64 * 1024
EARLIEST_YEAR: Final = 1980


class ImageArchive:
    """What the calls return, one after the other, is the archive. They compute: call in a thread.

    Of the images only the present one is in memory; the manifest waits in a temporary file. The same images give the
    same bytes: times in the archive are those at which the images were made.
    """

    def __init__(self) -> None:
        self._sink = GrowingFile()
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)
        self._manifest = SpooledTemporaryFile[bytes](max_size=MANIFEST_BYTES_IN_MEMORY)

    def add(self, image: ExportedImage, data: bytes | None) -> bytes:
        """An image and its line; `data` None for one whose file is not there."""
        if data is not None and image.file is not None:
            made = max(image.created_at.timetuple()[:6], (EARLIEST_YEAR, 1, 1, 0, 0, 0))
            self._archive.writestr(zipfile.ZipInfo(image.file, made), data)
        self._manifest.write(image.model_dump_json().encode() + b"\n")
        return self._sink.taken()

    def end(self) -> Iterator[bytes]:
        """The manifest and the archive's own directory."""
        self._manifest.seek(0)
        with self._archive.open(zipfile.ZipInfo(MANIFEST), "w", force_zip64=True) as entry:
            while piece := self._manifest.read(PIECE_BYTES):
                entry.write(piece)
                yield self._sink.taken()
        self._archive.close()
        yield self._sink.taken()

    def close(self) -> None:
        """Lets go of the temporary file."""
        self._manifest.close()
