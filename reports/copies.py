"""A photo -> two upright copies without metadata, and a fingerprint to find doubles by.

One scaled decode makes all. Pure (Pillow, pi-heif); foreign originals are only ever opened
through `darkroom`, which runs this in a child process that may die.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFile, JpegImagePlugin

from . import photos, pixels
from .photos import PhotoFacts, Unreadable

DISPLAY_EDGE_PX = 1_280
THUMB_EDGE_PX = 320

BASELINE_MAX_PIXELS = 200_000_000
"""JPEG decoded at a fraction of its size (draft): about 100 MB of memory."""
PROGRESSIVE_MAX_PIXELS = 60_000_000
"""JPEG whose coefficients are all held at once: some 3.3 bytes a pixel."""
OTHER_MAX_PIXELS = 50_000_000
"""Decoded in full; lossless WebP needs 17 bytes a pixel."""

TRUNCATED_MIN_SHARE = 0.1
"""Part of the rows that must have arrived for a cut-off photo to be worth showing."""

# Our own limits are stricter for every format but JPEG; Pillow's guard stands behind them.
Image.MAX_IMAGE_PIXELS = BASELINE_MAX_PIXELS

_HEIF = ("image/heic", "image/heif")
_PLUGINS = {"image/png": ["PNG"], "image/webp": ["WEBP"], "image/avif": ["AVIF"]}


@dataclass(frozen=True)
class Developed:
    """`width`, `height`: the original upright, pixels. `dhash`: see pixels.dhash, of the upright
    picture. `doubts`: those of the metadata, "truncated" (a part is missing), "icc_unusable"."""

    type: str
    width: int
    height: int
    dhash: str
    doubts: list[str]


@dataclass(frozen=True)
class _Picture:
    """Decoded pixels, perhaps already scaled; `size` the full stored size; `turn` 1-8."""

    image: Image.Image
    size: tuple[int, int]
    turn: int
    profile: bytes | None


def develop(path: str | os.PathLike[str], out_dir: str | os.PathLike[str]) -> Developed:
    """Write `display.jpg` (long edge <= 1280 px) and `thumb.jpg` (<= 320 px) into `out_dir`.

    `path`: the original. Small originals are never enlarged.
    Raises `Unreadable` (photos.REASONS), MemoryError, and OSError when it cannot write.
    """
    facts = photos.read(path)
    _check_pixels(facts.width or 0, facts.height or 0, facts)
    with _bombs_are_errors():
        picture, doubts = _decode(Path(path), facts)
    small = picture.image.resize(
        pixels.fit(picture.image.size, DISPLAY_EDGE_PX), Image.Resampling.BOX
    )
    small, colour_doubts = pixels.in_srgb(small, picture.profile)
    # Turned last, when it is small.
    display = pixels.turned(small, picture.turn)
    thumb = display.resize(pixels.fit(display.size, THUMB_EDGE_PX), Image.Resampling.BOX)
    width, height = picture.size[::-1] if picture.turn >= 5 else picture.size
    for name, image in (("display", display), ("thumb", thumb)):
        Path(out_dir, f"{name}.jpg").write_bytes(pixels.jpeg(image))
    found = [*facts.doubts, *doubts, *colour_doubts]
    return Developed(facts.type, width, height, pixels.dhash(thumb), found)


def _check_pixels(width: int, height: int, facts: PhotoFacts) -> None:
    limit = OTHER_MAX_PIXELS
    if facts.type == "image/jpeg":
        limit = PROGRESSIVE_MAX_PIXELS if facts.progressive else BASELINE_MAX_PIXELS
    if width * height > limit:
        raise Unreadable("too_many_pixels")


def _decode(path: Path, facts: PhotoFacts) -> tuple[_Picture, list[str]]:
    try:
        return _load(path, facts), []
    except Image.DecompressionBombError as error:
        raise Unreadable("too_many_pixels") from error
    except MemoryError as error:
        raise Unreadable("too_much_memory") from error
    except pixels.DECODER_ERRORS as error:
        if facts.type not in ("image/jpeg", "image/png"):
            raise Unreadable("damaged") from error
    return _decode_what_arrived(path, facts), ["truncated"]


def _decode_what_arrived(path: Path, facts: PhotoFacts) -> _Picture:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        picture = _load(path, facts)
    except (*pixels.DECODER_ERRORS, MemoryError, Image.DecompressionBombError) as error:
        raise Unreadable("damaged") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    if _arrived(picture.image) < TRUNCATED_MIN_SHARE:
        raise Unreadable("truncated")
    return picture


def _load(path: Path, facts: PhotoFacts) -> _Picture:
    with path.open("rb") as file:
        image = _open(file, facts.type)
        size, profile = image.size, image.info.get("icc_profile")
        # The decoder's idea of the size is the one that costs memory.
        _check_pixels(*size, facts)
        turn = _turn(image, facts)
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            # The wanted size in the photo's own shape: a panorama is scaled by its long edge.
            image.draft("RGB", pixels.fit(size, DISPLAY_EDGE_PX))
        image.load()
        # A HEIC may turn out another size than its header says.
        full = image.size if facts.type in _HEIF else size
        return _Picture(pixels.plain(image), full, turn, profile)


def _open(file: io.BufferedReader, kind: str) -> Image.Image:
    if kind == "image/jpeg":
        # Not Image.open: it makes a 3D camera's MPO a file of frames and believes their index.
        return JpegImagePlugin.JpegImageFile(file)
    if kind not in _HEIF:
        return Image.open(file, formats=_PLUGINS[kind])
    import pi_heif  # only this kind of photo pays for loading libheif

    pi_heif.options.DECODE_THREADS = 1
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    return Image.open(file, formats=["HEIF"])


def _turn(image: Image.Image, facts: PhotoFacts) -> int:
    if facts.type != "image/avif":
        return facts.orientation
    # Pillow does not apply irot and imir of AVIF but reports them in the EXIF it hands out.
    turn = image.getexif().get(0x0112, 1)
    return turn if turn in pixels.TURNS else 1


def _arrived(image: Image.Image) -> float:
    """Share of rows above the flat area a decoder fills in for what is missing."""
    small = image.convert("RGB").resize((32, 256), Image.Resampling.NEAREST)
    rows = [small.crop((0, y, 32, y + 1)).tobytes() for y in range(256)]
    flat = rows[-1][:3] * 32
    seen = [y for y, row in enumerate(rows) if row != flat]
    return (seen[-1] + 1) / 256 if seen else 0.0


@contextmanager
def _bombs_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield
