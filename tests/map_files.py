"""Small map files of every kind, most of them written by GDAL, which our readers do not use."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyproj import Transformer

from layers import sandbox
from layers.sandbox import Told

CONTEXT = {"kind": "shelter", "zone": "Asia/Tokyo"}
# three places of Kumamoto: name, address, longitude, latitude
PLACES = (
    ("東小学校", "熊本県熊本市東区健軍1-1", 130.748408, 32.794222),
    ("西公民館", "熊本県熊本市西区春日2-3", 130.688222, 32.790111),
    ("南体育館", "熊本県熊本市南区", 130.690444, 32.750333),
)
NAMES = [place[0] for place in PLACES]
AT = [[lon, lat] for _, _, lon, lat in PLACES]
SUFFIX = {"GPKG": ".gpkg", "FlatGeobuf": ".fgb", "ESRI Shapefile": ".shp", "GeoJSON": ".geojson",
          "KML": ".kml", "GPX": ".gpx"}  # fmt: skip


def read(raw: bytes | str, **context: Any) -> Told:
    """As the worker reads it: in the sandboxed child."""
    raw = raw.encode() if isinstance(raw, str) else raw
    return sandbox.read(raw, CONTEXT | context)


def refusal(raw: bytes | str, **context: Any) -> str:
    """The code of the reason why a file is refused."""
    try:
        read(raw, **context)
    except sandbox.Refused as refused:
        return refused.code
    raise AssertionError("the file was read")


def codes(told: Told) -> list[tuple[int | None, str]]:
    return [(f["row"], f["code"]) for f in told.findings]


def points(told: Told) -> list[list[float] | None]:
    return [f["geometry"] and f["geometry"]["coordinates"] for f in told.features]


def names(told: Told) -> list[Any]:
    return [f["properties"].get("name") for f in told.features]


def box(files: dict[str, bytes | str]) -> bytes:
    """A zip file."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as target:
        for name, raw in files.items():
            target.writestr(name, raw)
    return found.getvalue()


def by_gdal(
    driver: str,
    shapes: list[Any] | None = None,
    *,
    crs: str | None = "EPSG:4326",
    fields: dict[str, list[Any]] | None = None,
    layers: tuple[str, ...] = ("places",),
    **more: Any,
) -> bytes:
    """A file with these shapely geometries on WGS 84 (else PLACES), moved to `crs`; a Shapefile
    comes as a zip."""
    given = [shapely.Point(*at) for at in AT] if shapes is None else shapes
    fields = fields or {"名称": [p[0] for p in PLACES], "住所": [p[1] for p in PLACES]}
    moved = [_moved(one, crs) for one in given]
    kinds = {one.geom_type for one in given if one is not None}
    kind = kinds.pop() if len(kinds) == 1 else "Unknown"
    if any(one is not None and one.has_z for one in given):
        kind += " Z"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"f{SUFFIX[driver]}"
        for name in layers:
            pyogrio.raw.write(
                path, shapely.to_wkb(moved), [_column(v) for v in fields.values()],
                list(fields), driver=driver, geometry_type=kind, crs=crs,
                layer=name if driver == "GPKG" else None, append=name != layers[0], **more,
            )  # fmt: skip
        if driver != "ESRI Shapefile":
            return path.read_bytes()
        return box({p.name: p.read_bytes() for p in Path(folder).iterdir()})


def _column(values: list[Any]) -> Any:
    plain = all(isinstance(value, (int, float)) for value in values)
    return np.array(values, dtype=None if plain else object)


def _moved(shape: Any, crs: str | None) -> Any:
    if shape is None or crs in (None, "EPSG:4326"):
        return shape
    change = Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def move(flat: Any) -> Any:
        return np.stack([*change.transform(flat[:, 0], flat[:, 1]), *flat.T[2:]], axis=1)

    return shapely.transform(shape, move, include_z=shape.has_z)


def kml(inner: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
        'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>d</name>'
        f"{inner}</Document></kml>"
    )


def placemark(inner: str, at: str = "130.7,32.8,0") -> str:
    shape = f"<Point><coordinates>{at}</coordinates></Point>" if at else ""
    return f"<Placemark>{inner}{shape}</Placemark>"


def dbf(rows: list[dict[str, str]], encoding: str = "cp932", width: int = 40) -> bytes:
    """A dBASE III table of texts, written by hand."""
    names = list(rows[0])
    head = struct.pack("<B3BIHH20x", 3, 124, 1, 1, len(rows), 33 + 32 * len(names),
                       1 + width * len(names))  # fmt: skip
    for name in names:
        head += struct.pack("11sc4xBB14x", name.encode(encoding), b"C", width, 0)
    body = b""
    for row in rows:
        body += b" " + b"".join(v.encode(encoding)[:width].ljust(width) for v in row.values())
    return head + b"\r" + body + b"\x1a"


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def feature(coordinates: Any, kind: str = "Point", **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
