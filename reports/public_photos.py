"""What the public gets of a photo: new pictures made of pixels, boxes filled in. Pure (Pillow).

They are made of the display copy, which is our own JPEG, so they can be made inside the request.
Nothing of what lies under a box stays: two pictures that differ only there give the same bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, JpegImagePlugin

from . import pixels

SMALL_EDGE_PX = 320
FILL = (96, 96, 96)
"""No colour of the picture: an average would tell skin from a car."""
BLOCK_PX = 16
"""A JPEG writes 16 x 16 pixels as one, so each tells of all the others."""
BLEED_PX = 2
"""Decoders smooth colours across the edge of a block."""

Box = Sequence[float]


@dataclass(frozen=True)
class PublicPictures:
    """`full` in the display copy's size, `small` (long edge <= 320 px): JPEG without metadata."""

    full: bytes
    small: bytes
    width: int
    height: int


def make(display: bytes, boxes: Sequence[Box]) -> PublicPictures:
    """display: a display copy (reports.copies). boxes: [x, y, width, height], shares of it.

    Raises ValueError when it is no picture of ours.
    """
    try:
        image = JpegImagePlugin.JpegImageFile(io.BytesIO(display))
        picture = image.convert("RGB")
    except pixels.DECODER_ERRORS as error:
        raise ValueError("no display copy") from error
    draw = ImageDraw.Draw(picture)
    for box in boxes:
        draw.rectangle(covered(box, picture.size), fill=FILL)
    small = picture.resize(pixels.fit(picture.size, SMALL_EDGE_PX), Image.Resampling.BOX)
    return PublicPictures(pixels.jpeg(picture), pixels.jpeg(small), *picture.size)


def covered(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom pixel that are filled in: whole blocks and what bleeds from them."""
    (x, y, width, height), (across, down) = box, size
    left, right = _blocks(x * across, (x + width) * across)
    top, bottom = _blocks(y * down, (y + height) * down)
    return max(0, left), max(0, top), min(across, right) - 1, min(down, bottom) - 1


def _blocks(low: float, high: float) -> tuple[int, int]:
    first, last = math.floor(low / BLOCK_PX), math.ceil(high / BLOCK_PX)
    return first * BLOCK_PX - BLEED_PX, last * BLOCK_PX + BLEED_PX
