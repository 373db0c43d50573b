"""Fill the gazetteer: municipalities, their boundaries, named places. The only writer of these.

Each action is one transaction and can be repeated: the same file twice leaves the same rows.
"""

from __future__ import annotations

import json
from datetime import date

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import connection

from gspace import municipality_codes
from gspace.models import Municipality, Place
from gspace.place_files import Boundary, MunicipalityRow, Reading, Refusal, Town
from gspace.transactions import action

BATCH = 2000


def _point(lon: float | None, lat: float | None) -> Point | None:
    return None if lon is None or lat is None else Point(lon, lat, srid=4326)


@action
def municipalities_load(*, reading: Reading[MunicipalityRow]) -> int:
    """Take over the dated table; boundaries already loaded stay. Returns the rows kept."""
    known = [
        Municipality(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            prefecture=row.prefecture,
            prefecture_en=row.prefecture_en,
            location=_point(row.lon, row.lat),
            source=reading.source,
            as_of=reading.as_of,
        )
        for row in reading.rows
    ]
    fields = ["name", "name_en", "prefecture", "prefecture_en", "location", "source", "as_of"]
    Municipality.objects.bulk_create(
        known, BATCH, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )
    return len(known)


@action
def boundaries_load(*, reading: Reading[Boundary]) -> int:
    """Set the outlines; a designated city gets the union of its wards. Returns the codes set.

    Municipalities that are not in the table are refused (load the table first).
    """
    known = set(Municipality.objects.values_list("code", flat=True))
    parts: dict[str, list[Boundary]] = {}
    for number, row in enumerate(reading.rows, start=1):
        if row.code in known:
            parts.setdefault(row.code, []).append(row)
        else:
            refusal = Refusal(reading.file, number, f"{row.code} is not in the municipality table")
            reading.refusals.append(refusal)
    for code, rows in parts.items():
        Municipality.objects.filter(code=code).update(boundary=_union(rows))
    _unite_wards({municipality_codes.city_of(code) for code in parts} - set(parts))
    return len(parts)


def _union(rows: list[Boundary]) -> MultiPolygon:
    shape = GEOSGeometry(json.dumps(rows[0].geometry))
    for row in rows[1:]:
        shape = shape.union(GEOSGeometry(json.dumps(row.geometry)))
    shape = shape if shape.valid else shape.buffer(0)
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=4326)


def _unite_wards(cities: set[str]) -> None:
    wards = {
        city: [c for c in Municipality.objects.values_list("code", flat=True)
               if c != city and municipality_codes.city_of(c) == city]
        for city in cities
    }  # fmt: skip
    with connection.cursor() as cursor:
        for city, codes in wards.items():
            cursor.execute(
                "UPDATE gspace_municipality SET boundary = (SELECT ST_Multi(ST_Union(boundary)) "
                "FROM gspace_municipality WHERE code = ANY(%s)) WHERE code = %s",
                [codes, city],
            )


@action
def places_load(*, reading: Reading[Town]) -> int:
    """Add the towns of one file, or correct those already there. Returns the rows kept.

    Refused (added to reading.refusals): a municipality not in the table, a name given twice.
    """
    codes = set(Municipality.objects.values_list("code", flat=True))
    kept: dict[tuple[str, str, str], Place] = {}
    for number, row in enumerate(reading.rows, start=1):
        key = (row.code, row.kind, row.name)
        if row.code not in codes:
            reason = f"{row.name}: {row.code} is not in the municipality table"
            reading.refusals.append(Refusal(reading.file, number, reason))
        elif key in kept:
            reason = f"{row.name} is in the file twice; the first position is kept"
            reading.refusals.append(Refusal(reading.file, number, reason))
        else:
            kept[key] = _place(row, reading)
    Place.objects.bulk_create(
        kept.values(),
        BATCH,
        update_conflicts=True,
        unique_fields=["municipality", "kind", "name", "source"],
        update_fields=["name_en", "location", "licence"],
    )
    return len(kept)


def _place(row: Town, reading: Reading[Town]) -> Place:
    return Place(
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        municipality_id=row.code,
        location=_point(row.lon, row.lat),
        source=reading.source,
        licence=reading.licence,
    )


def table_date() -> date | None:
    """As of which day the municipality table speaks; None when it is empty."""
    return Municipality.objects.order_by("-as_of").values_list("as_of", flat=True).first()
