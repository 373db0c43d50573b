"""KML 2.2 (OGC 07-147r2) of features, written in pieces; pure: imports no Django."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/vnd.google-earth.kml+xml"
# characters that XML 1.0 cannot hold, whatever is done to them
BARRED = {n: None for n in range(32) if n not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def text(value: Any) -> str:
    """Words as XML text."""
    return escape(str(value).translate(BARRED))


def parts(title: str, styles: Mapping[str, str], placemarks: Iterable[str]) -> Iterator[bytes]:
    """The file in pieces. styles: id -> colour as `#rrggbb`."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{text(title)}</name>\n"
    ).encode()
    for name, colour in styles.items():
        yield f"<Style id={quoteattr(name)}>{_style(colour)}</Style>\n".encode()
    for mark in placemarks:
        yield mark.encode("utf-8", "replace")
    yield b"</Document></kml>\n"


def _style(colour: str) -> str:
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    line, fill = f"ff{blue}{green}{red}".lower(), f"66{blue}{green}{red}".lower()
    return (
        f"<IconStyle><color>{line}</color></IconStyle>"
        f"<LineStyle><color>{line}</color><width>3</width></LineStyle>"
        f"<PolyStyle><color>{fill}</color></PolyStyle>"
    )


def placemark(
    ident: str,
    name: str,
    style: str,
    when: str | None,
    rows: Sequence[tuple[str, Any]],
    geometry: dict[str, Any] | None,
) -> str:
    """One feature. rows: (name, value) as ExtendedData; None is left out. geometry: GeoJSON."""
    data = "".join(
        f"<Data name={quoteattr(key)}><value>{text(value)}</value></Data>"
        for key, value in rows
        if value is not None
    )
    moment = f"<TimeStamp><when>{text(when)}</when></TimeStamp>" if when else ""
    return (
        f"<Placemark id={quoteattr('r' + ident)}><name>{text(name)}</name>{moment}"
        f"<styleUrl>#{text(style)}</styleUrl><ExtendedData>{data}</ExtendedData>"
        f"{shape(geometry)}</Placemark>\n"
    )


def shape(geometry: dict[str, Any] | None) -> str:
    """GeoJSON geometry as KML; nothing for none."""
    if not geometry:
        return ""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return _many(shape(one) for one in geometry["geometries"])
    if kind.startswith("Multi"):
        single = kind.removeprefix("Multi")
        return _many(shape({"type": single, "coordinates": c}) for c in geometry["coordinates"])
    return _single(kind, geometry["coordinates"])


def _many(shapes: Iterable[str]) -> str:
    return f"<MultiGeometry>{''.join(shapes)}</MultiGeometry>"


def _single(kind: str, coordinates: Any) -> str:
    if kind == "Point":
        return f"<Point>{_line([coordinates])}</Point>"
    if kind == "LineString":
        return f"<LineString>{_line(coordinates)}</LineString>"
    rings = [f"<LinearRing>{_line(ring)}</LinearRing>" for ring in coordinates]
    outer = "".join(f"<outerBoundaryIs>{ring}</outerBoundaryIs>" for ring in rings[:1])
    inner = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in rings[1:])
    return f"<Polygon>{outer}{inner}</Polygon>"


def _line(points: Sequence[Sequence[float]]) -> str:
    words = " ".join(f"{p[0]:.7f},{p[1]:.7f}" for p in points)
    return f"<coordinates>{words}</coordinates>"
