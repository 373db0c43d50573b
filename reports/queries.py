"""Everything that reads reports: features, lists, snapshots, what an author may see."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction

from gspace import access
from gspace.access import BITS, Audience, Caller
from gspace.feed import Loaded
from gspace.models import Incident
from gspace.problems import Problem
from reports.features import feature_sql
from reports.filters import reader_of, where
from reports.models import Note, Photo, Report, Tombstone, Upload
from reports.orders import order_of
from reports.releasing import PublicCopy


def load(incident_id: int, audience: Audience, ids: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: the reports of `ids` this audience may see, as GeoJSON features."""
    sql = f"""
SELECT r.id::text, r.version, {feature_sql(audience)}
  FROM reports_report r {JOINS}
 WHERE r.id = ANY(%s::uuid[]) AND r.incident_id = %s AND r.audiences & %s <> 0"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids), incident_id, BITS[audience]])
        return {oid: Loaded(version, text) for oid, version, text in cursor.fetchall()}


def load_notes(incident_id: int, audience: Audience, ids: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: notes stay inside HQ; questions and answers reach their author's own lane."""
    if audience != "hq":
        return {}
    sql = f"""
SELECT n.id::text, 1, {NOTE_JSON} FROM reports_note n JOIN reports_report r ON r.id = n.report_id
 WHERE n.id = ANY(%s::uuid[]) AND r.incident_id = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids), incident_id])
        return {oid: Loaded(version, text) for oid, version, text in cursor.fetchall()}


NOTE_JSON = """json_build_object('id', n.id, 'report', n.report_id, 'kind', n.kind, 'text', n.text,
 'author', n.author_name, 'created_at', n.created_at)::text"""

# seq of a report is its feed row's: it rises on every change, also when a photo arrives.
# OFFSET 0 keeps the planner at the primary key: with the statistics of a quiet hour it would
# read the whole feed of the incident for each single report of a rush.
JOINS = """
  LEFT JOIN LATERAL (SELECT seq FROM feed WHERE kind = 'report' AND oid = r.id::text
    AND incident_id = r.incident_id OFFSET 0) f ON true
  LEFT JOIN gspace_incident i ON i.id = r.incident_id
  LEFT JOIN gspace_organisation o ON o.id = r.organisation_id
  LEFT JOIN gspace_municipality m ON m.code = r.municipality_code"""


def feature(report_id: uuid.UUID | str, audience: Audience, caller: Caller | None = None) -> str:
    """One report as GeoJSON text. Raises Problem report_unknown or report_erased.

    The author sees their own report as one, whatever its status; headquarters sees more.
    """
    own = caller.key if caller and caller.key else None
    seen = feature_sql(audience)
    if own and audience in ("field", "public"):
        seen = f"CASE WHEN r.author_key = %(own)s THEN {feature_sql('author')} ELSE {seen} END"
    sql = f"""
SELECT {seen} FROM reports_report r {JOINS}
 WHERE r.id = %(id)s AND (r.audiences & %(bit)s <> 0 OR r.author_key = %(own)s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": str(report_id), "bit": BITS[audience], "own": own})
        row = cursor.fetchone()
    if row is None:
        raise missing(report_id, caller)
    return str(row[0])


def public_preview(report: Report, **edit: Any) -> str:
    """GeoJSON FeatureCollection of what the public would get if the report were released so: one
    feature, or none where it cannot be public at all.

    edit: columns as HqEdit sets them; what is left out stays as it is. The row is really
    written, and taken back at once: so the rule of its generated column and the public's own SQL
    answer, and nothing imitates them. The feed's triggers wait for a COMMIT that never comes.
    """
    with transaction.atomic():
        released = {"release": "public", "release_how": "hand"}
        Report.objects.filter(id=report.id).update(**released, **edit)
        found = load(report.incident_id, "public", [str(report.id)])
        transaction.set_rollback(True)
    features = ",".join(loaded.text for loaded in found.values())
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


def missing(report_id: uuid.UUID | str, caller: Caller | None) -> Problem:
    """410 to the author and HQ of an erased report, 404 to everybody else.

    HQ of the incident it was erased from: the roles somebody has elsewhere tell nothing.
    """
    stone = Tombstone.objects.select_related("incident").filter(id=report_id).first()
    if stone is None or caller is None or not caller.key:
        return Problem("report_unknown")
    told = caller.key == stone.author_key or access.audience(caller, stone.incident) == "hq"
    return Problem("report_erased" if told else "report_unknown")


def report_for(report_id: uuid.UUID | str, caller: Caller) -> Report:
    """The report row, for deciding rights. Raises Problem report_unknown / report_erased."""
    found = Report.objects.select_related("incident").filter(id=report_id).first()
    if found is None:
        raise missing(report_id, caller)
    return found


def snapshot(incident: Incident, audience: Audience, epoch: str, filters: dict[str, Any]) -> str:
    """GeoJSON FeatureCollection with `epoch` and `head` of the same snapshot, the newest first or
    as `order` says (reports.orders).

    filters: see reports.filters.where; with `mine` all are the caller's own. One statement = one
    snapshot, and the text is made by PostgreSQL: 10,000 reports cost a tenth of what building them
    in Python does.
    """
    clause, params, limit = where(incident, audience, filters)
    reader = reader_of(audience, filters)
    order = order_of(filters.get("order"), reader)
    sql = f"""
WITH cut AS MATERIALIZED (
  SELECT r.* FROM reports_report r WHERE {clause} ORDER BY {order.sorting} LIMIT %s),
 r AS (SELECT r.*, row_number() OVER (ORDER BY {order.sorting}) AS turn FROM cut r),
 page AS (
  SELECT r.turn, {order.place} AS place, {feature_sql(reader)} AS feature FROM r {JOINS})
SELECT (SELECT coalesce(max(seq), 0) FROM feed WHERE incident_id = %s),
       count(*), coalesce(string_agg(feature, ',' ORDER BY turn), ''),
       (SELECT place FROM page ORDER BY turn DESC LIMIT 1)
  FROM page"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, limit, incident.id])
        head, count, features, cursor_text = cursor.fetchone()
    after = f'"{cursor_text}"' if count == limit else "null"
    return (
        f'{{"type":"FeatureCollection","epoch":"{epoch}","head":{head},'
        f'"numberReturned":{count},"cursor":{after},"features":[{features}]}}'
    )


def photo_for(photo_id: uuid.UUID | str) -> Photo:
    """The photo with its report and incident. Raises Problem photo_unknown."""
    found = Photo.objects.select_related("report__incident").filter(id=photo_id).first()
    if found is None:
        raise Problem("photo_unknown")
    return found


def may_see_photo(by: Caller, report: Report) -> bool:
    """Photos are for hq, partner and field (reports they may see) and the author; not public."""
    if by.key and report.author_key == by.key:
        return True
    audience = access.audience(by, report.incident)
    return audience != "public" and bool(report.audiences & access.BITS[audience])


def photos_alike(photo: Photo) -> list[Photo]:
    """Stored photos with the bytes that this one announces, with their reports; a few of them."""
    alike = Photo.objects.select_related("report__incident").filter(
        sha256=photo.sha256, size=photo.size, stored_at__isnull=False
    )
    return list(alike.exclude(id=photo.id).order_by("stored_at")[:20])


def originals_named(names: Iterable[str]) -> set[str]:
    """Which of these SHA-256 a stored photo names."""
    stored = Photo.objects.filter(sha256__in=list(names), stored_at__isnull=False)
    return set(stored.values_list("sha256", flat=True))


def photos_known(names: Iterable[str]) -> set[str]:
    """Which of these ids (as text) are photos, or copies of them that the public may be shown."""
    ids = list(names)
    known = Photo.objects.filter(id__in=ids).values_list("id")
    shown = PublicCopy.objects.filter(id__in=ids).values_list("id")
    return {str(ident) for (ident,) in known.union(shown)}


def upload_for(upload_id: uuid.UUID, by: Caller) -> Upload:
    """The upload with its photo, if a report of this author announced it.

    Raises Problem upload_unknown, also for what expired, was ended or belongs to somebody else.
    """
    found = Upload.objects.select_related("photo").filter(
        id=upload_id, photo__report__author_key=by.key
    )
    if not by.key or (upload := found.first()) is None:
        raise Problem("upload_unknown")
    return upload


def notes(report: Report, *, internal: bool) -> list[Note]:
    """The notes of a report in time order; `internal` adds HQ's own."""
    found = Note.objects.filter(report=report)
    return list((found if internal else found.exclude(kind="note")).order_by("created_at", "id"))


def history(report: Report) -> list[dict[str, Any]]:
    """Who changed what, from what to what, newest first.

    Each event keeps the row before the change; the value after it is the next event's (or now).
    Beside the values: `places`, those that are geometries as GeoJSON; `receipts`, of the reports
    that it was merged into.
    """
    from reports.models import ReportEvent  # type: ignore[attr-defined]

    skip = {"updated_at", "version", "audiences", "positions"}
    names = [f.name for f in Report._meta.concrete_fields if f.name not in skip]
    after: dict[str, Any] = {n: getattr(report, Report._meta.get_field(n).attname) for n in names}
    found = []
    for event in ReportEvent.objects.filter(pgh_obj_id=report.id).order_by("-pgh_id"):
        before = {n: getattr(event, Report._meta.get_field(n).attname) for n in names}
        changed = {n: [before[n], after[n]] for n in names if before[n] != after[n]}
        if changed:
            found.append(_line(event, changed))
        after = before
    return found


def _line(event: Any, changed: dict[str, list[Any]]) -> dict[str, Any]:
    who = event.pgh_context.metadata if event.pgh_context else {}
    plain = {name: [_plain(value) for value in pair] for name, pair in changed.items()}
    # a re-enactment's own time, where an action was given one
    at = who.get("at") or event.pgh_created_at
    line = {"at": at, "by": who.get("name", ""), "changed": plain}
    places = {n: [_geojson(place) for place in pair] for n, pair in changed.items() if n in SHAPES}
    receipts = _receipts(changed.get("merged_into", []))
    return (
        line | ({"places": places} if places else {}) | ({"receipts": receipts} if receipts else {})
    )


SHAPES = {"geometry", "redacted_geometry"}


def _geojson(place: GEOSGeometry | None) -> Any:
    return None if place is None else json.loads(place.geojson)


def _receipts(ids: list[Any]) -> dict[str, str]:
    """An erased one has none any more."""
    known = Report.objects.filter(id__in=[ident for ident in ids if ident]) if any(ids) else None
    return {str(ident): told for ident, told in known.values_list("id", "receipt")} if known else {}


def _plain(value: Any) -> Any:
    """As JSON; of a list, how many there are."""
    if isinstance(value, list):
        return len(value)
    plain = value is None or isinstance(value, (int, float, bool, dict))
    return value if plain else str(value)
