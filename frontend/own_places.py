"""What a layer's publisher reads of its places: the filtered list, and one place in full."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import QueryDict

from frontend.page_number import whole_number
from gspace import vocabulary
from gspace.access import Caller
from gspace.problems import Problem
from layers import features, situations
from layers.features import FROM_FEATURES
from layers.merged import (
    ANY_CONFLICT,
    CHECKED_AT,
    CONFLICT_JSON,
    FIELDS,
    SOURCES_JSON_STAFF,
    STATE_JSON,
    merged,
    shown_clock,
)
from layers.models import Feature, FeatureEdit, Layer

PER_PAGE = 50
PAGES = 99_999
EDITS = 30
NOT_REPORTED = "not_reported"
# what the list can be narrowed to beside state and words -> SQL condition
ONLY = {
    "placeless": "f.geometry IS NULL",
    "estimated": "f.estimated",
    "conflict": ANY_CONFLICT,
    "by_hand": "f.by_hand",
}
NAMED = """(f.name ILIKE %(like)s OR f.name_en ILIKE %(like)s OR f.address ILIKE %(like)s
   OR f.feature_id = %(text)s)"""
COLUMNS = f"""f.feature_id AS id, l.kind, f.name, f.name_en, f.address, f.estimated, f.by_hand,
       f.row, f.geometry IS NOT NULL AS placed, {STATE_JSON}::text AS state,
       {CONFLICT_JSON}::text AS conflict, {SOURCES_JSON_STAFF}::text AS sources,
       coalesce(fs.said, '{{}}')::text AS filed"""
COUNTS_SQL = f"""
SELECT {", ".join(f"count(*) FILTER (WHERE {condition})" for condition in ONLY.values())}
 {FROM_FEATURES} WHERE l.id = %s"""
# longest without a word first; nothing said at all is longest
SILENT_FIRST = f"greatest({', '.join(map(shown_clock, FIELDS))}, {CHECKED_AT}) NULLS FIRST,"


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for. state: "<field>:<code>"; page counts from 1."""

    text: str = ""
    state: str = ""
    only: str = ""
    order: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict, kind: str) -> Asked:
        """Anything that is none of ours asks for nothing."""
        text = query.get("q", "").replace("\x00", "").strip()[:60]
        name, _, code = query.get("state", "").partition(":")
        codes = vocabulary.state_kind(kind, name)
        known = codes is not None and code in (*vocabulary.codes(codes), NOT_REPORTED)
        only = query.get("only", "") if query.get("only") in ONLY else ""
        order = "silent" if query.get("order") == "silent" else ""
        page = whole_number(query.get("page"), PAGES) or 1
        return cls(text, f"{name}:{code}" if known else "", only, order, page)

    def query(self, **other: Any) -> str:
        """As a query string, with some members changed; the page starts anew unless named."""
        said = {"q": self.text, "state": self.state, "only": self.only, "order": self.order}
        said |= other
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.state or self.only)

    @property
    def earlier(self) -> str:
        return self.query(page=self.page - 1)

    @property
    def later(self) -> str:
        return self.query(page=self.page + 1)

    @property
    def here(self) -> str:
        return self.query(page=self.page)


@dataclass(frozen=True)
class Said:
    """One state field of a place as its buttons show it.

    value None = not reported. origin: hand, file or None. filed: what the file says, as of
    filed_at; differs: that is something else, and for one and the same time.
    """

    name: str
    codes: str
    value: Any
    origin: str | None
    as_of: datetime | None
    by: str | None
    filed: Any
    filed_at: datetime | None
    differs: bool

    @property
    def by_hand(self) -> bool:
        return self.origin == "hand"

    @property
    def choices(self) -> tuple[str, ...]:
        return vocabulary.codes(self.codes)


@dataclass(frozen=True)
class OwnPlace:
    """A place with everything its publisher may know of it; fields as in layers.models.Feature."""

    id: str
    kind: str
    name: str
    name_en: str
    address: str
    estimated: bool
    by_hand: bool
    row: int | None
    placed: bool
    state: dict[str, Any]
    conflict: list[dict[str, Any]]
    sources: dict[str, dict[str, Any]]
    filed: dict[str, dict[str, Any]]

    @property
    def item(self) -> dict[str, Any]:
        """For the filter `called`."""
        return {"kind": self.kind, "name": self.name, "name_en": self.name_en}

    @property
    def fields(self) -> list[Said]:
        return [
            self.said(name, codes) for name, codes in vocabulary.STATES.get(self.kind, {}).items()
        ]

    @property
    def persons(self) -> Said:
        return self.said("persons")

    @property
    def counts_persons(self) -> bool:
        """Whether people stay in places of this kind, or somebody has counted them all the same."""
        stays = "congestion" in vocabulary.STATES.get(self.kind, {})
        return stays or self.kind == "evacuation_site" or self.persons.value is not None

    def said(self, name: str, codes: str = "") -> Said:
        source, filed = self.sources.get(name, {}), self.filed.get(name, {})
        return Said(
            name=name,
            codes=codes,
            value=self.state.get(name),
            origin=source.get("from"),
            as_of=_moment(source.get("source_as_of")),
            by=source.get("by"),
            filed=filed.get("value"),
            filed_at=_moment(filed.get("source_as_of")),
            differs=any(one["field"] == name for one in self.conflict),
        )

    @property
    def checked_at(self) -> datetime | None:
        return _moment(self.state.get("checked_at"))


@dataclass(frozen=True)
class Listed:
    """One page of places. total: how many match on all pages."""

    rows: list[OwnPlace]
    total: int
    asked: Asked
    limit: int

    @property
    def first(self) -> int:
        """Number of the first one, counted from 1."""
        return (self.asked.page - 1) * self.limit + 1

    @property
    def more(self) -> bool:
        return self.asked.page * self.limit < self.total


@dataclass(frozen=True)
class Withdrawn:
    """The newest edits that took a place away; total: how many places are away."""

    edits: list[FeatureEdit]
    total: int


def listed(layer: Layer, asked: Asked, limit: int = PER_PAGE) -> Listed:
    """Places of the published version."""
    clauses = ["true"]
    params: dict[str, Any] = {"text": asked.text, "like": _like(asked.text)}
    if asked.text:
        clauses.append(NAMED)
    if asked.only:
        clauses.append(ONLY[asked.only])
    if asked.state:
        name, _, code = asked.state.partition(":")
        none = code == NOT_REPORTED
        clauses.append(f"({merged(name)}) " + ("IS NULL" if none else "= %(code)s"))
        params["code"] = code
    where = f"WHERE l.id = %(layer)s AND {' AND '.join(clauses)}"
    # in the order of the person's file; what a hand has added comes last
    silent = SILENT_FIRST if asked.order == "silent" else ""
    order = f"ORDER BY {silent} f.row NULLS LAST, f.name, f.feature_id"
    # states are worked out for one page only
    sql = f"""
WITH page AS MATERIALIZED (
  SELECT f.id {FROM_FEATURES} {where} {order} LIMIT %(limit)s OFFSET %(skip)s)
SELECT {COLUMNS} {FROM_FEATURES} JOIN page ON page.id = f.id WHERE l.id = %(layer)s {order}"""
    params |= {"layer": layer.id, "limit": limit, "skip": (asked.page - 1) * limit}
    total = _rows(f"SELECT count(*) AS n {FROM_FEATURES} {where}", params)[0]["n"]
    return Listed([_place(row) for row in _rows(sql, params)], total, asked, limit)


def only_counts(layer: Layer) -> dict[str, int]:
    """How many places each of ONLY would show."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_SQL, [layer.id])
        return dict(zip(ONLY, cursor.fetchone(), strict=True))


def place(layer: Layer, feature_id: str) -> OwnPlace:
    """Raises Problem feature_unknown."""
    if "\x00" in feature_id:
        raise Problem("feature_unknown")
    sql = f"SELECT {COLUMNS} {FROM_FEATURES} WHERE l.id = %(layer)s AND f.feature_id = %(id)s"
    rows = _rows(sql, {"layer": layer.id, "id": feature_id})
    if not rows:
        raise Problem("feature_unknown")
    return _place(rows[0])


def whole(layer: Layer, feature_id: str, caller: Caller) -> dict[str, Any]:
    """The place as GeoJSON, as its publisher sees it. Raises Problem feature_unknown."""
    text = features.feature(layer, feature_id, "hq", situations.scope_of(layer, caller))
    found: dict[str, Any] = json.loads(text)
    return found


def withdrawn(layer: Layer) -> Withdrawn:
    """Of each place that is away, the edit that took it away last; the newest first."""
    there = Feature.objects.filter(version_id=layer.published_id, feature_id=OuterRef("feature_id"))
    gone = layer.edits.filter(~Exists(there), after__isnull=True, undone_by=None)
    last = gone.order_by("feature_id", "-id").distinct("feature_id").values("id")
    found = layer.edits.filter(id__in=last).order_by("-id")
    return Withdrawn(list(found[:EDITS]), found.count())


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _like(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


def _rows(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _place(row: dict[str, Any]) -> OwnPlace:
    for name in ("state", "conflict", "sources", "filed"):
        row[name] = json.loads(row[name])
    return OwnPlace(**row)
