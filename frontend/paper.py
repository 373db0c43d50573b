"""What a printed list holds: by district, only what is open now and may be passed on.

Paper cannot be called back. So nothing stands on it that is not known to be open, and it says as
of when, until when, and under which number it was made.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from gspace import municipality_codes, vocabulary
from gspace.models import Incident, Municipality
from layers import sight
from layers.features import FROM_FEATURES
from layers.merged import CHECKED_AT, merged, shown_clock
from layers.nearest import OFFERED, OPEN
from layers.sight import VISIBLE

# a kind that cannot be open is on no paper; a road is no place to go to
KINDS = tuple(kind for kind, fields in vocabulary.STATES.items() if "operation" in fields)
NOWHERE = "none"

SQL = f"""
SELECT l.kind, f.municipality_code AS code, l.reuse IS TRUE AS reusable,
       l.slug AS layer, l.title, l.title_en, l.licence, l.attribution, l.source_url,
       coalesce(nullif(f.source_name, ''), nullif(l.source_name, ''), o.name) AS source,
       o.name AS publisher, o.name_en AS publisher_en, v.published_at,
       coalesce(f.source_as_of, v.source_as_of) AS source_as_of,
       f.feature_id AS id, f.name, f.name_en, f.address, f.estimated,
       {merged("operation")} AS operation, {merged("congestion")} AS congestion,
       {merged("note")} AS note, fs.said->'hours'->>'value' AS hours, s.valid_until,
       coalesce({CHECKED_AT}, {shown_clock("operation")}) AS told_at
  {FROM_FEATURES}
 WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}
   AND l.kind = ANY(%(kinds)s) AND {OFFERED} AND {OPEN}
   AND (s.valid_until IS NULL OR s.valid_until > %(now)s)
 ORDER BY array_position(%(kinds)s, l.kind::text), f.name, l.slug, f.feature_id"""
Row = dict[str, Any]


@dataclass(frozen=True)
class District:
    """code NOWHERE: of places whose municipality nobody knows."""

    code: str
    municipality: Municipality | None
    rows: list[Row]


@dataclass(frozen=True)
class Sheet:
    """district None: nothing is known of it. groups: (kind, rows); sources: of the layers on it.

    left_out: open places here that may not be passed on; unplaced: open ones of no known district.
    """

    district: District
    groups: list[tuple[str, list[Row]]]
    sources: list[Row]
    left_out: int
    unplaced: int
    as_of: datetime
    expires_at: datetime
    serial: str


def districts(incident: Incident, now: datetime) -> list[District]:
    """Where something is open now, by code; each with what may be printed."""
    found = _by_district([row for row in _rows(incident, KINDS, now) if row["reusable"]])
    known = _municipalities(list(found))
    return [District(code, known.get(code), rows) for code, rows in sorted(found.items())]


def sheets(
    incident: Incident, codes: Sequence[str], kinds: Sequence[str], now: datetime
) -> list[Sheet]:
    """One a district that is asked for, also where nothing is open in it."""
    as_of = now.replace(second=0, microsecond=0)
    codes = [district_of(code) for code in codes]
    rows = _rows(incident, kinds, as_of)
    every, known = _by_district(rows), _municipalities(codes)
    unplaced = sum(row["reusable"] for row in every.get(NOWHERE, []))
    made = []
    for code in dict.fromkeys(codes):
        here = every.get(code, [])
        shown = [row for row in here if row["reusable"]]
        district = District(code, known.get(code), shown)
        others = 0 if code == NOWHERE else unplaced
        made.append(_sheet(incident, district, len(here) - len(shown), others, kinds, as_of))
    return made


def _sheet(
    incident: Incident,
    district: District,
    left_out: int,
    unplaced: int,
    kinds: Sequence[str],
    as_of: datetime,
) -> Sheet:
    sources: dict[str, Row] = {}
    for row in district.rows:
        row["mark"] = len(sources) + 1
        row["mark"] = sources.setdefault(row["layer"], row)["mark"]
    groups = [(kind, [r for r in district.rows if r["kind"] == kind]) for kind in kinds]
    return Sheet(
        district=district,
        groups=[(kind, rows) for kind, rows in groups if rows],
        sources=list(sources.values()),
        left_out=left_out,
        unplaced=unplaced,
        as_of=as_of,
        expires_at=as_of + timedelta(hours=settings.LIMIT_PAPER_HOURS),
        serial=serial(incident, district, kinds, as_of),
    )


def serial(incident: Incident, district: District, kinds: Sequence[str], as_of: datetime) -> str:
    """Eight characters that another content or another minute would not give."""
    said = [incident.slug, district.code, list(kinds), as_of.isoformat(), district.rows]
    text = json.dumps(said, default=str, sort_keys=True, ensure_ascii=False)
    letters = base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()
    # read aloud over the telephone: nothing that looks like a digit
    plain = letters.translate(str.maketrans("IO", "89"))
    return f"{plain[:4]}-{plain[4:8]}"


def _rows(incident: Incident, kinds: Sequence[str], now: datetime) -> list[Row]:
    params = sight.as_audience(incident.pk, "public").params() | {
        "incident": incident.pk,
        "hazard": incident.hazard,
        "kinds": list(kinds),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _by_district(rows: list[Row]) -> dict[str, list[Row]]:
    """A ward's places are its city's."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(district_of(row["code"]), []).append(row)
    return found


def district_of(code: str) -> str:
    """The city's code, six digits; what is no code at all is nowhere."""
    try:
        return municipality_codes.city_of(code)
    except ValueError:
        return NOWHERE


def _municipalities(codes: Sequence[str]) -> dict[str, Municipality]:
    found = Municipality.objects.filter(code__in=codes).defer("boundary")
    return {one.code: one for one in found}
