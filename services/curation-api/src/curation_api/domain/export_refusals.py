"""Why an export is not begun."""

from __future__ import annotations

from curation_api.domain.refusals import Invalid, TryLater, Unsupported


class BadFractions(Invalid):
    kind = "bad-fractions"
    title = "The splits are more than the whole"


class ParquetAbsent(Unsupported):
    kind = "parquet-absent"
    title = "Parquet files cannot be written here"


class DownloadsFull(TryLater):
    kind = "downloads-full"
    title = "Too many exports at once"
