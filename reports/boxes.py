"""The boxes of HEIC, HEIF and AVIF: size, turn, and where EXIF and XMP lie. Pure, no codec.

Source: ISO/IEC 14496-12 (boxes, iinf, iloc, iref), ISO/IEC 23008-12 (ispe, irot, Exif item).
The upload request reads these files with this and never lets a native decoder near them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from mmap import mmap

MAX_BOXES = 2_000
MAX_ITEMS = 4_096
MAX_META_BYTES = 1_048_576
MAX_ITEM_BYTES = 524_288

Bytes = bytes | mmap

STILL = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"mif2": "image/heif",
}


@dataclass
class Meta:
    """What the meta box says of the primary picture; `quarter_turns` counter-clockwise."""

    primary: int | None = None
    kinds: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, tuple[int, list[tuple[int, int]]]] = field(default_factory=dict)
    describes: dict[int, set[int]] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    owned: dict[int, list[int]] = field(default_factory=dict)
    idat: bytes = b""

    def own(self, kind: bytes) -> bytes | None:
        """The property of this kind that belongs to the primary picture."""
        for index in self.owned.get(self.primary or 0, []):
            if 0 < index <= len(self.properties) and self.properties[index - 1][0] == kind:
                return self.properties[index - 1][1]
        return None

    @property
    def size(self) -> tuple[int | None, int | None]:
        """Stored width and height in pixels."""
        body = self.own(b"ispe")
        if body is None or len(body) < 12:
            return None, None
        return int.from_bytes(body[4:8]) or None, int.from_bytes(body[8:12]) or None

    @property
    def quarter_turns(self) -> int:
        """0-3, from irot."""
        return (self.own(b"irot") or b"\0")[0] & 3


def brand(buf: Bytes) -> str | None:
    """The media type by the ftyp box; None when it is no still picture (a film, say)."""
    size = min(int.from_bytes(buf[:4]), 256)
    major, others = buf[8:12], buf[16:size]
    found = STILL.get(major)
    if found is None:
        return None
    if major == b"mif1" or major == b"msf1":
        marks = {others[at : at + 4] for at in range(0, len(others), 4)}
        # A neutral brand: AVIF files say so among the compatible ones (decoders differ).
        return "image/avif" if b"avif" in marks and b"heic" not in marks else found
    return found


def meta(buf: Bytes) -> Meta | None:
    """The first meta box of the file, or None."""
    for kind, start, end in _walk(buf, 0, len(buf)):
        if kind == b"meta":
            return _meta(buf[start : min(end, start + MAX_META_BYTES)])
    return None


def payloads(buf: Bytes, found: Meta, kind: bytes) -> list[bytes]:
    """The items of a kind ("Exif", "mime"), those that describe the primary picture first."""
    items = [item for item, name in found.kinds.items() if name == kind]
    own = [item for item in items if found.primary in found.describes.get(item, ())]
    # An item that says it describes another picture must not speak for this one.
    free = [item for item in items if not found.describes.get(item)]
    return [data for item in own + free if (data := _item(buf, found, item))]


def _walk(buf: Bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        size, kind, body = (
            int.from_bytes(buf[start : start + 4]),
            buf[start + 4 : start + 8],
            8,
        )
        if size == 1:
            size, body = int.from_bytes(buf[start + 8 : start + 16]), 16
        stop = end if size == 0 else start + size
        if stop < start + body or start + body > end:
            return
        yield kind, start + body, min(stop, end)
        start = stop


def _meta(body: bytes) -> Meta:
    found = Meta()
    for kind, start, end in _walk(body, 4, len(body)):
        inside = body[start:end]
        if kind == b"pitm":
            found.primary = int.from_bytes(inside[4:6] if inside[:1] == b"\0" else inside[4:8])
        elif kind == b"idat":
            found.idat = inside
        elif kind in _READERS:
            _READERS[kind](found, inside)
    return found


def _iinf(found: Meta, body: bytes) -> None:
    start = 6 if body[:1] == b"\0" else 8
    for kind, at, end in _walk(body, start, len(body)):
        if kind != b"infe" or at == end or len(found.kinds) >= MAX_ITEMS:
            continue
        wide = 2 if body[at] < 3 else 4
        item = int.from_bytes(body[at + 4 : at + 4 + wide])
        found.kinds[item] = body[at + 6 + wide : min(at + 10 + wide, end)]


def _iref(found: Meta, body: bytes) -> None:
    wide = 2 if body[:1] == b"\0" else 4
    for kind, at, end in _walk(body, 4, len(body)):
        if kind != b"cdsc":
            continue
        source = int.from_bytes(body[at : at + wide])
        targets = range(at + wide + 2, end - wide + 1, wide)
        found.describes[source] = {int.from_bytes(body[t : t + wide]) for t in targets}


def _iprp(found: Meta, body: bytes) -> None:
    for kind, at, end in _walk(body, 0, len(body)):
        if kind == b"ipco":
            inside = _walk(body, at, end)
            found.properties = [(name, body[start:stop][:64]) for name, start, stop in inside]
        elif kind == b"ipma":
            found.owned |= _ipma(body[at:end])


def _ipma(body: bytes) -> dict[int, list[int]]:
    version, wide_index = body[0] if body else 0, bool(body[3:4] and body[3] & 1)
    item_bytes, step = (2 if version < 1 else 4), (2 if wide_index else 1)
    owned: dict[int, list[int]] = {}
    at = 8
    for _ in range(min(int.from_bytes(body[4:8]), MAX_ITEMS)):
        item, many = (
            int.from_bytes(body[at : at + item_bytes]),
            body[at + item_bytes :][:1],
        )
        if not many:
            break
        at += item_bytes + 1
        ends = range(at, at + many[0] * step, step)
        mask = 0x7FFF if wide_index else 0x7F
        owned[item] = [int.from_bytes(body[e : e + step]) & mask for e in ends]
        at += many[0] * step
    return owned


def _iloc(found: Meta, body: bytes) -> None:
    version = body[0] if body else 0
    reader = _Numbers(body, 4)
    sizes = reader.take(2)
    offset, length, base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index = sizes & 15 if version else 0
    left = MAX_ITEMS
    for _ in range(min(reader.take(2 if version < 2 else 4), MAX_ITEMS)):
        item = reader.take(2 if version < 2 else 4)
        method = reader.take(2) & 15 if version else 0
        reader.take(2)
        start = reader.take(base)
        extents = []
        for _ in range(reader.take(2)):
            reader.take(index)
            extents.append((start + reader.take(offset), reader.take(length)))
            left -= 1
            if reader.at > len(body) or not left:
                return
        found.places[item] = (method, extents)


_READERS = {b"iinf": _iinf, b"iref": _iref, b"iprp": _iprp, b"iloc": _iloc}


@dataclass
class _Numbers:
    body: bytes
    at: int

    def take(self, width: int) -> int:
        self.at += width
        return int.from_bytes(self.body[self.at - width : self.at])


def _item(buf: Bytes, found: Meta, item: int) -> bytes:
    method, extents = found.places.get(item, (0, []))
    source: Bytes = found.idat if method == 1 else buf
    if method > 1 or sum(length for _, length in extents) > MAX_ITEM_BYTES:
        return b""
    return b"".join(source[start : start + length] for start, length in extents)
