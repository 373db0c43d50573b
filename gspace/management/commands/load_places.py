"""Load place names for "where is that?": the project's demo set, or the operator's own files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gspace import gazetteer, place_files
from gspace.place_files import Reading

BUILT_IN = settings.BASE_DIR / "fixtures" / "places"
BOUNDARIES = settings.BASE_DIR / "fixtures" / "basemap" / "n03_kumamoto.topojson"
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Load municipalities and place names. Without arguments: the built-in table of all "
        "municipalities and the towns of Kumamoto Prefecture. FILE_OR_DIR: Geolonia "
        "japanese-addresses JSON (a file, or a folder of them), a CSV with the columns name, lat, "
        "lon, code, or boundaries as GeoJSON or TopoJSON with N03 property names."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="FILE_OR_DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        self.table = place_files.read_municipalities(BUILT_IN / "municipalities.csv")
        self.report(self.table, gazetteer.municipalities_load(reading=self.table))
        for path in options["paths"] or [BOUNDARIES, BUILT_IN / "kumamoto_towns.csv"]:
            self.load(path)

    def load(self, path: Path) -> None:
        if not path.exists():
            raise CommandError(f"{path}: there is no such file or folder.")
        files = sorted(f for f in path.rglob("*.json")) if path.is_dir() else [path]
        for file in files:
            if file.name not in {"ja.json", "addresses_ja.json"}:  # the index, no towns
                self.load_file(file)

    def load_file(self, file: Path) -> None:
        try:
            self.load_as(file)
        except (ValueError, LookupError) as error:
            raise CommandError(f"{file.name}: not read: {error}") from error

    def load_as(self, file: Path) -> None:
        suffix = file.suffix.lower()
        if suffix == ".csv":
            towns = place_files.read_towns_csv(file)
            self.report(towns, gazetteer.places_load(reading=towns))
        elif suffix in {".geojson", ".topojson"}:
            outlines = place_files.read_boundaries(file)
            self.report(outlines, gazetteer.boundaries_load(reading=outlines))
        elif suffix == ".json":
            towns = place_files.read_geolonia(file, self.code_of(file))
            self.report(towns, gazetteer.places_load(reading=towns))
        else:
            raise ValueError("a .json, .csv, .geojson or .topojson file is expected")

    def code_of(self, file: Path) -> str:
        """The layout is <prefecture>/<municipality>.json; without the folder the name decides."""
        named = [r for r in self.table.rows if r.county + r.name == file.stem]
        in_folder = [r for r in named if r.prefecture == file.parent.name]
        found = in_folder or named
        if len(found) != 1:
            what = "no municipality has" if not found else "several prefectures have"
            raise ValueError(
                f"{what} the name {file.stem} (put the file into a folder named as its prefecture)"
            )
        return found[0].code

    def report(self, reading: Reading[Any], kept: int) -> None:
        refused = reading.refusals
        self.stdout.write(
            f"{reading.file}: {reading.read} read, {kept} kept, {len(refused)} refused"
        )
        for refusal in refused[:SHOWN]:
            self.stdout.write(f"  {refusal.file} row {refusal.row}: {refusal.reason}")
        if len(refused) > SHOWN:
            self.stdout.write(f"  ... and {len(refused) - SHOWN} more")
