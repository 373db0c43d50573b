"""Hostile photos from a seed: mutants of our own pictures, and files that are something else."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from PIL import Image, PngImagePlugin

from tests import photo_faults as made

SCRIPT = b"<script>alert(document.domain)</script>"
Mutation = Callable[[random.Random, bytes], bytes]


@cache
def seeds() -> dict[str, bytes]:
    """One small good picture of each kind, with position and time."""
    place = made.exif({0x0112: (made.SHORT, [6])}, made.taken("2016:04:16 02:11:00"), made.gps())
    picture = made.picture()
    found = {}
    for kind, options in {
        "jpeg": {}, "progressive": {"format": "JPEG", "progressive": True}, "png": {},
        "webp": {}, "lossless": {"format": "WEBP", "lossless": True}, "avif": {},
    }.items():  # fmt: skip
        stream = io.BytesIO()
        given = {"format": kind.upper(), **options}
        picture.save(stream, exif=b"Exif\0\0" + place, **given)
        found[kind] = stream.getvalue()
    found["heic"] = _heic(picture, place)
    return found


def _heic(picture: Image.Image, place: bytes) -> bytes:
    """pi-heif only reads: an AVIF under a HEIC's name is refused or read, never a crash."""
    stream = io.BytesIO()
    picture.save(stream, "AVIF", exif=b"Exif\0\0" + place)
    return stream.getvalue().replace(b"avif", b"heic").replace(b"av01", b"hvc1")


# --- mutations -----------------------------------------------------------------------------
def flip(rng: random.Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(rng.choice([1, 3, 20, 200])):
        spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
    return bytes(spoilt)


def flip_head(rng: random.Random, data: bytes) -> bytes:
    """The first kilobyte holds the structure: sizes, offsets, counts."""
    return flip(rng, data[:1000]) + data[1000:]


def cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def number(rng: random.Random, data: bytes) -> bytes:
    """A length, offset or size becomes an extreme one."""
    size = rng.choice([1, 2, 4, 8])
    at = rng.randrange(max(1, min(len(data), 4000) - size))
    value = rng.choice([b"\0", b"\xff", b"\x7f", b"\x80"]) * size
    return data[:at] + value + data[at + size :]


def repeat(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    piece = data[at : at + rng.randrange(1, 2000)]
    return data[:at] + piece * rng.randrange(2, 30) + data[at:]


def splice(rng: random.Random, data: bytes) -> bytes:
    other = rng.choice(list(seeds().values()))
    return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]


def drop(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(1, 500) :]


MUTATIONS: list[Mutation] = [flip, flip_head, cut, number, repeat, splice, drop]


# --- files that are something else, or two things at once -------------------------------------
def polyglots() -> dict[str, bytes]:
    """By their trick. Many would be harmless on disk and dangerous once served as they are."""
    jpeg, png = seeds()["jpeg"], seeds()["png"]
    gif = b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//"
    comment = b"\xff\xfe" + struct.pack(">H", len(SCRIPT) + 2) + SCRIPT
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    return {
        "gif_and_script": gif, "svg_named_jpg": svg,
        "svg_with_prolog": b"<?xml version='1.0'?>" + svg,
        "html": b"<!DOCTYPE html>" + SCRIPT, "html_in_comment": jpeg[:2] + comment + jpeg[2:],
        "html_after_end": jpeg + SCRIPT, "html_in_exif": _exif_script(), "zip": _zip(),
        "jpeg_and_zip": jpeg + _zip(), "png_and_zip": png + _zip(), "pdf": b"%PDF-1.7\n" + SCRIPT,
        "pdf_in_jpeg": jpeg[:2] + b"\xff\xfe\0\x12%PDF-1.7 %\xe2\xe3\xcf\xd3" + jpeg[2:],
        "mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0\0\0\x08mdat" * 20,
        "mov_as_heic": b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\0" * 200,
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "nul": b"\0" * 999,
        "vrt": b"<VRTDataset rasterXSize='1' rasterYSize='1'>/etc/passwd</VRTDataset>",
        "tiff": made.exif({0x0100: (made.LONG, [2**31])}), "bmp": b"BM" + b"\xff" * 60,
        "png_bomb": _png(60_000, 60_000),
        "png_wide": _png(2**31 - 1, 1), "png_wider": _png(2**32 - 1, 2**31),
        "png_none": _png(0, 0),
        "png_text": _png_text(), "webp_bomb": _webp(16_383, 16_383),
        "jpeg_huge": _jpeg(65_535, 65_535),
        "jpeg_twice": jpeg + jpeg, "riff_no_size": b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff",
        "boxes_in_boxes": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\xff\xffmeta" * 500,
        "endless_segments": b"\xff\xd8" + b"\xff\xe1\0\x02" * 50_000,
        "ico": b"\0\0\1\0\xff\xff" + b"\1" * 99,
    }  # fmt: skip


def _exif_script() -> bytes:
    words = {0x010E: (made.ASCII, SCRIPT.decode()), 0x9286: (made.UNDEFINED, list(b"ASCII\0\0\0"))}
    stream = io.BytesIO()
    made.picture().save(stream, "JPEG", exif=b"Exif\0\0" + made.exif(words), comment=SCRIPT)
    return stream.getvalue()


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../evil.html", SCRIPT)
    return stream.getvalue()


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def _png_text() -> bytes:
    """Twenty megabytes of text in a few kilobytes."""
    words, stream = PngImagePlugin.PngInfo(), io.BytesIO()
    words.add_text("Comment", "<script>" * 2_500_000, zip=True)
    made.picture().save(stream, "PNG", pnginfo=words)
    return stream.getvalue()


def _webp(width: int, height: int) -> bytes:
    """A lossless header that promises many pixels, and no pixels."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + b"\0" * 40
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def _jpeg(width: int, height: int) -> bytes:
    jpeg = seeds()["jpeg"]
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def mutants(count: int, seed: int = 2016) -> Iterator[tuple[str, bytes]]:
    """(name that says how it was made, bytes); the same ones for the same seed."""
    rng = random.Random(seed)
    names = sorted(seeds())
    for index in range(count):
        kind = names[index % len(names)]
        data, done = seeds()[kind], []
        for _ in range(rng.choice([1, 1, 2, 4])):
            mutation = rng.choice(MUTATIONS)
            data, done = mutation(rng, data or b"\0")[:200_000], [*done, mutation.__name__]
        # nothing at all cannot be announced
        yield f"{index}-{kind}-{'-'.join(done)}", data or b"\0"
