"""A coordinate system in words (.prj, WKT 1 and 2) -> its EPSG code, if layers.datums has it.

Read by its parameters: names differ from program to program, origins of zones do not. No PROJ:
it would follow what the text asks for. Pure: imports no Django.
"""

from __future__ import annotations

import re

from layers import datums

# the origins of the plane-rectangular zones I to XIX: latitude, longitude
ORIGINS = (
    (33, 129.5), (33, 131), (36, 132 + 1 / 6), (33, 133.5), (36, 134 + 1 / 3), (36, 136),
    (36, 137 + 1 / 6), (36, 138.5), (36, 139 + 5 / 6), (40, 140 + 5 / 6), (44, 140.25),
    (44, 142.25), (44, 144.25), (26, 142), (26, 127.5), (26, 124), (26, 131), (20, 136), (26, 154),
)  # fmt: skip
# datum -> degrees, plane zones, UTM zones 51N to 55N
FAMILIES = {
    "jgd2011": (6668, datums.PLANE_JGD2011, datums.UTM_JGD2011),
    "jgd2000": (4612, datums.PLANE_JGD2000, datums.UTM_JGD2000),
    "tokyo": (datums.TOKYO, datums.PLANE_TOKYO, datums.UTM_TOKYO),
    "wgs84": (4326, range(0), datums.UTM_WGS84),
}
DATUMS = (
    ("jgd2011", r"jgd2011|japanesegeodeticdatum2011"),
    ("jgd2000", r"jgd2000|japanesegeodeticdatum2000"),
    ("tokyo", r"tokyo"),
    ("wgs84", r"wgs1984|wgs84|worldgeodeticsystem1984"),
)
LIMIT_TEXT = 20_000
ROOT = re.compile(r"^\s*(?:BOUND|COMPD_?|COMPOUND)?(?:CRS)?\[?.{0,200}?(GEOG|PROJ|GEOD)(?:CS|CRS)",
                  re.S | re.I)  # fmt: skip


def is_one(text: str) -> bool:
    """Whether it is a coordinate system at all; many a .prj is an error page."""
    return bool(ROOT.match(text[:LIMIT_TEXT]))


def name_of(text: str) -> str:
    match = re.search(r'"([^"]{1,80})"', text)
    return match[1] if match else text.strip()[:60]


def code_of(text: str) -> int | None:
    """The EPSG code; None for a system that is not in the list."""
    text = text[:LIMIT_TEXT]
    match = ROOT.match(text)
    if match is None:
        return None
    if code := _declared(text):
        return code
    if (family := _family(text)) is None:
        return None
    degrees, planes, utm = FAMILIES[family]
    if match[1].upper() != "PROJ":
        return degrees
    if re.search(r"pseudo.?mercator|mercator_auxiliary_sphere|web_mercator", text, re.I):
        return datums.WEB_MERCATOR
    return _zone(text, planes, utm)


def _declared(text: str) -> int | None:
    """The code that the whole system bears: the last one, outside of all its parts."""
    codes = re.findall(r'(?:AUTHORITY|ID)\["EPSG",\s*"?(\d{4,6})"?\]', text, re.I)
    tail = re.search(r'(?:AUTHORITY|ID)\["EPSG",\s*"?\d{4,6}"?\]\s*\]\s*$', text, re.I)
    return datums.listed(int(codes[-1])) if codes and tail else None


def _family(text: str) -> str | None:
    match = re.search(r'DATUM\["([^"]+)"|ENSEMBLE\["([^"]+)"', text, re.I)
    words = [*(match.groups() if match else ()), name_of(text)]
    for word in words:
        plain = re.sub(r"[^a-z0-9]", "", (word or "").lower())
        for family, pattern in DATUMS:
            if re.search(pattern, plain):
                return family
    return None


def _zone(text: str, planes: range, utm: range) -> int | None:
    scale = _parameter(text, r"scale[_ ]factor(?:[^\"]*)")
    north = _parameter(text, r"latitude[_ ]of[_ ](?:natural[_ ])?origin")
    east = _parameter(text, r"central[_ ]meridian|longitude[_ ]of[_ ]natural[_ ]origin")
    if scale is None or north is None or east is None:
        return None
    if abs(scale - 0.9996) < 1e-6 and utm:
        zone = round((east + 183) / 6) - 51
        return utm[zone] if 0 <= zone < len(utm) and north == 0 else None
    if abs(scale - 0.9999) > 1e-6 or not planes:
        return None
    for place, (lat, lon) in enumerate(ORIGINS):
        if abs(lat - north) < 1e-4 and abs(lon - east) < 1e-4:
            return planes[place]
    return None


def _parameter(text: str, name: str) -> float | None:
    match = re.search(rf'PARAMETER\["(?:{name})"\s*,\s*([-+\d.eE]+)', text, re.I)
    return float(match[1]) if match else None
