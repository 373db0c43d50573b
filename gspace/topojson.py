"""TopoJSON -> GeoJSON (the format of the built-in boundaries: shared borders are stored once).

Specification: https://github.com/topojson/topojson-specification. Pure.
"""

from __future__ import annotations

from typing import Any

Position = tuple[float, float]


def arcs_of(topology: dict[str, Any]) -> list[list[Position]]:
    """Each arc as absolute (x, y); quantised arcs are deltas and go through `transform`."""
    transform = topology.get("transform")
    if transform is None:
        return [[(p[0], p[1]) for p in arc] for arc in topology["arcs"]]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        out.append(line)
    return out


def ring(arcs: list[list[Position]], indexes: list[int]) -> list[Position]:
    """Arcs joined end to end; a negative index ~i is arc i backwards."""
    points: list[Position] = []
    for index in indexes:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += line[1:] if points else line
    return points


def _geometry(arcs: list[list[Position]], item: dict[str, Any]) -> dict[str, Any] | None:
    if item["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [ring(arcs, r) for r in item["arcs"]]}
    if item["type"] == "MultiPolygon":
        parts = [[ring(arcs, r) for r in polygon] for polygon in item["arcs"]]
        return {"type": "MultiPolygon", "coordinates": parts}
    return None


def to_geojson(data: dict[str, Any]) -> dict[str, Any]:
    """A FeatureCollection of all polygons of all objects; GeoJSON passes through unchanged."""
    if data.get("type") != "Topology":
        return data
    arcs = arcs_of(data)
    items = [g for o in data["objects"].values() for g in o.get("geometries", [o])]
    features = [
        {"type": "Feature", "properties": g.get("properties") or {}, "geometry": _geometry(arcs, g)}
        for g in items
    ]
    return {"type": "FeatureCollection", "features": features}
