"""The list filters of DESIGN 4.3 as SQL; lists, tiles and exports take the same ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from gspace import vocabulary
from gspace.access import BITS, Audience, Caller
from gspace.models import Incident
from gspace.problems import Problem
from gspace.wire import FIRST_YEAR, LAST_YEAR, is_on_earth
from reports import filter_places, filter_traits
from reports.features import shown_geometry
from reports.filter_places import Clause
from reports.orders import NEWEST, order_of
from reports.search import words_clause

# what HQ does not want on the map by default is still in the list: the page hides it
CODES = {"category": "category", "severity": "severity", "status": "status"}
TIMES = {
    "since": "r.received_at >= %s",
    "until": "r.received_at < %s",
    "captured_since": "r.captured_at >= %s",
    "captured_until": "r.captured_at < %s",
}

NAMES = (
    "bbox", "outside", "since", "until", "recent", "captured_since", "captured_until",
    "category", "severity",
    "status", "exclude_category", "exclude_severity", "exclude_status", "q", "area",
    "municipality", "mesh", "within", "organisation", "channel", "assigned_to",
    "has_photo", "needs_place", "uncertain", "unseen", "since_last_looked", "due", "waiting",
    "urgent", "order", "limit", "cursor",
)  # fmt: skip
# how much of the list and from where on, not which reports
PAGING = ("order", "limit", "cursor")
PERSONAL = ("unseen", "since_last_looked")


def asked(query: Mapping[str, str], caller: Caller) -> dict[str, Any]:
    """The filters of a query string, for `where`. Raises Problem not_signed_in."""
    found: dict[str, Any] = {name: query[name] for name in NAMES if name in query}
    mine = query.get("mine") in ("1", "true")
    if (mine or any(found.get(name) for name in PERSONAL)) and not caller.key:
        raise Problem("not_signed_in")
    return found | {"viewer": caller.key} | ({"mine": caller.key} if mine else {})


def where(
    incident: Incident, audience: Audience, filters: dict[str, Any]
) -> tuple[str, list[Any], int]:
    """(SQL condition on r, its parameters, limit). Raises Problem invalid naming the filter.

    filters: those of NAMES as text, and what `asked` adds: mine (author key), viewer (Caller.key).
    """
    clauses = ["r.incident_id = %s"]
    params: list[Any] = [incident.id]
    reader = reader_of(audience, filters)
    if mine := filters.get("mine"):
        clauses.append("r.author_key = %s")
        params.append(mine)
    else:
        clauses.append("r.audiences & %s <> 0")
        params.append(BITS[audience])
    for add in (_codes, _times):
        add(filters, clauses, params)
    for clause, values in _shared(incident, reader, filters):
        clauses.append(clause)
        params += values
    return " AND ".join(clauses), params, _limit(filters.get("limit"))


def reader_of(audience: Audience, filters: dict[str, Any]) -> str:
    """Whose eyes it is read with: an audience's, or "author" for one's own in full."""
    own = bool(filters.get("mine")) and audience in ("field", "public")
    return "author" if own else audience


def _codes(filters: dict[str, Any], clauses: list[str], params: list[Any]) -> None:
    for column, kind in CODES.items():
        for name, test in ((column, "= ANY"), (f"exclude_{column}", "<> ALL")):
            if value := filters.get(name):
                clauses.append(f"r.{column} {test}(%s)")
                params.append(_known(str(value), kind, name))


def _known(value: str, kind: str, field: str) -> list[str]:
    found = filter_places.listed(value, field)
    if unknown := set(found) - set(vocabulary.codes(kind)):
        raise Problem("invalid", f"Unknown: {', '.join(sorted(unknown))}", field=field)
    return found


def _times(filters: dict[str, Any], clauses: list[str], params: list[Any]) -> None:
    for name, clause in TIMES.items():
        if value := filters.get(name):
            clauses.append(clause)
            params.append(moment(value, name))
    if hours := filters.get("recent"):
        clauses.append("r.received_at >= now() - %s * interval '1 hour'")
        params.append(_hours(hours))


def _hours(value: Any) -> int:
    most = settings.LIMIT_FILTER_HOURS
    if not (re.fullmatch("[0-9]{1,6}", str(value)) and 1 <= int(value) <= most):
        raise Problem("invalid", f"recent is a number of hours from 1 to {most}.", field="recent")
    return int(value)


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


def _shared(incident: Incident, reader: str, filters: dict[str, Any]) -> list[Clause]:
    shown = shown_geometry(reader)
    found = filter_places.clauses(filters, shown)
    found += filter_traits.clauses(incident, reader, shown, filters)
    if words := words_clause(filters.get("q"), reader):
        found.append(words)
    if cursor := filters.get("cursor"):
        found.append(order_of(filters.get("order"), reader).after(str(cursor)))
    return found


def cursor_place(cursor: str) -> tuple[float, str]:
    """(received, in Unix time; id) of the report after which a page goes on. Raises Problem."""
    _, (seconds, ident) = NEWEST.after(cursor)
    return seconds, ident


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
