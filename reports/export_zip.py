"""An export with its photos: a ZIP of reports.geojson, reports.csv and the folder photos/."""

from __future__ import annotations

import json
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from reports import actions, blobs
from reports.export_making import Making
from reports.export_rows import Feature
from reports.export_text import csv_parts, geojson_parts

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
           "image/heif": "heif", "image/avif": "avif"}  # fmt: skip
MISSING = "photos-missing.txt"


def write(making: Making) -> None:
    """The reports are read once and kept aside, so that both tables tell the same."""
    aside = blobs.new_part()
    try:
        photos = _keep_aside(making, aside)
        making.tell(total=making.done + photos)
        with zipfile.ZipFile(making.path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as file:
            _tables(making, file, aside)
            missing = _photos(making, file, aside)
            if missing:
                file.writestr(MISSING, "\n".join(missing) + "\n")
    finally:
        aside.unlink(missing_ok=True)


def _keep_aside(making: Making, aside: Path) -> int:
    """One feature a line, each photo with the name of its file; how many photos there are."""
    count = 0
    with aside.open("w", encoding="utf-8", errors="replace") as file:
        for feature in making.features():
            for number, photo in enumerate(feature["properties"]["photos"], 1):
                photo["file"] = _name(making, feature, photo, number)
                count += photo["file"] is not None
            file.write(json.dumps(feature, ensure_ascii=False) + "\n")
    return count


def _name(making: Making, feature: Feature, photo: dict[str, Any], number: int) -> str | None:
    """Of our own making: nothing that a phone said becomes a path."""
    wanted = making.export.photos
    if wanted == "none" or not photo[f"{wanted}_url"]:
        return None
    ending = ENDINGS.get(photo["type"] or "", "bin") if wanted == "original" else "jpg"
    return f"photos/{feature['properties']['receipt']}-{number}.{ending}"


def _read(aside: Path) -> Iterator[Feature]:
    with aside.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _tables(making: Making, file: zipfile.ZipFile, aside: Path) -> None:
    tables = {"reports.geojson": geojson_parts, "reports.csv": csv_parts}
    for name, parts in tables.items():
        with file.open(_entry(name), "w", force_zip64=True) as stream:
            for part in parts(making, _read(aside)):
                stream.write(part)


def _photos(making: Making, file: zipfile.ZipFile, aside: Path) -> list[str]:
    """Puts the photos in; names of those that are gone."""
    missing: list[str] = []
    taken: list[uuid.UUID] = []
    for feature in _read(aside):
        for photo in feature["properties"]["photos"]:
            if photo["file"] is None:
                continue
            if _put(making, file, photo):
                taken.append(uuid.UUID(photo["id"]))
            else:
                missing.append(photo["file"])
            making.step()
            # a photo is some hundred times a row
            making.tell()
    if making.export.photos == "original":
        actions.export_originals_taken(export=making.export, photo_ids=taken)
    return missing


def _put(making: Making, file: zipfile.ZipFile, photo: dict[str, Any]) -> bool:
    original = making.export.photos == "original"
    copy = blobs.copy_name(photo["id"], "display")
    name = blobs.original_name(photo["sha256"]) if original else copy
    entry = _entry(photo["file"])
    # photos do not become smaller
    entry.compress_type = zipfile.ZIP_STORED
    try:
        with blobs.open_file(name) as source, file.open(entry, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 256 * 1024)
    except FileNotFoundError:
        return False
    return True


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
