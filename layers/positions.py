"""Where the rows of a table are: columns looked at as a whole first, then each row.

A column tells what a single cell cannot: packed degrees, the old datum, metres of a plane zone,
a file about another country. Pure: imports no Django.
"""

from __future__ import annotations

import math
import re
import statistics
from dataclasses import dataclass, field
from typing import Any

from layers import coordinates, datums, headings, prefectures
from layers.coordinates import Point
from layers.findings import Findings
from layers.flags import is_unknown
from layers.tables import is_blank

SURVEYED = 5000
# positions of fewer digits than this are town or kilometre precision
FINE_DIGITS = 3
FINE = re.compile(r"\d{2,3}\.\d{3,30}", re.ASCII)
# a place this much further from the middle than nine of ten others stands out
FAR_FACTOR, FAR_KM = 3, 60
KM_PER_DEGREE = 111.2


@dataclass
class Placed:
    """row: as in the file; point: None without a place; kept: fields to keep as written."""

    row: int
    point: Point | None = None
    kept: set[str] = field(default_factory=set)
    shown: str = ""


class Reader:
    """Reads the position of each row out of cells by field (lat, lon, latlon, x, y, lat_d ...).

    crs: what the sender says (EPSG code), or None; remembered: what a person said of an earlier
    file, for metres of which nothing says the zone. After `survey`: crs as it was used; held: code
    and given of a question that a person has to answer; refused: the same, of a file with no way.
    """

    def __init__(
        self,
        findings: Findings,
        header: int,
        crs: int | None = None,
        remembered: int | None = None,
    ) -> None:
        self.findings, self.header = findings, header
        self.said, self.remembered = crs, remembered
        self.crs = crs or 4326
        self.packed = self.plainly = False
        self.northing = True
        self.plane = bool(crs and datums.is_metric(crs))
        self.held: tuple[str, dict[str, Any]] | None = None
        self.refused: str = ""

    def survey(self, rows: list[dict[str, str]], names: dict[str, str], prefecture: str) -> None:
        """Look at the columns. names: field -> column name; prefecture: two digits or ""."""
        given = [(r["lat"], r["lon"]) for r in rows if r.get("lat") and r.get("lon")]
        self.packed = bool(given) and all(
            coordinates.is_packed([pair[i] for pair in given]) for i in (0, 1)
        )
        # X座標 is the northing in Japan, x in tables out of a GIS the easting
        habit = not names.get("x", "座標").isascii()
        self._survey_plane(rows, prefecture, habit)
        old = [names.get(n, "") for n in ("lat", "lon", "latlon", "lat_d")]
        if not self.said and any(headings.is_old_datum(name) for name in old):
            self.crs = datums.TOKYO
        if self.crs == datums.TOKYO:
            self._tell("datum_converted")
        self.plainly = not (self.plane or self.packed or self.crs == datums.TOKYO)

    def _survey_plane(self, rows: list[dict[str, str]], prefecture: str, habit: bool) -> None:
        # metres may also stand under 緯度 and 経度, as they do in exports of survey offices
        # some thousands of rows tell whether most are so
        some = rows[:: max(1, len(rows) // SURVEYED)]
        both = [(r.get("x") or r.get("lat"), r.get("y") or r.get("lon")) for r in some]
        points = []
        for x, y in both:
            try:
                points.append((coordinates.metres(x or ""), coordinates.metres(y or "")))
            except ValueError:
                continue
        if self.plane:
            self.northing = datums.is_northing(points, self.crs, prefecture, habit)
            self._tell("plane_converted", crs=f"EPSG:{self.crs}")
            return
        wide = [p for p in points if _is_metres(*p)]
        if self.said or len(wide) <= len(points) / 2:
            return
        self.plane = True
        if self.remembered and datums.is_metric(self.remembered):
            self.crs = self.remembered
            self.northing = datums.is_northing(wide, self.crs, prefecture, habit)
            self._tell("plane_converted", crs=f"EPSG:{self.crs}")
            return
        if (found := datums.propose(wide, prefecture, habit)) is None:
            self.refused = "crs_unknown"
            return
        self.crs, self.northing = found
        area = prefectures.name(prefecture)
        given = {"zone": datums.zone_of(self.crs), "crs": f"EPSG:{self.crs}", "prefecture": area}
        self.held = ("crs_to_confirm", given)

    def _tell(self, code: str, /, **given: Any) -> None:
        self.findings.add(self.header or 1, "position", "repaired", code, **given)

    def place(self, row: int, cells: dict[str, str]) -> Placed:
        """cells: field -> text. Findings about the row's position are added."""
        if self.plainly and (plain := _plain(row, cells)) is not None:
            return plain
        found = Placed(row)
        try:
            texts = _texts(cells)
            if texts is None:
                return found
            found.shown = " / ".join(texts).strip()
            found.point = self._point(cells, *texts)
        except ValueError:
            shown = found.shown or cells.get("latlon", "")
            self.findings.add(row, "position", "refused", "position_unreadable", value=shown)
            found.kept = {"lat", "lon", "latlon", "x", "y"}
        except _Half:
            self.findings.add(row, "position", "refused", "position_half")
            found.kept = {"lat", "lon"}
        else:
            self._remark(found, texts)
        return found

    def _point(self, cells: dict[str, str], first: str, second: str) -> Point:
        if self.plane:
            x, y = coordinates.metres(first), coordinates.metres(second)
            return Point(*datums.to_degrees(self.crs, *((y, x) if self.northing else (x, y))))
        if "x" in cells and not cells.get("lat") and not cells.get("latlon"):
            # degrees under X and Y: X is the longitude for most, and nobody is told off for it
            found = coordinates.point(second, first)
            codes = tuple(c for c in found.codes if c != "position_swapped")
            found = Point(found.lon, found.lat, codes)
        elif self.packed:
            one, two = coordinates.unpacked(first), coordinates.unpacked(second)
            found = coordinates.point(one, two)
            codes = tuple("packed_dms" if c == "dms" else c for c in found.codes)
            found = Point(found.lon, found.lat, codes)
        else:
            found = coordinates.point(first, second)
        if self._is_old(cells):
            lon, lat = datums.to_degrees(datums.TOKYO, found.lon, found.lat)
            return Point(lon, lat, found.codes)
        return found

    def _is_old(self, cells: dict[str, str]) -> bool:
        said = cells.get("datum", "")
        return self.crs == datums.TOKYO or bool(said and headings.is_old_datum(said))

    def _remark(self, found: Placed, texts: tuple[str, str]) -> None:
        if found.point is None:
            return
        for code in found.point.codes:
            if code == "outside_japan":
                continue
            read = f"{found.point.lat:.7g}, {found.point.lon:.8g}"
            given = {"value": found.shown, "read": read}
            self.findings.add(found.row, "position", "repaired", code, **given)
            found.kept |= {"lat", "lon", "latlon"}
        if not self.plane and not found.point.codes and max(map(_digits, texts)) < FINE_DIGITS:
            self.findings.add(
                found.row, "position", "doubted", "position_coarse", value=found.shown
            )


def _plain(row: int, cells: dict[str, str]) -> Placed | None:
    """Two decimals that lie in Japan, as most are: nothing to put right, nothing to say."""
    first, second = cells.get("lat", ""), cells.get("lon", "")
    if not (FINE.fullmatch(first) and FINE.fullmatch(second)) or cells.get("datum"):
        return None
    lat, lon = float(first), float(second)
    if not prefectures.in_japan(lon, lat):
        return None
    return Placed(row, Point(lon, lat), shown=f"{first} / {second}")


class _Half(Exception):
    pass


def _texts(cells: dict[str, str]) -> tuple[str, str] | None:
    """(latitude or X, longitude or Y) as written, None when the row gives no position."""
    for one, two in (("lat", "lon"), ("x", "y")):
        first, second = _said(cells, one), _said(cells, two)
        if first and not second and one == "lat" and (pair := _pair_or_none(first)):
            return pair
        if first and second:
            return first, second
        if first or second:
            raise _Half
    if cells.get("lat_d") and cells.get("lon_d"):
        return _joined(cells, "lat"), _joined(cells, "lon")
    text = _said(cells, "latlon")
    return coordinates.pair(text) if text else None


def _pair_or_none(text: str) -> tuple[str, str] | None:
    try:
        return coordinates.pair(text)
    except ValueError:
        return None


def _said(cells: dict[str, str], name: str) -> str:
    text = cells.get(name, "").strip()
    if text[:1].isdigit():
        return text
    return "" if is_blank(text) or is_unknown(text) else text


def _joined(cells: dict[str, str], axis: str) -> str:
    d, m, s = (cells.get(f"{axis}_{part}", "").strip() or "0" for part in "dms")
    return f"{d}°{m}'{s}\""


def _is_metres(x: float, y: float) -> bool:
    # degrees and milliseconds of arc are smaller and far larger; lost points are whole and large
    return max(abs(x), abs(y)) > 400 and max(abs(x), abs(y)) < datums.REACH_M


def _digits(text: str) -> int:
    return len(text.strip().partition(".")[2])


# --- the places of a file together -----------------------------------------------------------
def judge(
    placed: list[Placed], areas: list[set[str]], declared: set[str], findings: Findings
) -> None:
    """Doubt, and keep, what lies outside; take off the map what is a typing error.

    areas: a row's prefectures (two digits): that of the publishing body and of its own address;
    declared: those of the layer's coverage, any of which will do.
    """
    points = [p for p in placed if p.point is not None]
    abroad = {id(p) for p in points if p.point and "outside_japan" in p.point.codes}
    mostly_abroad = len(abroad) * 2 > len(points)
    asked = not mostly_abroad and not all(areas)
    far = _far([p for p in points if id(p) not in abroad]) if asked else {}
    for one, codes in zip(placed, areas, strict=True):
        if one.point is None:
            continue
        if abroad and id(one) in abroad:
            code = "outside_japan" if mostly_abroad else "position_abroad"
            level = "doubted" if mostly_abroad else "refused"
            findings.add(one.row, "position", level, code, value=one.shown)
            if not mostly_abroad:
                one.point, one.kept = None, {"lat", "lon", "latlon"}
            continue
        # nearly always one
        outside = [c for c in codes if not _near(c, one.point)]
        outside = sorted(outside) if len(outside) > 1 else outside
        if not outside and declared and not any(_near(c, one.point) for c in declared):
            outside = sorted(declared)
        if outside:
            area = "・".join(prefectures.name(c) for c in outside)
            given = {"area": area, "value": one.shown}
            findings.add(one.row, "position", "doubted", "outside_area", **given)
        elif not codes and id(one) in far:
            given = {"km": f"{far[id(one)]:.0f}", "value": one.shown}
            findings.add(one.row, "position", "doubted", "far_from_the_rest", **given)


def _near(code: str, point: Point) -> bool:
    return prefectures.holds(code, point.lon, point.lat)


def _far(points: list[Placed]) -> dict[int, float]:
    """id of what stands out -> kilometres from the middle of all."""
    found = [(p, p.point) for p in points if p.point is not None]
    if len(found) < 5:
        return {}
    lon = statistics.median([point[0] for _, point in found])
    lat = statistics.median([point[1] for _, point in found])
    # a degree of longitude in Japan is some 0.8 of one of latitude
    wide = 0.8 * KM_PER_DEGREE
    away = [math.hypot((p[0] - lon) * wide, (p[1] - lat) * KM_PER_DEGREE) for _, p in found]
    usual = sorted(away)[int(len(away) * 0.9) - 1]
    outer = usual * FAR_FACTOR + FAR_KM
    return {id(one): km for (one, _), km in zip(found, away, strict=True) if km > outer}
