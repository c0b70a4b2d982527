"""Why the file of an image is not handed out, or not given up; one class a situation."""

from __future__ import annotations

from curation_api.domain.refusals import Conflict, Missing, TryLater, Unsatisfiable


class ImageAbsent(Missing):
    """The candidate exists, its file does not (IMG-1)."""

    kind = "image-missing"
    title = "The image file is missing"
    advice = (
        "The candidate is known, its file is not in the store: the store lost it, or is not the one that the gateways "
        "write to."
    )


class ImageDamaged(Missing):
    """The file is there, but is not the picture that was registered."""

    kind = "image-damaged"
    title = "The image file cannot be read as a picture"
    advice = "Nothing can be made of this file any more; kill the image, and a new one takes its place."


class ImageDropped(Missing):
    """The original was discarded; its thumbnails and facts stay."""

    kind = "image-discarded"
    title = "The original image was discarded"
    advice = "Show a thumbnail: `/thumbnail`, or `/image` with `width`."


class BadRange(Unsatisfiable):
    """No byte of the file lies in the range."""

    kind = "bad-range"
    title = "The range lies behind the end"
    advice = "The header Content-Range says how many bytes there are."


class CandidateLive(Conflict):
    """DISC-1."""

    kind = "candidate-live"
    title = "The image is live"
    advice = "Only originals of rejected or dead images can be discarded; reject the image first."


class ImagesUnavailable(TryLater):
    kind = "image-store-unavailable"
    title = "The image store does not answer"
    advice = "Try again after the pause; if it stays so, look at the store's address and keys."
