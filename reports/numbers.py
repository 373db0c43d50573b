"""Numbers of reports, each of which says what it counts (reports.number_words).

Counted are the reports that the filters let through. Where the filters name no status, merged,
rejected and withdrawn ones are left out, and told apart. Every breakdown adds up to `total`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from gspace import feed, municipality_codes, vocabulary
from gspace.access import Audience
from gspace.models import Incident
from reports import hours
from reports.filter_places import Clause
from reports.filters import where
from reports.municipalities import names_of
from reports.number_words import definitions
from reports.orders import WAITING
from reports.statuses import NOT_COUNTED, OPEN

RANK = {code: place for place, code in enumerate(vocabulary.codes("severity"))}
NAMING_STATUS = ("status", "exclude_status")

CROSS_SQL = """
SELECT r.category, r.severity, r.status, r.municipality_code, count(*),
       count(*) FILTER (WHERE r.geometry IS NULL),
       count(*) FILTER (WHERE r.geometry IS NULL AND r.municipality_code = ''),
       min(r.received_at) FILTER (WHERE r.status = 'received')
  FROM reports_report r WHERE {clause} GROUP BY 1, 2, 3, 4"""
QUARTERS_SQL = """
SELECT date_bin('15 minutes', r.received_at, '2000-01-01 00:00+00'), r.severity, count(*)
  FROM reports_report r WHERE {clause} GROUP BY 1, 2"""
# When a status was left stands beside the row as it was before: the last time of the status. A
# re-enactment (only demos have one) wrote its own time into the context, in no order of time.
LAST = "max(e.pgh_created_at) FILTER (WHERE {then})"
LAST_DEMO = """(array_agg(coalesce((c.metadata ->> 'at')::timestamptz, e.pgh_created_at)
  ORDER BY e.pgh_id DESC) FILTER (WHERE {then}))[1]"""
CONTEXT = "LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"
RESPONSE_SQL = """
WITH turns AS (
  SELECT e.pgh_obj_id AS id, {verified} AS verified_at, {resolved} AS resolved_at
    FROM reports_reportevent e {context} WHERE e.incident_id = %s GROUP BY 1),
 took AS (
  SELECT extract(epoch FROM r.accepted_at - r.received_at)::float8 AS accepted,
         CASE WHEN r.status <> 'received'
              THEN extract(epoch FROM t.verified_at - r.received_at)::float8 END AS verified,
         CASE WHEN r.status = 'resolved'
              THEN extract(epoch FROM t.resolved_at - r.received_at)::float8 END AS resolved,
         {waiting} AS to_accept, r.status = 'received' AS to_verify,
         r.status = ANY(%s) AS to_resolve
    FROM reports_report r LEFT JOIN turns t ON t.id = r.id WHERE {clause})
SELECT count(*), {columns} FROM took"""
STAGES = {"accepted": "to_accept", "verified": "to_verify", "resolved": "to_resolve"}
COLUMNS = ", ".join(
    f"count({done}), count(*) FILTER (WHERE {waits}), "
    f"percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {done})"
    for done, waits in STAGES.items()
)


@dataclass(frozen=True)
class Group:
    """Reports that have these in common. unplaced: without a place, `nowhere` of them without a
    municipality too; oldest: received first of those that are not verified."""

    category: str
    severity: str
    status: str
    municipality: str
    total: int
    unplaced: int
    nowhere: int
    oldest: datetime | None

    @property
    def open(self) -> int:
        return self.total if self.status in OPEN else 0


def numbers(
    incident: Incident, audience: Audience, filters: dict[str, Any], now: datetime | None = None
) -> dict[str, Any]:
    """Everything of one snapshot. filters: those of a list. Raises Problem invalid naming one.

    {as_of, total, received, left_out, open, unverified, oldest_unverified_at, without_place,
    category, severity, status, municipality, hours, response, definitions}
    """
    clause, params, _ = where(incident, audience, filters)
    apart = left_out(filters)
    counted = counting(incident, audience, filters)
    with feed.one_snapshot() as cursor:
        cursor.execute(CROSS_SQL.format(clause=clause), params)
        groups = [Group(*row) for row in cursor.fetchall()]
        cursor.execute(QUARTERS_SQL.format(clause=counted[0]), counted[1])
        quarters = cursor.fetchall()
        response = _response(cursor, incident, *counted)
        names = _names({g.municipality for g in groups})
    kept = [g for g in groups if g.status not in apart]
    return {
        "as_of": (now or timezone.now()).isoformat(),
        **_totals(groups, kept, apart),
        "category": _categories(kept),
        "severity": _by(kept, "severity", ()),
        "status": _by(kept, "status", apart),
        "municipality": _municipalities(kept, names),
        "hours": _hours(quarters, ZoneInfo(incident.time_zone)),
        "response": response,
        "definitions": definitions(),
    }


def left_out(filters: dict[str, Any]) -> tuple[str, ...]:
    """Statuses that do not count, unless the filters name some."""
    return () if any(filters.get(name) for name in NAMING_STATUS) else NOT_COUNTED


def counting(incident: Incident, audience: Audience, filters: dict[str, Any]) -> Clause:
    """Reports that count. Raises Problem invalid naming a filter."""
    clause, params, _ = where(incident, audience, filters)
    return f"{clause} AND r.status <> ALL(%s)", [*params, list(left_out(filters))]


def _sum(groups: Iterable[Group]) -> int:
    return sum(group.total for group in groups)


def _totals(groups: list[Group], kept: list[Group], apart: tuple[str, ...]) -> dict[str, Any]:
    oldest = [group.oldest for group in kept if group.oldest]
    return {
        "total": _sum(kept),
        "received": _sum(groups),
        "left_out": {code: _sum(g for g in groups if g.status == code) for code in apart},
        "open": sum(group.open for group in kept),
        "unverified": _sum(g for g in kept if g.status == "received"),
        "oldest_unverified_at": min(oldest).isoformat() if oldest else None,
        "without_place": sum(group.unplaced for group in kept),
    }


def _by(groups: list[Group], column: str, apart: tuple[str, ...]) -> list[dict[str, Any]]:
    """In the vocabulary's order; every code that can be, so that 0 is said."""
    found: Counter[str] = Counter()
    still: Counter[str] = Counter()
    for group in groups:
        found[getattr(group, column)] += group.total
        still[getattr(group, column)] += group.open
    codes = [code for code in vocabulary.codes(column) if code not in apart]
    return [{"code": code, "total": found[code], "open": still[code]} for code in codes]


def _categories(groups: list[Group]) -> list[dict[str, Any]]:
    """Those that were reported, in the vocabulary's order, each by severity."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    still: Counter[str] = Counter()
    for group in groups:
        found[group.category][group.severity] += group.total
        still[group.category] += group.open
    return [
        {
            "code": code, "total": found[code].total(), "open": still[code],
            "severity": {level: found[code][level] for level in RANK},
        }
        for code in vocabulary.codes("category") if code in found
    ]  # fmt: skip


def _municipalities(groups: list[Group], names: dict[str, Any]) -> list[dict[str, Any]]:
    """Cities with their wards, the most reports first; last without a municipality (code "")."""
    of: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        of[_city(group.municipality)].append(group)
    told = [_area(code, own, names) | {"wards": _wards(own, names)} for code, own in of.items()]
    return sorted(told, key=lambda area: (area["code"] == "", -area["total"], area["code"]))


def _wards(groups: list[Group], names: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a city: each ward, and what is in none of them under the city's own code."""
    of: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        of[group.municipality].append(group)
    if not any(code and _city(code) != code for code in of):
        return []
    return [_area(code, of[code], names) for code in sorted(of)]


def _area(code: str, groups: list[Group], names: dict[str, Any]) -> dict[str, Any]:
    name, name_en = names.get(code, (code, ""))
    return {
        "code": code, "name": name, "name_en": name_en, "total": _sum(groups),
        "open": sum(group.open for group in groups),
        "without_place": sum(group.nowhere for group in groups),
        "worst": min((group.severity for group in groups), key=lambda code: RANK[code]),
    }  # fmt: skip


def _city(code: str) -> str:
    with suppress(ValueError):
        return municipality_codes.city_of(code)
    return code


def _names(codes: set[str]) -> dict[str, tuple[str, str]]:
    """Code -> name in Japanese and in English; of the cities of wards, too."""
    return names_of(codes | {_city(code) for code in codes})


def _hours(quarters: list[tuple[datetime, str, int]], zone: ZoneInfo) -> dict[str, Any]:
    step, bars = hours.bars(quarters, zone)
    return {
        "step_s": step,
        "time_zone": zone.key,
        "items": [
            {
                "since": bar.since.isoformat(), "until": bar.until.isoformat(),
                "total": bar.total, "severity": {code: bar.severity[code] for code in RANK},
            }
            for bar in bars
        ],
    }  # fmt: skip


def _response(
    cursor: Any, incident: Incident, clause: str, params: list[Any]
) -> list[dict[str, Any]]:
    last, context = (LAST_DEMO, CONTEXT) if incident.demo else (LAST, "")
    sql = RESPONSE_SQL.format(
        verified=last.format(then="e.status = 'received'"),
        resolved=last.format(then="e.status <> 'resolved'"),
        context=context, waiting=WAITING, clause=clause, columns=COLUMNS,
    )  # fmt: skip
    cursor.execute(sql, [incident.id, list(OPEN), *params])
    total, *row = cursor.fetchone()
    stages = zip(STAGES, row[::3], row[1::3], row[2::3], strict=True)
    return [_stage(total, *stage) for stage in stages]


def _stage(
    total: int, name: str, done: int, waits: int, times: list[float] | None
) -> dict[str, Any]:
    """unmeasured: past it, and nobody wrote down when."""
    # the database and the web process read two clocks
    median, most = (max(0.0, seconds) for seconds in times) if times else (None, None)
    return {
        "to": name, "done": done, "waiting": waits, "unmeasured": total - done - waits,
        "median_s": median, "p90_s": most,
    }  # fmt: skip
