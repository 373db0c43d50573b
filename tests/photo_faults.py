"""Photos made by code, each named by its fault (or by what is special about it), for the tests.

Small pictures with hand-made EXIF, XMP and boxes, because no library writes the faults of phones.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from PIL import Image, ImageDraw

Bytes = bytes
LAT_RAT, LON_RAT = [(32, 1), (48, 1), (1154, 100)], [(130, 1), (42, 1), (2772, 100)]
"""32 deg 48' 11.54" N, 130 deg 42' 27.72" E: the middle of Kumamoto, and what it is in decimals."""
LAT, LON = 32 + 48 / 60 + 11.54 / 3600, 130 + 42 / 60 + 27.72 / 3600

ASCII, BYTE, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL, DOUBLE = 2, 1, 3, 4, 5, 7, 10, 12
Tag = tuple[int, Any]
"""(TIFF type, value): text, a list of numbers, or a list of (numerator, denominator)."""


def gps(**changed: Tag | None) -> dict[int, Tag]:
    """A good GPS directory; change or drop (None) tags by name."""
    tags: dict[str, Tag | None] = {
        "lat_ref": (ASCII, "N"),
        "lat": (RATIONAL, LAT_RAT),
        "lon_ref": (ASCII, "E"),
        "lon": (RATIONAL, LON_RAT),
    }
    tags |= changed
    return {GPS_TAGS[name]: tag for name, tag in tags.items() if tag is not None}


GPS_TAGS = {
    "lat_ref": 1,
    "lat": 2,
    "lon_ref": 3,
    "lon": 4,
    "alt_ref": 5,
    "alt": 6,
    "clock": 7,
    "status": 9,
    "img_ref": 16,
    "img": 17,
    "datum": 18,
    "date": 29,
    "error": 31,
}


def taken(stamp: str, **more: str) -> dict[int, Tag]:
    """An Exif directory with DateTimeOriginal; `offset` and `subsec` likewise."""
    names = {"offset": 0x9011, "subsec": 0x9291}
    tags: dict[int, Tag] = {names[name]: (ASCII, words) for name, words in more.items()}
    return {0x9003: (ASCII, stamp)} | tags


def exif(
    ifd0: dict[int, Tag] | None = None,
    photo: dict[int, Tag] | None = None,
    place: dict[int, Tag] | None = None,
    order: str = "<",
) -> Bytes:
    """A TIFF block with IFD0, Exif IFD and GPS IFD."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    main = dict(ifd0 or {})
    parts = [(0x8769, photo), (0x8825, place)]
    for pointer, part in parts:
        if part is not None:
            main[pointer] = (LONG, [0])
    start = 8 + len(_ifd(order, main, 8))
    tail = b""
    for pointer, part in parts:
        if part is not None:
            main[pointer] = (LONG, [start + len(tail)])
            tail += _ifd(order, part, start + len(tail))
    return mark + struct.pack(order + "I", 8) + _ifd(order, main, 8) + tail


def _ifd(order: str, tags: dict[int, Tag], at: int) -> Bytes:
    rows, values = b"", b""
    far = at + 2 + 12 * len(tags) + 4
    for tag, (kind, value) in sorted(tags.items()):
        raw, count = _packed(order, kind, value)
        inline = raw.ljust(4, b"\0") if len(raw) <= 4 else struct.pack(order + "I", far)
        rows += struct.pack(order + "HHI", tag, kind, count) + inline
        if len(raw) > 4:
            values, far = values + raw, far + len(raw)
    return struct.pack(order + "H", len(tags)) + rows + b"\0\0\0\0" + values


def _packed(order: str, kind: int, value: Any) -> tuple[Bytes, int]:
    if isinstance(value, (str, bytes)):
        raw = value.encode() + b"\0" if isinstance(value, str) else value
        return raw, len(raw)
    if kind in (RATIONAL, SRATIONAL):
        letter = "I" if kind == RATIONAL else "i"
        flat = [number for pair in value for number in pair]
        return struct.pack(f"{order}{len(flat)}{letter}", *flat), len(value)
    letter = {BYTE: "B", SHORT: "H", LONG: "I", DOUBLE: "d", UNDEFINED: "B"}[kind]
    return struct.pack(f"{order}{len(value)}{letter}", *value), len(value)


def xmp(attributes: str, inside: str = "") -> Bytes:
    """An XMP packet whose one Description has these attributes and children."""
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        'xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f"{attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """A sky, a ground, and a red mark at top left: every turn and flip of it looks different."""
    image = Image.new("RGB", size, (120, 170, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * 2 // 3, size[0], size[1]), fill=(90, 120, 60))
    draw.rectangle((0, 0, size[0] // 4, size[1] // 5), fill=(220, 20, 20))
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> Bytes:
    """The encoded picture."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def segment(marker: int, body: Bytes) -> Bytes:
    """A JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def app1(block: Bytes) -> Bytes:
    """An EXIF block as JPEG carries it."""
    return segment(0xE1, b"Exif\0\0" + block)


def app1_xmp(packet: Bytes) -> Bytes:
    """An XMP packet as JPEG carries it."""
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def jpeg(*segments: Bytes, image: Image.Image | None = None, **options: Any) -> Bytes:
    """A JPEG with these segments straight after its start."""
    plain = saved(image or picture(), **options)
    return plain[:2] + b"".join(segments) + plain[2:]


def chunk(kind: Bytes, body: Bytes) -> Bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: Bytes, late: bool = False) -> Bytes:
    """A PNG with these chunks after IHDR, or `late` just before IEND."""
    plain = saved(picture(), "PNG")
    at = len(plain) - 12 if late else 33
    return plain[:at] + b"".join(chunks) + plain[at:]


def raw_profile(block: Bytes, name: Bytes = b"exif") -> Bytes:
    """EXIF the way ImageMagick hid it in PNG text."""
    digits = (b"Exif\0\0" + block).hex().encode()
    words = b"\n" + name + b"\n%8d\n" % (len(digits) // 2) + digits + b"\n"
    return chunk(b"zTXt", b"Raw profile type " + name + b"\0\0" + zlib.compress(words))


def webp(*chunks: tuple[Bytes, Bytes]) -> Bytes:
    """A WebP with these (kind, body) chunks at its end."""
    plain = saved(picture(), "WEBP")[12:]
    size = struct.pack("<BxxxHBHB", 0x0C, 63, 0, 47, 0)
    body = _riff(b"VP8X", size) + plain + b"".join(_riff(*pair) for pair in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _riff(kind: Bytes, body: Bytes) -> Bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def box(kind: Bytes, body: Bytes) -> Bytes:
    """An ISO base media box."""
    return struct.pack(">I", len(body) + 8) + kind + body


def heif(
    block: Bytes,
    *,
    brand: Bytes = b"heic",
    turns: int = 0,
    size: tuple[int, int] = (64, 48),
    in_idat: bool = False,
    header: Bytes = b"\0\0\0\6Exif\0\0",
) -> Bytes:
    """The boxes of a HEIC with one picture (not decodable) and its Exif item."""
    item = header + block
    ftyp = box(b"ftyp", brand + b"\0\0\0\0mif1" + brand)
    draft = _meta(item, 0, turns, size, in_idat)
    where = 0 if in_idat else len(ftyp) + len(draft) + 8
    return ftyp + _meta(item, where, turns, size, in_idat) + box(b"mdat", item)


def _meta(item: Bytes, where: int, turns: int, size: tuple[int, int], in_idat: bool) -> Bytes:
    infe = box(b"infe", b"\2\0\0\0\0\1\0\0hvc1\0") + box(b"infe", b"\2\0\0\0\0\2\0\0Exif\0")
    place = struct.pack(">HHHHII", 2, int(in_idat), 0, 1, where, len(item))
    properties = box(b"ispe", struct.pack(">III", 0, *size)) + box(b"irot", bytes([turns]))
    iprp = box(b"ipco", properties) + box(b"ipma", b"\0\0\0\0\0\0\0\1\0\1\2\x01\x82")
    return box(
        b"meta",
        b"\0\0\0\0"
        + box(b"pitm", b"\0\0\0\0\0\1")
        + box(b"iinf", b"\0\0\0\0\0\2" + infe)
        + box(b"iref", b"\0\0\0\0" + box(b"cdsc", struct.pack(">HHH", 2, 1, 1)))
        + box(b"iprp", iprp)
        + box(b"iloc", b"\1\0\0\0\x44\0\0\1" + place)
        + (box(b"idat", item) if in_idat else b""),
    )


def _with_place(**changed: Tag | None) -> Callable[[], Bytes]:
    return lambda: jpeg(app1(exif(place=gps(**changed))))


def _with_xmp(attributes: str, inside: str = "") -> Callable[[], Bytes]:
    return lambda: jpeg(app1_xmp(xmp(attributes, inside)))


def _split_exif() -> Bytes:
    """EXIF over 64 kB: the maker's note pushes the GPS directory into a second segment."""
    note: dict[int, Tag] = {0x927C: (UNDEFINED, b"\0" * 70_000)}
    block = exif(photo=note, place=gps())
    return jpeg(app1(block[:65_000]), app1(block[65_000:]))


def _extended_xmp() -> Bytes:
    packet, guid = xmp('exif:GPSLatitude="32,48.19233N" exif:GPSLongitude="130,42.462E"'), b"A" * 32
    head = b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack(">I", len(packet))
    cut = len(packet) // 2
    late = segment(0xE1, head + struct.pack(">I", cut) + packet[cut:])
    first = segment(0xE1, head + struct.pack(">I", 0) + packet[:cut])
    return jpeg(app1_xmp(xmp("")), late, first)


PLACED: dict[str, Callable[[], Bytes]] = {
    "plain": _with_place(),
    "big_endian": lambda: jpeg(app1(exif(place=gps(), order=">"))),
    "refs_lower_case": _with_place(lat_ref=(ASCII, "n"), lon_ref=(ASCII, "e")),
    "refs_as_numbers": _with_place(lat_ref=(BYTE, [78]), lon_ref=(BYTE, [69])),
    "refs_padded": _with_place(lat_ref=(ASCII, b"N\0\0\0\0\0"), lon_ref=(ASCII, b"E ")),
    "decimal_degrees_only": _with_place(
        lat=(RATIONAL, [(round(LAT * 10**7), 10**7)]), lon=(RATIONAL, [(round(LON * 10**7), 10**7)])
    ),
    "decimal_minutes": _with_place(
        lat=(RATIONAL, [(32, 1), (48192333, 10**6), (0, 1)]),
        lon=(RATIONAL, [(130, 1), (42462000, 10**6), (0, 1)]),
    ),
    "minutes_over_sixty": _with_place(lat=(RATIONAL, [(31, 1), (108, 1), (1154, 100)])),
    "seconds_zero_by_zero": _with_place(
        lat=(RATIONAL, [(32, 1), (48192333, 10**6), (0, 0)]),
    ),
    "signed_rationals": _with_place(lat=(SRATIONAL, LAT_RAT), lon=(SRATIONAL, LON_RAT)),
    "doubles": _with_place(lat=(DOUBLE, [32.0, 48.0, 11.54]), lon=(DOUBLE, [LON])),
    "degrees_as_text": _with_place(lat=(ASCII, "32 48 11.54"), lon=(ASCII, "130/1,42/1,2772/100")),
    "decimal_comma_text": _with_place(lat=(ASCII, f"{LAT:.7f}".replace(".", ","))),
    "exif_after_huge_comments": lambda: jpeg(
        *[segment(0xFE, b"x" * 65_000)] * 40, app1(exif(place=gps()))
    ),
    "empty_exif_comes_first": lambda: jpeg(app1(exif()), app1(exif(place=gps()))),
    "fill_bytes_before_exif": lambda: jpeg(b"\xff\xff\xff" + app1(exif(place=gps()))),
    "exif_header_badly_written": lambda: jpeg(segment(0xE1, b"exif\0\xff" + exif(place=gps()))),
    "exif_over_two_segments": _split_exif,
    "xmp_minutes": _with_xmp('exif:GPSLatitude="32,48.19233N" exif:GPSLongitude="130,42.462E"'),
    "xmp_seconds": _with_xmp('exif:GPSLatitude="32,48,11.54N" exif:GPSLongitude="130,42,27.72E"'),
    "xmp_signed_decimal": _with_xmp(f'exif:GPSLatitude="+{LAT:.7f}" exif:GPSLongitude="{LON:.7f}"'),
    "xmp_elements": _with_xmp(
        "",
        "<exif:GPSLatitude>32,48.19233N</exif:GPSLatitude>"
        "<exif:GPSLongitude>130,42.462E</exif:GPSLongitude>",
    ),
    "xmp_drone": _with_xmp(
        f'drone-dji:GpsLatitude="+{LAT:.7f}" drone-dji:GpsLongitude="+{LON:.7f}"'
    ),
    "xmp_drone_misspelt": _with_xmp(
        f'drone-dji:GpsLatitude="{LAT:.7f}" drone-dji:GpsLongtitude="{LON:.7f}"'
    ),
    "xmp_location_created": _with_xmp(
        "",
        '<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<exif:GPSLatitude>32,48.19233N</exif:GPSLatitude>"
        "<exif:GPSLongitude>130,42.462E</exif:GPSLongitude>"
        "</rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>",
    ),
    "xmp_extended": _extended_xmp,
    "png_exif": lambda: png(chunk(b"eXIf", exif(place=gps()))),
    "png_exif_after_pixels": lambda: png(chunk(b"eXIf", exif(place=gps())), late=True),
    "png_raw_profile": lambda: png(raw_profile(exif(place=gps()))),
    "png_raw_profile_app1_late": lambda: png(raw_profile(exif(place=gps()), b"APP1"), late=True),
    "png_xmp": lambda: png(
        chunk(
            b"iTXt",
            b"XML:com.adobe.xmp\0\0\0\0\0"
            + xmp('exif:GPSLatitude="32,48.19233N" exif:GPSLongitude="130,42.462E"'),
        )
    ),
    "webp_exif": lambda: webp((b"EXIF", exif(place=gps()))),
    "webp_exif_with_header": lambda: webp((b"EXIF", b"Exif\0\0" + exif(place=gps()))),
    "webp_xmp": lambda: webp(
        (b"XMP ", xmp('exif:GPSLatitude="32,48.19233N" exif:GPSLongitude="130,42.462E"'))
    ),
    "heic": lambda: heif(exif(place=gps())),
    "heic_exif_without_header": lambda: heif(exif(place=gps()), header=b"\0\0\0\0"),
    "heic_exif_offset_wrong": lambda: heif(exif(place=gps()), header=b"\0\0\xff\0Exif\0\0"),
    "heic_exif_in_idat": lambda: heif(exif(place=gps()), in_idat=True),
    "avif": lambda: heif(exif(place=gps()), brand=b"avif"),
    "void_status": _with_place(status=(ASCII, "V")),
}
"""Every one of these says LAT, LON (to a metre)."""

_NOWHERE = [(0, 1), (0, 1), (0, 1)]
_HUGE = [(4_294_967_295, 1)]

UNPLACED: dict[str, tuple[str, Callable[[], Bytes]]] = {
    "zero_zero": ("gps_zero", _with_place(lat=(RATIONAL, _NOWHERE), lon=(RATIONAL, _NOWHERE))),
    "unsigned_minus_one": (
        "gps_out_of_range",
        _with_place(lat=(RATIONAL, _HUGE), lon=(RATIONAL, _HUGE)),
    ),
    "latitude_91": ("gps_out_of_range", _with_place(lat=(RATIONAL, [(91, 1)]))),
    "all_zero_by_zero": (
        "gps_not_a_number",
        _with_place(lat=(RATIONAL, [(0, 0)] * 3), lon=(RATIONAL, [(0, 0)] * 3)),
    ),
    "infinite_seconds": (
        "gps_not_a_number",
        _with_place(lat=(RATIONAL, [(32, 1), (48, 1), (7, 0)])),
    ),
    "nan_double": ("gps_not_a_number", _with_place(lat=(DOUBLE, [float("nan")]))),
    "words_for_degrees": ("gps_not_a_number", _with_place(lat=(ASCII, "here"))),
    "no_refs": ("gps_ref_missing", _with_place(lat_ref=None, lon_ref=None)),
    "no_longitude": ("gps_incomplete", _with_place(lon=None)),
    "xmp_zero": ("gps_zero", _with_xmp('exif:GPSLatitude="0,0.0N" exif:GPSLongitude="0,0.0E"')),
    "xmp_entity_bomb": (
        "metadata_damaged",
        lambda: jpeg(
            app1_xmp(b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + xmp('a="&b;"'))
        ),
    ),
    "xmp_not_xml": ("metadata_damaged", lambda: jpeg(app1_xmp(b"<x:xmpmeta <<< 32,48N"))),
    "exif_cut_off": ("metadata_damaged", lambda: jpeg(app1(exif(place=gps())[:20]))),
    "exif_points_to_itself": (
        "metadata_damaged",
        lambda: jpeg(app1(exif({0x8825: (ASCII, "N")}))),
    ),
}
"""Fault -> (its doubt code, photo): the report is kept and needs a place."""


def cut(data: Bytes, share: float) -> Bytes:
    """The first part of a file whose upload broke off."""
    return data[: int(len(data) * share)]


def names(of: Iterable[str]) -> list[str]:
    """Sorted, as test ids."""
    return sorted(of)
