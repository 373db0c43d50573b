"""The small first picture a phone sends ahead: checked by its header, re-encoded. Pure.

Small enough (64 kB, 1,024 px) to be decoded inside the request.
"""

from __future__ import annotations

import io

from PIL import JpegImagePlugin

from . import photos, pixels
from .photos import PhotoFacts, Refused, Unreadable

MAX_BYTES = 65_536
MAX_EDGE_PX = 1_024
MAX_SCANS = 64
"""Scans of a progressive picture; each costs a pass over it, encoders write about 10."""


def develop(data: bytes) -> bytes:
    """See photos.preview; the size is read from the header before anything is decoded."""
    facts = _facts(data)
    try:
        image = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
        # The header may name two sizes; the decoder's is the one that costs.
        if max(image.size) > MAX_EDGE_PX:
            raise Refused("preview_too_many_pixels")
        profile = image.info.get("icc_profile")
        image.load()
        upright = pixels.turned(pixels.plain(image), facts.orientation)
        return pixels.jpeg(pixels.in_srgb(upright, profile)[0])
    except (*pixels.DECODER_ERRORS, MemoryError) as error:
        raise Refused("preview_unreadable") from error


def _facts(data: bytes) -> PhotoFacts:
    if len(data) > MAX_BYTES:
        raise Refused("preview_too_large")
    try:
        facts = photos.read(data)
    except Unreadable as error:
        raise Refused("preview_not_jpeg") from error
    if facts.type != "image/jpeg":
        raise Refused("preview_not_jpeg")
    if not facts.width or not facts.height or data.count(b"\xff\xda") > MAX_SCANS:
        raise Refused("preview_unreadable")
    if max(facts.width, facts.height) > MAX_EDGE_PX:
        raise Refused("preview_too_many_pixels")
    return facts
