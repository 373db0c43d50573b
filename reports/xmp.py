"""Place, direction and time out of an XMP packet, as phones, editors and drones write it. Pure.

Sources: XMP specification part 2 (exif, tiff, photoshop), IPTC Photo Metadata (LocationCreated),
DJI drone-dji 1.0. Parsed by defusedxml: no DTD, no entities, no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from . import camera_clock, degrees
from .exif import Exif, checked_position, direction, height, radius, word

MAX_BYTES = 262_144
"""Longest packet parsed; more is pictures and depth maps in base64, not a position."""

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_CREATED = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}LocationCreated"

Properties = dict[str, str]
Element = Any
"""An ElementTree element; defusedxml has no type for it."""


def read(packet: bytes) -> Exif:
    """What the packet says; an empty Exif (doubt metadata_damaged when it is no XML)."""
    try:
        said = _properties(_tree(packet[:MAX_BYTES]))
    # ValueError, LookupError: an encoding declaration that names nonsense.
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return Exif(doubts=("metadata_damaged",))
    doubts: list[str] = []
    facts = _position(said, doubts) | _direction(said, doubts) | _clock(said, doubts)
    facts |= {"make": word(_tiff(said, "Make")), "model": word(_tiff(said, "Model"))}
    return Exif(**facts, doubts=tuple(dict.fromkeys(doubts)))


def _tree(packet: bytes) -> Element:
    start, end = packet.find(b"<"), packet.rfind(b">")
    return fromstring(packet[max(start, 0) : end + 1], forbid_dtd=True)


def _properties(root: Element) -> Properties:
    """{"{namespace}name": text} of the picture itself, else of the place it was made at."""
    said: Properties = {}
    top = [item for rdf in _rdf(root) for item in rdf if item.tag == f"{_RDF}Description"]
    nested = [item for outer in top for place in outer.iter(_CREATED) for item in place.iter()]
    for description in top + nested:
        for name, text in _pairs(description):
            said.setdefault(name, text.strip())
    return said


def _rdf(root: Element) -> Iterator[Element]:
    return root.iter(f"{_RDF}RDF")


def _pairs(description: Element) -> Iterator[tuple[str, str]]:
    yield from description.attrib.items()
    for child in description:
        item = child.find(f".//{_RDF}li") if len(child) else None
        yield child.tag, (child if item is None else item).text or ""


def _position(said: Properties, doubts: list[str]) -> dict[str, Any]:
    pair = _exif_pair(said) or _drone_pair(said)
    if pair is None:
        return {}
    lat, lon = (degrees.signed(*degrees.from_text(words)) for words in pair)
    doubt = checked_position(lat, lon)
    if doubt:
        doubts.append(doubt)
        return {}
    return {"lat": lat, "lon": lon} | _around(said, doubts)


def _exif_pair(said: Properties) -> tuple[str, str] | None:
    lat, lon = _exif(said, "GPSLatitude"), _exif(said, "GPSLongitude")
    if not lat or not lon:
        return None
    # Not in the standard, but written: the letter in a property of its own.
    return lat + _exif(said, "GPSLatitudeRef")[:1], lon + _exif(said, "GPSLongitudeRef")[:1]


def _drone_pair(said: Properties) -> tuple[str, str] | None:
    """drone-dji:GpsLatitude and GpsLongitude, which early firmware spelled GpsLongtitude."""
    lat = _drone(said, "gpslatitude")
    lon = _drone(said, "gpslongitude") or _drone(said, "gpslongtitude")
    return (lat, lon) if lat and lon else None


def _drone(said: Properties, name: str) -> str:
    matches = (text for key, text in said.items() if "drone" in key and _local(key) == name)
    return next(matches, "")


def _local(key: str) -> str:
    return key.rsplit("}", 1)[-1].lower()


def _around(said: Properties, doubts: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    ref, value = (
        _number(_exif(said, "GPSAltitudeRef")),
        _number(_exif(said, "GPSAltitude")),
    )
    if value is not None and ref is not None:
        facts["altitude_m"] = height(value, ref, doubts)
    elif (drone := _number(_drone(said, "absolutealtitude"))) is not None:
        facts["altitude_m"] = height(drone, None, doubts)
    error = _number(_exif(said, "GPSHPositioningError"))
    if error is not None:
        facts["accuracy_m"] = radius(error, doubts)
    return facts


def _direction(said: Properties, doubts: list[str]) -> dict[str, Any]:
    value = _number(_exif(said, "GPSImgDirection"))
    return {} if value is None else direction(value, _exif(said, "GPSImgDirectionRef"), doubts)


def _clock(said: Properties, doubts: list[str]) -> dict[str, Any]:
    words = _exif(said, "DateTimeOriginal")
    if not words:
        return {}
    stamp = camera_clock.taken(words)
    doubts += stamp.doubts
    return {"taken_at": stamp.at, "utc_offset": stamp.offset, "subsec": stamp.subsec}


def _exif(said: Properties, name: str) -> str:
    return said.get(f"{{{_EXIF}}}{name}", "")


def _tiff(said: Properties, name: str) -> str:
    return said.get(f"{{{_TIFF}}}{name}", "")


def _number(words: str) -> float | None:
    return next(iter(degrees.numbers(words)), None)
