"""A photo's bytes -> what it is and what its camera said, without touching a pixel. Pure.

`read` runs inside the upload request: about a millisecond, no native decoder, and hostile bytes
can raise nothing but `Unreadable`. Pictures are made by `darkroom` (originals) and `preview`.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from . import containers, tiff, xmp
from . import exif as camera
from .boxes import Bytes
from .exif import Exif

TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/avif",
)
"""Media types taken; everything else is refused by content."""

REASONS = {
    "empty": "The file is empty.",
    "video": "This is a video, not a photo.",
    "animated": "Moving pictures are not accepted. Please send a single photo.",
    "type_refused": "This kind of picture is not accepted. Please send JPEG, PNG, WebP or HEIC.",
    "not_a_photo": "This file is not a photo.",
    "truncated": "The photo arrived incomplete and nothing of it can be seen.",
    "damaged": "The photo is damaged and cannot be shown.",
    "too_many_pixels": "The photo has too many pixels.",
    "too_much_memory": "The photo needs too much memory to be shown.",
    "took_too_long": "The photo took too long to read.",
    "decoder_died": "The photo made the decoder stop.",
}
"""Every reason a photo can be unreadable, with its text (English msgid)."""


REFUSALS = {
    "preview_too_large": "The preview is larger than 64 kB.",
    "preview_not_jpeg": "The preview is not a JPEG picture.",
    "preview_too_many_pixels": "The preview is wider or higher than 1,024 pixels.",
    "preview_unreadable": "The preview cannot be read.",
}
"""Every reason a preview is refused, with its text (English msgid)."""


class Unreadable(Exception):
    """These bytes are no photo we can show: `reason` is stable (see REASONS), `text` is English."""

    def __init__(self, reason: str, text: str | None = None) -> None:
        self.reason, self.text = reason, text or REASONS[reason]
        super().__init__(self.reason, self.text)


class Refused(Exception):
    """A preview we do not take: `code` is stable (see REFUSALS), `text` is English."""

    def __init__(self, code: str, text: str | None = None) -> None:
        self.code, self.text = code, text or REFUSALS[code]
        super().__init__(self.code, self.text)


@dataclass(frozen=True)
class PhotoFacts:
    """`width` and `height` as stored, `upright_*` as a person sees it, in pixels; None = the
    header does not say. `orientation` (1-8) is what still has to be applied to stored pixels
    by us: always 1 for HEIC and AVIF, whose decoder turns them. `doubts`: codes, see Exif."""

    type: str
    width: int | None
    height: int | None
    upright_width: int | None
    upright_height: int | None
    exif: Exif
    orientation: int
    progressive: bool
    doubts: tuple[str, ...]


def read(source: bytes | str | os.PathLike[str]) -> PhotoFacts:
    """The facts of a photo given as bytes or as a path.

    Raises `Unreadable` when the content is none of TYPES, and OSError when there is no such file.
    """
    if isinstance(source, bytes):
        return _facts(source)
    with Path(source).open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise Unreadable("empty")
        # Mapped, not read: of 3 MB only the pages with headers are touched.
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buf:
            return _facts(buf)


def preview(data: bytes) -> bytes:
    """A small JPEG sent ahead by a phone -> the same picture upright, without metadata.

    At most 64 kB and 1,024 px on the long edge. Raises `Refused`.
    """
    from . import previews  # reading facts needs no Pillow

    return previews.develop(data)


def _facts(buf: Bytes) -> PhotoFacts:
    try:
        found = containers.open_container(buf)
        said = _camera(found) if found else Exif()
    except (LookupError, ValueError, ArithmeticError, struct.error) as error:
        # No such file is known (the tests look for one behind this net); a report must not be
        # lost to the one that turns up in the field.
        raise Unreadable("damaged") from error
    if found is None:
        raise Unreadable(_what_else(buf))
    if found.animated:
        raise Unreadable("animated")
    wide, high = _side(found.width), _side(found.height)
    doubts = said.doubts if wide and high else (*said.doubts, "size_unknown")
    turn = 1 if found.turned else said.orientation or 1
    swapped = found.quarter_turns % 2 == 1 if found.turned else turn >= 5
    sides = (high, wide) if swapped else (wide, high)
    return PhotoFacts(
        type=found.type,
        width=wide,
        height=high,
        upright_width=sides[0],
        upright_height=sides[1],
        exif=said,
        orientation=turn,
        progressive=found.progressive,
        doubts=doubts,
    )


def _side(pixels: int | None) -> int | None:
    """A damaged header may say anything; no format goes beyond 31 bits, nor does PostgreSQL."""
    return pixels if pixels and 0 < pixels < 2**31 else None


def _camera(found: containers.Container) -> Exif:
    said = Exif()
    for block in found.exif:
        said = camera.merge(said, camera.of_tags(tiff.read(block)))
    # XMP costs a parser; it is asked only for what EXIF did not say.
    if said.lon is None or said.taken_at is None or said.bearing_deg is None:
        for packet in found.xmp:
            said = camera.merge(said, xmp.read(packet))
    return said


_FILM_BRANDS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_OTHER_PICTURES = (
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"BM",
    b"8BPS",
    b"\0\0\0\x0cjP",
    b"\xff\x0a",
    b"<svg",
)


def _what_else(buf: Bytes) -> str:
    head = buf[:64]
    if not head:
        return "empty"
    if head[4:8] in _FILM_BRANDS or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        return "video"
    if head[:4] == b"\x1a\x45\xdf\xa3" or head[:3] == b"\0\0\1":
        return "video"
    return "type_refused" if head.startswith(_OTHER_PICTURES) else "not_a_photo"
