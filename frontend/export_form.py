"""The form that asks for an export: what kind of file, of which reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from frontend.log_form import as_local, local_time
from gspace import vocabulary
from gspace.models import Incident
from reports.filter_places import NOWHERE
from reports.filters import NAMES, PAGING

# code, name, whom it is for
KINDS = (
    ("csv", _("CSV table"), _("for spreadsheet programs")),
    ("geojson", _("GeoJSON"), _("for map programs and scripts")),
    ("gpkg", _("GeoPackage"), _("for QGIS and other desktop GIS")),
    ("kml", _("KML"), _("for Google Earth")),
    ("zip", _("ZIP with photos"), _("the tables and the photos beside them")),
)
PHOTOS = (
    ("display", _("As shown at the desk: smaller, without metadata")),
    ("original", _("Originals. Each counts as opened by you")),
    ("none", _("None, only the tables")),
)
REASONS = {
    "failed": _("It could not be made. Try again; if it fails again, tell the operator."),
    "lost": _("The worker was interrupted. Make it again."),
    "disk_full": _("The disk is nearly full. Tell the operator."),
}
STATES = {
    "waiting": _("Waiting"),
    "working": _("Being made"),
    "ready": _("Ready"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
    "removed": _("File removed"),
}
LISTS = ("category", "severity", "status")
TIMES = ("since", "until")
# set on the form itself; every other filter of the address goes along as it is
OWN = {*LISTS, *TIMES, "q"}
# the desk hides these until somebody shows them (frontend/src/core/filter.ts)
HIDDEN_AT_FIRST = "rejected,duplicate,withdrawn"


@dataclass(frozen=True)
class Asked:
    """filters: as the API takes them. shown: as the form shows them."""

    kind: str
    photos: str
    filters: dict[str, Any]
    lists: dict[str, list[str]]
    times: dict[str, str]
    q: str
    others: dict[str, str]


def asked(given: QueryDict, incident: Incident, own_area: list[str]) -> Asked:
    """own_area: municipality codes of the caller's default queue."""
    if "desk" in given:
        given = _of_desk(given, own_area)
    lists = {n: _codes(given.getlist(n)) for n in LISTS}
    times = {n: _shown(given.get(n, ""), incident) for n in TIMES}
    kept = set(NAMES) - OWN - set(PAGING)
    others = {n: str(v) for n, v in given.items() if n in kept and v}
    filters: dict[str, Any] = {n: ",".join(codes) for n, codes in lists.items() if codes}
    filters |= {n: with_offset(given.get(n, ""), incident) for n in TIMES if given.get(n)}
    q = given.get("q", "").strip()
    if q:
        filters["q"] = q
    kind = given.get("kind", "csv")
    photos = given.get("photos", "display") if kind == "zip" else "none"
    return Asked(kind, photos, filters | others, lists, times, q, others)


def asked_times(filters: dict[str, Any], incident: Incident) -> dict[str, str]:
    """As the fields of a form show them."""
    return {name: _shown(str(filters.get(name, "")), incident) for name in TIMES}


def _of_desk(given: QueryDict, own_area: list[str]) -> QueryDict:
    """The desk's address (frontend/src/core/desk_query.ts) says what is hidden; a list what is
    shown."""
    found = given.copy()
    found.setdefault("hide_status", HIDDEN_AT_FIRST)
    for name in LISTS:
        hidden = set(found.get(f"hide_{name}", "").split(","))
        shown = [code for code in vocabulary.codes(name) if code not in hidden]
        if len(shown) < len(vocabulary.codes(name)):
            found[name] = ",".join(shown)
    # the desk opens on the own area where there is one
    own = found.pop("area", ["own"])[-1] == "own"
    if own and own_area:
        # what has no municipality could be anybody's: everybody sees it
        found["area"] = ",".join([*own_area, NOWHERE])
    return found


def _codes(values: list[str]) -> list[str]:
    """Ticks of the form and codes with commas of an address alike."""
    return [code for value in values for code in value.split(",") if code]


def with_offset(value: str, incident: Incident) -> str:
    """What is typed into the form is the incident's own time; an address has an offset."""
    try:
        moment = datetime.fromisoformat(value.strip().replace(" ", "+"))
    except ValueError:
        return value
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(incident.time_zone))
    return moment.isoformat()


def _shown(value: str, incident: Incident) -> str:
    """As `<input type="datetime-local">` takes it."""
    try:
        return as_local(local_time(with_offset(value, incident), incident), incident)
    except ValueError:
        return ""
