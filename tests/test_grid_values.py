"""The values of tests/frontend/grid_values.json: UTM by PROJ, grid squares by exact fractions.

Made anew by `.venv/bin/python -m tests.test_grid_values > tests/frontend/grid_values.json`.
"""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

from pyproj import Transformer

from gspace import mesh

FILE = Path(__file__).parent / "frontend" / "grid_values.json"
PLACES = (
    ("Kumamoto", 130.75, 32.79),
    ("Tokyo station", 139.7671, 35.6812),
    ("west of the border of zones 52 and 53", 131.99999, 33.2),
    ("on it", 132, 33.2),
    ("east of it", 132.00001, 33.2),
    ("Wakkanai", 141.67, 45.52),
    ("Yonaguni", 122.93, 24.45),
    ("Minamitorishima", 153.98, 24.29),
    ("Sydney", 151.2153, -33.8568),
    ("a hair south of the equator", 100.5, -0.00001),
    ("the equator", 100.5, 0),
    ("Bergen, in zone 32", 5.33, 60.39),
    ("Svalbard, in zone 33", 15.63, 78.22),
    ("the last zone", 179.99999, 10.5),
    ("the first", -180, 10.5),
    ("Ushuaia", -68.3, -54.8),
    ("on the edge of bands R and S", 130.5, 32.0),
    ("south of it", 130.5, 31.99999),
)
COLUMNS = {0: "STUVWXYZ", 1: "ABCDEFGH", 2: "JKLMNPQR"}
ROWS = "ABCDEFGHJKLMNPQRSTUV"


def zone_of(lon: float, lat: float) -> int:
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if lat >= 72 and 0 <= lon < 42:
        return 31 if lon < 9 else 33 if lon < 21 else 35 if lon < 33 else 37
    return int((lon + 180) // 6) + 1


def grid(lon: float, lat: float) -> dict[str, Any]:
    zone, band = zone_of(lon, lat), "CDEFGHJKLMNPQRSTUVWX"[min(19, int((lat + 80) // 8))]
    to = (32600 if lat >= 0 else 32700) + zone
    east, north = Transformer.from_crs(4326, to, always_xy=True).transform(lon, lat)
    e, n = math.floor(east), math.floor(north)
    row = ROWS[(n // 100_000 + (0 if zone % 2 else 5)) % 20]
    square = f"{COLUMNS[zone % 3][e // 100_000 - 1]}{row}"
    return {
        "easting": round(east, 4),
        "northing": round(north, 4),
        "utm": f"{zone}{band} {e} {n}",
        "mgrs": f"{zone}{band} {square} {e % 100_000:05d} {n % 100_000:05d}",
    }


def square(lon: Fraction, lat: Fraction, length: int) -> str:
    """JIS X 0410 in the words of the standard: minutes and seconds, quotients and remainders."""
    p, a = divmod(lat * 60, 40)
    q, b = divmod(a, 5)
    r, c = divmod(b * 60, 30)
    s, d = divmod(c, 15)
    t = d // Fraction(15, 2)
    u, f = divmod(lon - 100, 1)
    v, g = divmod(f * 60, Fraction(15, 2))
    w, h = divmod(g * 60, 45)
    x, i = divmod(h, Fraction(45, 2))
    y = i // Fraction(45, 4)
    return f"{p:02d}{u:02d}{q}{v}{r}{w}{s * 2 + x + 1}{t * 2 + y + 1}"[:length]


def sexagesimal(value: float, positive: str, negative: str) -> str:
    tenths = round(abs(Fraction(repr(value))) * 36_000)
    side = negative if value < 0 and tenths else positive
    whole = f"{tenths // 36_000}°{tenths // 600 % 60:02d}′"
    return f"{whole}{tenths % 600 // 10:02d}.{tenths % 10}″{side}"


def place(name: str, lon: float, lat: float) -> dict[str, Any]:
    exact = Fraction(repr(lon)), Fraction(repr(lat))
    inside = 100 <= lon < 180 and 0 <= lat < 66.66
    return {
        "name": name,
        "lon": lon,
        "lat": lat,
        **grid(lon, lat),
        "dms": f"{sexagesimal(lat, 'N', 'S')} {sexagesimal(lon, 'E', 'W')}",
        "mesh": [square(*exact, length) for length in (8, 9, 10)] if inside else None,
    }


def edges() -> list[dict[str, Any]]:
    """South-western corners of squares of 250 m all over Japan, and what lies a hair beyond."""
    draw, found, hair = random.Random(4), [], Fraction(1, 10**8)
    for _ in range(40):
        lat = Fraction(draw.randrange(20 * 480, 46 * 480), 480)
        lon = 100 + Fraction(draw.randrange(22 * 320, 54 * 320), 320)
        found.append(
            {
                "lon": float(lon),
                "lat": float(lat),
                "code": square(lon, lat, 10),
                "west": square(lon - hair, lat, 10),
                "south": square(lon, lat - hair, 10),
            }
        )
    return found


def values() -> dict[str, Any]:
    return {"places": [place(*one) for one in PLACES], "edges": edges()}


def test_the_values_are_what_proj_and_the_standard_say() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == values()


def test_the_services_own_squares_hold_them() -> None:
    """gspace.mesh.cell goes the other way."""
    for told in values()["places"]:
        for code in told["mesh"] or ():
            west, south, east, north = mesh.cell(code)
            lon, lat = told["lon"] + mesh.HAIR, told["lat"] + mesh.HAIR
            inside = west <= lon < east and south <= lat < north
            assert inside, (told["name"], code)
    for told in values()["edges"]:
        west, south, _, _ = mesh.cell(told["code"])
        assert abs(west - told["lon"]) < mesh.HAIR
        assert abs(south - told["lat"]) < mesh.HAIR


if __name__ == "__main__":
    print(json.dumps(values(), ensure_ascii=False, indent=1))
