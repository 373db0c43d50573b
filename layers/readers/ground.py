"""Where the records of a map file are: its coordinate system, and each geometry on WGS 84.

A file that does not say its system is looked at as a whole: degrees, or metres whose zone the
prefecture proposes and a person confirms. Then each row is judged. Pure: imports no Django.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layers import datums, prefectures
from layers.coordinates import Point
from layers.findings import Findings
from layers.positions import Placed
from layers.readers import shapes
from layers.readers.outcome import Context, Record, Records
from layers.readers.shapes import Shape
from layers.tables import Unreadable

LIMIT_ALL_VERTICES = 5_000_000
SAMPLE = 500
# no degree is as large as this
METRES_FROM = 400
DIGITS = 9


class Ground:
    """After `shapes`: crs as it was used; held: a question to a person; fault: the first reason
    why a geometry could not be used.
    """

    def __init__(
        self, found: Records, context: Context, findings: Findings, prefecture: str
    ) -> None:
        self.found, self.findings = found, findings
        declared = sorted(prefectures.codes_in(context.coverage))
        self.prefecture = prefecture or (declared[0] if declared else "")
        self.said, self.remembered = bool(context.crs), context.more.get("remembered_crs")
        self.crs = context.crs or found.crs or 0
        self.silent = not self.crs
        self.held: tuple[str, dict[str, Any]] | None = None
        self.fault = ""

    def shapes(self) -> list[Shape | None]:
        """One a record, on WGS 84; None without a usable geometry. Raises Unreadable."""
        found = [self._shape(item) for item in self.found.items]
        vertices = sum(one.size() for one in found if one)
        if vertices > LIMIT_ALL_VERTICES:
            raise Unreadable("too_many_vertices", limit=f"{LIMIT_ALL_VERTICES:,}")
        if self.silent:
            self._survey([one for one in found if one is not None])
        elif self.crs == datums.TOKYO:
            self._tell("datum_converted")
        elif datums.is_metric(self.crs):
            self._tell("plane_converted", crs=f"EPSG:{self.crs}")
        pairs = zip(self.found.items, found, strict=True)
        return [self._settled(item, one) if one else None for item, one in pairs]

    def _shape(self, item: Record) -> Shape | None:
        if item.geometry is None:
            if item.wanting:
                self._refuse(item, item.wanting)
            return None
        try:
            return shapes.shape_of(item.geometry)
        except shapes.Faulty as error:
            self._refuse(item, str(error))
            return None

    def _refuse(self, item: Record, why: str) -> None:
        self.fault = self.fault or why
        self.findings.add(item.row, "geometry", "refused", "geometry_refused", why=why)

    def _survey(self, found: list[Shape]) -> None:
        """Degrees, or metres of a zone that is to be confirmed."""
        sample = [one.first() for one in found[:SAMPLE]]
        wide = [at for at in sample if max(map(abs, at)) > METRES_FROM]
        self.crs = 4326
        if len(wide) <= len(sample) / 2:
            if self.found.doubtful and sample:
                self.findings.add(None, "position", "doubted", "crs_unsaid")
            return
        if self.remembered and datums.is_metric(self.remembered):
            self.crs = self.remembered
            self._tell("plane_converted", crs=f"EPSG:{self.crs}")
            return
        # in map files x is the easting, always
        proposed = datums.propose(wide, self.prefecture, northing=False)
        if proposed is None or proposed[1]:
            raise Unreadable("crs_unknown")
        self.crs = proposed[0]
        given = {"zone": datums.zone_of(self.crs), "crs": f"EPSG:{self.crs}",
                 "prefecture": prefectures.name(self.prefecture)}  # fmt: skip
        self.held = ("crs_to_confirm", given)
        self.findings.add(None, "", "doubted", "crs_to_confirm", **given)

    def _tell(self, code: str, /, **given: Any) -> None:
        self.findings.add(None, "position", "repaired", code, **given)

    def _settled(self, item: Record, shape: Shape) -> Shape | None:
        # what the sender names counts more than what the file says
        code = (0 if self.said else item.crs) or self.crs
        if shape.kind == "Point" and code in datums.SAME and prefectures.in_japan(*shape.first()):
            return shape
        shown = "{1:.10g} / {0:.10g}".format(*shape.first())
        try:
            if code not in datums.SAME:
                shape.move(_rounded(code))
            elif not self._turned(item, shape, shown):
                return None
            number = shape.size()
            shapes.put_right(shape)
        except shapes.Faulty as error:
            self._refuse(item, str(error))
            return None
        except ValueError:
            self._unreadable(item, shown)
            return None
        for told in shape.codes:
            self.findings.add(item.row, "geometry", "repaired", told, number=f"{number:,}")
        return shape

    def _turned(self, item: Record, shape: Shape, shown: str) -> bool:
        """Whether the numbers are degrees of the earth; those of Japan may be exchanged."""
        inside = all(abs(x) <= 180 and abs(y) <= 90 for x, y in shape.positions())
        if not inside and all(prefectures.in_japan(y, x) for x, y in shape.positions()):
            shape.move(lambda x, y: (y, x))
            self.findings.add(item.row, "position", "repaired", "position_swapped", value=shown)
            return True
        if not inside and all(180 < x <= 540 and abs(y) <= 90 for x, y in shape.positions()):
            # counted on eastwards beyond the date line
            shape.move(lambda x, y: (x - 360, y))
            return True
        if not inside or (shape.kind == "Point" and shape.first() == (0, 0)):
            self._unreadable(item, shown)
            return False
        return True

    def _unreadable(self, item: Record, shown: str) -> None:
        self.fault = self.fault or f"{shown} is no position."
        self.findings.add(item.row, "position", "refused", "position_unreadable", value=shown)

    def placed(self, item: Record, shape: Shape | None) -> Placed:
        """Where it roughly is, in the terms of layers.positions."""
        if shape is None:
            return Placed(item.row)
        lon, lat = shape.middle()
        codes = () if prefectures.in_japan(lon, lat) else ("outside_japan",)
        return Spot(item.row, Point(lon, lat, codes))


class Spot(Placed):
    """Says where it is only when asked: hardly one of a file is."""

    @property
    def shown(self) -> str:  # type: ignore[override]
        return f"{self.point.lat:.7g} / {self.point.lon:.8g}" if self.point else ""

    @shown.setter
    def shown(self, text: str) -> None:
        """What it says follows from where it is."""


def _rounded(code: int) -> Callable[[float, float], tuple[float, float]]:
    def change(x: float, y: float) -> tuple[float, float]:
        lon, lat = datums.to_degrees(code, x, y)
        return round(lon, DIGITS), round(lat, DIGITS)

    return change
