"""A picture file's bytes -> its type, size and metadata blocks, from the headers only. Pure.

Sources: ITU-T T.81 annex B and CIPA DC-008 (JPEG), PNG 3rd edition, the WebP container page,
XMP part 3; ImageMagick's "Raw profile" text for PNG before eXIf. What a file is called or said
to be plays no part. All walks are bounded.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import boxes
from .boxes import Bytes

MAX_SEGMENTS = 4_096
MAX_CHUNKS = 20_000
MAX_BLOCKS = 32
"""Metadata blocks of one kind kept from one file."""
MAX_BLOCK_BYTES = 1_048_576
JUNK_BETWEEN_SEGMENTS = 65_536

_EXIF = re.compile(rb".{0,4}Exif\0.", re.DOTALL | re.IGNORECASE)
_XMP = b"http://ns.adobe.com/xap/"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
_NO_SIZE = (0xC4, 0xC8, 0xCC)


@dataclass
class Container:
    """`exif` and `xmp`: blocks, the first wins. `turned` says the container itself turns the
    picture (irot), so the EXIF orientation must not be applied. `faults` are doubt codes."""

    type: str
    width: int | None = None
    height: int | None = None
    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    turned: bool = False
    quarter_turns: int = 0
    progressive: bool = False
    animated: bool = False

    def add(self, blocks: list[bytes], block: bytes) -> None:
        """Keep a block unless there are absurdly many."""
        if block and len(blocks) < MAX_BLOCKS:
            blocks.append(block)


def open_container(buf: Bytes) -> Container | None:
    """The headers of a photo we take; None when the bytes are anything else."""
    if buf[:3] == b"\xff\xd8\xff":
        return _jpeg(buf)
    if buf[:8] == b"\x89PNG\r\n\x1a\n":
        return _png(buf)
    if buf[:4] == b"RIFF" and buf[8:12] == b"WEBP":
        return _webp(buf)
    if buf[4:8] == b"ftyp" and (kind := boxes.brand(buf)):
        return _heif(buf, kind)
    return None


def _jpeg(buf: Bytes) -> Container:
    found = Container("image/jpeg")
    more: dict[int, bytes] = {}
    for marker, start, end in _segments(buf):
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE and not found.width:
            head = buf[start : start + 5]
            found.height, found.width = (
                int.from_bytes(head[1:3]),
                int.from_bytes(head[3:5]),
            )
            found.progressive = marker & 0x03 == 2
        elif marker == 0xE1:
            _app1(found, buf[start:end], more)
    found.add(found.xmp, b"".join(body for _, body in sorted(more.items())))
    return found


def _segments(buf: Bytes) -> Iterator[tuple[int, int, int]]:
    at = 2
    for _ in range(MAX_SEGMENTS):
        at = buf.find(b"\xff", at, at + JUNK_BETWEEN_SEGMENTS)
        if at < 0 or at + 4 > len(buf):
            return
        marker = buf[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (0xDA, 0xD9):
            return
        size = int.from_bytes(buf[at + 2 : at + 4])
        if marker < 0xC0 or 0xD0 <= marker <= 0xD8 or size < 2:
            at += 2
            continue
        yield marker, at + 4, at + 2 + size
        at += 2 + size


def _app1(found: Container, body: bytes, more: dict[int, bytes]) -> None:
    if body.startswith(_XMP_MORE):
        # Extended XMP: GUID (32 bytes), full length, then the offset of this part.
        head = len(_XMP_MORE) + 32
        if sum(map(len, more.values())) < MAX_BLOCK_BYTES:
            more[int.from_bytes(body[head + 4 : head + 8])] = body[head + 8 :]
    elif body.startswith(_XMP):
        found.add(found.xmp, body.partition(b"\0")[2])
    elif match := _EXIF.match(body):
        _add_exif(found, body[match.end() :])


def _add_exif(found: Container, block: bytes) -> None:
    # EXIF over 64 kB goes on in the next segment, which then has no TIFF header of its own.
    fresh = block[:2] in (b"II", b"MM") or not found.exif
    if fresh:
        found.add(found.exif, block)
    elif len(found.exif[-1]) < MAX_BLOCK_BYTES:
        found.exif[-1] += block


def _png(buf: Bytes) -> Container:
    found = Container("image/png")
    late: list[bytes] = []
    for kind, start, end in _chunks(buf):
        if kind == b"IHDR":
            found.width = int.from_bytes(buf[start : start + 4]) or None
            found.height = int.from_bytes(buf[start + 4 : start + 8]) or None
        elif kind in (b"eXIf", b"exIf") and end - start <= MAX_BLOCK_BYTES:
            found.add(found.exif, buf[start:end])
        elif kind in (b"tEXt", b"zTXt", b"iTXt") and end - start <= MAX_BLOCK_BYTES:
            _png_text(found, kind, buf[start:end], late)
    found.exif += late
    return found


def _chunks(buf: Bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 8
    for _ in range(MAX_CHUNKS):
        head = buf[at : at + 8]
        if len(head) < 8 or head[4:] == b"IEND":
            return
        size = int.from_bytes(head[:4])
        yield head[4:], at + 8, min(at + 8 + size, len(buf))
        at += 12 + size


def _png_text(found: Container, kind: bytes, body: bytes, late: list[bytes]) -> None:
    name, _, rest = body[:80].partition(b"\0")
    rest = body[len(name) + 1 :]
    if name == b"XML:com.adobe.xmp":
        found.add(found.xmp, _png_words(kind, rest))
    elif name in (
        b"Raw profile type exif",
        b"Raw profile type APP1",
        b"Raw profile type xmp",
    ):
        block = _raw_profile(_png_words(kind, rest))
        if block.startswith(_XMP) or name.endswith(b"xmp"):
            found.add(found.xmp, block.partition(b"\0")[2] or block)
        else:
            late.append(block)


def _png_words(kind: bytes, rest: bytes) -> bytes:
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _inflate(rest[1:])
    # iTXt: compressed?, method, language NUL, translated keyword NUL, text
    words = rest[2:].split(b"\0", 2)[-1]
    return _inflate(words) if rest[:1] == b"\1" else words


def _inflate(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAX_BLOCK_BYTES)
    except zlib.error:
        return b""


def _raw_profile(words: bytes) -> bytes:
    """ "\\nexif\\n    1234\\n45786966..." -> the bytes the hexadecimal digits stand for."""
    digits = b"".join(words.split()[2:])
    try:
        return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    except ValueError:
        return b""


def _webp(buf: Bytes) -> Container:
    found = Container("image/webp")
    for kind, start, end in _riff(buf):
        head = buf[start : start + 10]
        if kind == b"VP8X" and len(head) == 10:
            found.animated = bool(head[0] & 2)
            found.width = int.from_bytes(head[4:7], "little") + 1
            found.height = int.from_bytes(head[7:10], "little") + 1
        elif kind in (b"VP8 ", b"VP8L") and found.width is None:
            found.width, found.height = _vp8_size(kind, head)
        elif kind == b"EXIF" and end - start <= MAX_BLOCK_BYTES:
            found.add(found.exif, buf[start:end])
        elif kind == b"XMP " and end - start <= MAX_BLOCK_BYTES:
            found.add(found.xmp, buf[start:end])
        found.animated |= kind in (b"ANIM", b"ANMF")
    return found


def _riff(buf: Bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    for _ in range(MAX_CHUNKS):
        head = buf[at : at + 8]
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:], "little")
        yield head[:4], at + 8, min(at + 8 + size, len(buf))
        at += 8 + size + (size & 1)


def _vp8_size(kind: bytes, head: bytes) -> tuple[int | None, int | None]:
    if kind == b"VP8 " and len(head) == 10 and head[3:6] == b"\x9d\x01\x2a":
        width, height = (
            int.from_bytes(head[6:8], "little"),
            int.from_bytes(head[8:10], "little"),
        )
        return width & 0x3FFF or None, height & 0x3FFF or None
    if kind == b"VP8L" and head[:1] == b"\x2f" and len(head) >= 5:
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None, None


def _heif(buf: Bytes, kind: str) -> Container:
    found = Container(kind, turned=True)
    meta = boxes.meta(buf)
    if meta is None:
        return found
    found.width, found.height = meta.size
    found.quarter_turns = meta.quarter_turns
    for item in boxes.payloads(buf, meta, b"Exif"):
        # The item starts with the offset of the TIFF header, counted after these four bytes.
        skip = int.from_bytes(item[:4])
        found.add(found.exif, item[4 + skip :] if skip < len(item) - 8 else item[4:])
    for item in boxes.payloads(buf, meta, b"mime"):
        if b"rdf" in item[:4_096]:
            found.add(found.xmp, item)
    return found
