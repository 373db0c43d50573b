"""Photos as a phone makes them: 12 megapixels, about 3 MB, EXIF with position and time. Seeded."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import ExifTags, Image

WIDTH, HEIGHT = 4032, 3024
PHOTOS = 6


@cache
def photos() -> list[bytes]:
    """PHOTOS different JPEGs of one scene; gradients, structure at four scales, sensor noise."""
    random = np.random.default_rng(20160416)
    scene = sum(share * _layer(random, scale) for scale, share in LAYERS)
    scene += 60 * np.linspace(0, 1, WIDTH, dtype=np.float32)[None, :, None]
    noise = random.normal(0, 3.0, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return [_jpeg(np.roll(scene, (i * 37, i * 53), (0, 1)) + noise, i) for i in range(PHOTOS)]


LAYERS = [(400, 0.55), (60, 0.25), (12, 0.18), (4, 0.10)]


def _layer(random: np.random.Generator, scale: int) -> np.ndarray:
    small = random.integers(0, 256, (HEIGHT // scale, WIDTH // scale, 3), dtype=np.uint8)
    large = Image.fromarray(small).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return np.asarray(large, dtype=np.float32)


def _jpeg(pixels: np.ndarray, number: int) -> bytes:
    stream = io.BytesIO()
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    picture.save(stream, "JPEG", quality=91, subsampling=2, exif=_exif(number))
    return stream.getvalue()


def _exif(number: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "ACME", "Phone 1"
    exif[ExifTags.Base.Orientation] = (1, 6, 3, 8)[number % 4]
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = "2016:04:16 01:25:05"
    camera[ExifTags.Base.MakerNote] = bytes(8000)
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
    place[ExifTags.GPS.GPSLatitude] = (32.0, 47.0, 24.0 + number)
    place[ExifTags.GPS.GPSLongitude] = (130.0, 44.0, 30.0 + number)
    return exif
