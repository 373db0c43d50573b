"""The files of an export, one writer a kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import shapely
from django.utils import timezone

from gspace import geopackage, vocabulary
from reports import export_zip, kml
from reports.export_making import Making, about
from reports.export_rows import COLUMNS, Feature, Speaker
from reports.export_text import csv_parts, geojson_parts


def _geojson(making: Making) -> None:
    with making.path.open("wb") as file:
        file.writelines(geojson_parts(making, making.features()))


def _csv(making: Making) -> None:
    with making.path.open("wb") as file:
        file.writelines(csv_parts(making, making.features()))


def _geopackage(making: Making) -> None:
    told = about(making)
    table = geopackage.Table(
        name="reports",
        title=str(told["title"]),
        description=("not real: an exercise or a demo; " if told["not_real"] else "")
        + f"as of {told['as_of']}",
        columns=[(name if name not in geopackage.OWN_NAMES else f"{name}_", kind)
                 for name, kind, _ in COLUMNS],
        about=json.dumps(told, ensure_ascii=False),
    )  # fmt: skip
    rows = (
        (_wkb(feature), [cell(feature, making.speaker) for _, _, cell in COLUMNS])
        for feature in making.features()
    )
    geopackage.write(making.path, table, rows, making.export.as_of or timezone.now())


def _wkb(feature: Feature) -> bytes | None:
    geometry = feature["geometry"]
    return shapely.to_wkb(shapely.geometry.shape(geometry), byte_order=1) if geometry else None


def _kml(making: Making) -> None:
    told = about(making)
    styles = {t.code: t.colour for t in vocabulary.terms("severity")}
    title = f"{told['title']} {told['as_of']}" + (" (not real)" if told["not_real"] else "")
    marks = (_placemark(feature, making.speaker) for feature in making.features())
    with making.path.open("wb") as file:
        file.writelines(kml.parts(title, styles, marks))


def _placemark(feature: Feature, speaker: Speaker) -> str:
    said = feature["properties"]
    name = f"{speaker.word('category', said['category'])} {said['receipt']}"
    cells = [(label, cell(feature, speaker)) for label, _, cell in COLUMNS]
    rows = [(label, _plain(value)) for label, value in cells]
    when = said["captured_at"] or said["received_at"]
    return kml.placemark(feature["id"], name, said["severity"], when, rows, feature["geometry"])


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


WRITERS: dict[str, Callable[[Making], None]] = {
    "geojson": _geojson, "csv": _csv, "gpkg": _geopackage, "kml": _kml, "zip": export_zip.write,
}  # fmt: skip
