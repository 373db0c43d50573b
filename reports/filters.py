"""The list filters of DESIGN 4.3 as SQL; lists, tiles and exports take the same ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from gspace import geo, vocabulary
from gspace.access import BITS, Audience
from gspace.models import Incident
from gspace.problems import Problem
from gspace.wire import FIRST_YEAR, LAST_YEAR, is_on_earth
from reports.features import PUBLIC_GEOMETRY
from reports.search import words_clause

# what HQ does not want on the map by default is still in the list: the page hides it
CODES = {"category": "category", "severity": "severity", "status": "status"}
TIMES = {
    "since": "r.received_at >= %s",
    "until": "r.received_at < %s",
    "captured_since": "r.captured_at >= %s",
    "captured_until": "r.captured_at < %s",
}


def where(
    incident: Incident, audience: Audience, filters: dict[str, Any]
) -> tuple[str, list[Any], int]:
    """(SQL condition on r, its parameters, limit). Raises Problem invalid naming the filter.

    filters: bbox, since, until, captured_since, captured_until (RFC 3339), category, severity,
    status (comma-separated codes), q, mine (author key), area (municipality codes), limit, cursor.
    """
    clauses = ["r.incident_id = %s"]
    params: list[Any] = [incident.id]
    own = bool(filters.get("mine")) and audience in ("field", "public")
    if mine := filters.get("mine"):
        clauses.append("r.author_key = %s")
        params.append(mine)
    else:
        clauses.append("r.audiences & %s <> 0")
        params.append(BITS[audience])
    for add in (_codes, _times, _cursor):
        add(filters, clauses, params)
    _place(filters, audience, clauses, params)
    _text(filters, "author" if own else audience, clauses, params)
    return " AND ".join(clauses), params, _limit(filters.get("limit"))


def _codes(filters: dict[str, Any], clauses: list[str], params: list[Any]) -> None:
    for name, kind in CODES.items():
        if not (value := filters.get(name)):
            continue
        wanted = [code.strip() for code in str(value).split(",") if code.strip()]
        if unknown := set(wanted) - set(vocabulary.codes(kind)):
            raise Problem("invalid", f"Unknown: {', '.join(sorted(unknown))}", field=name)
        clauses.append(f"r.{name} = ANY(%s)")
        params.append(wanted)


def _times(filters: dict[str, Any], clauses: list[str], params: list[Any]) -> None:
    for name, clause in TIMES.items():
        if value := filters.get(name):
            clauses.append(clause)
            params.append(moment(value, name))


def moment(value: Any, field: str) -> datetime:
    """A time with offset (RFC 3339). Raises Problem time_without_offset / invalid."""
    try:
        # '+' in a query string arrives as a space
        found = datetime.fromisoformat(str(value).strip().replace(" ", "+"))
        if not (FIRST_YEAR <= found.year <= LAST_YEAR and is_on_earth(found)):
            raise ValueError("out of range")
    except ValueError:
        raise Problem("invalid", "A time as in RFC 3339 is expected.", field=field) from None
    if found.tzinfo is None:
        raise Problem("time_without_offset", field=field)
    return found


def _place(
    filters: dict[str, Any], audience: Audience, clauses: list[str], params: list[Any]
) -> None:
    if box := filters.get("bbox"):
        # by the place this audience is shown: an exact search would give a rounded home away
        shown = PUBLIC_GEOMETRY if audience == "public" else "r.geometry"
        clauses.append(f"{shown} && ST_GeomFromText(%s, 4326)")
        params.append(geo.bbox(str(box)).wkt)
    if area := filters.get("area"):
        codes = [code.strip() for code in str(area).split(",") if code.strip()]
        # a city's code covers its wards: same prefecture and city digits, own last ones
        clauses.append("(r.municipality_code = ANY(%s) OR left(r.municipality_code, 4) = ANY(%s))")
        params += [codes, [c[:4] for c in codes if c[2:5].endswith("00") and c[2:5] != "000"]]


# Unix time in seconds; PostgreSQL refuses to make a time of much more
CURSOR_MAX_S = 1e11


def _text(filters: dict[str, Any], reader: str, clauses: list[str], params: list[Any]) -> None:
    if found := words_clause(filters.get("q"), reader):
        clauses.append(found[0])
        params += found[1]


def _cursor(filters: dict[str, Any], clauses: list[str], params: list[Any]) -> None:
    if not (value := filters.get("cursor")):
        return
    seconds, _, ident = str(value).partition("_")
    try:
        if not abs(float(seconds)) < CURSOR_MAX_S:
            raise ValueError("no time of ours, or NaN")
        params += [float(seconds), str(UUID(ident))]
    except ValueError:
        raise Problem("invalid", "Take the cursor of the last answer.", field="cursor") from None
    clauses.append("(r.received_at, r.id) < (to_timestamp(%s), %s::uuid)")


def _limit(value: Any) -> int:
    if value in (None, ""):
        return int(settings.LIMIT_LIST)
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise Problem("invalid", "limit is a whole number from 1.", field="limit")
    return min(number, settings.LIMIT_LIST)
