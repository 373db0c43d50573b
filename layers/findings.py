"""What was noticed in a publisher's file: the one catalogue of sentences, and the list itself.

A finding: {row, field, level, code, message, given}. row: as the person counts in their file, None
for the whole file; level: repaired (read, after putting it right), doubted (taken as it is, please
look), refused (not used; the row is kept). message: English; `spoken` says it in the reader's
language out of code and given. Pure: imports no Django, so that the sandboxed child can use it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from layers import reasons

LIMIT_FINDINGS = 1000
LIMIT_GIVEN = 200
# the same remark on more rows than this, and on most of them, is one remark about the column
FOLD_OVER, FOLD_SHARE = 20, 0.8
LEVELS = ("refused", "doubted", "repaired")
# with one of these the row's missing place is explained
PLACE_TOLD = ("position_unreadable", "position_half", "position_abroad", "geometry_refused")
# what was told of a row in the child and decides what is told of it afterwards
PASSED_ON = (*PLACE_TOLD, "outside_area")
Finding = dict[str, Any]


def _(text: str) -> str:
    """Marks a sentence for the catalogue of translations."""
    return text


CATALOGUE: dict[str, str] = {
    # the file as a whole
    "file_empty": _("The file is empty. Save it again and send it once more."),
    "not_text": _(
        "This file is neither text nor a format that is read here. Send CSV, TSV, XLSX, GeoJSON, "
        "KML, KMZ, GPX, a zipped Shapefile, GeoPackage or FlatGeobuf."
    ),
    "encoding_unknown": _(
        "The letters cannot be read: neither UTF-8 nor Shift_JIS. Save the file as CSV UTF-8."
    ),
    "mojibake": _(
        "The letters were garbled before the file came here (%(how)s). This cannot be put right: "
        "export it anew from the original, as CSV UTF-8."
    ),
    "bytes_unreadable": _(
        "%(number)s letters cannot be read and show as �. Please correct them."
    ),
    "old_excel": _(
        "An old Excel file (.xls), or one with a password. Save it as .xlsx without a password."
    ),
    "xlsx_unreadable": _("This Excel file cannot be read (%(why)s). Save it anew as .xlsx or CSV."),
    "format_unknown": _(
        "This kind of file is not read. Send CSV, TSV, XLSX, GeoJSON, KML, KMZ, GPX, a zipped "
        "Shapefile, GeoPackage or FlatGeobuf."
    ),
    "not_geojson": _("This GeoJSON cannot be read: %(why)s"),
    "file_gone": _("The file is no longer kept here. Send it again."),
    "not_json": _("This is not sound JSON (%(why)s). Export it anew."),
    "json_without_places": _(
        "This JSON is neither GeoJSON nor a list of places with names or positions."
    ),
    "json_is_an_answer": _(
        "This is no list of places but the answer of a service: %(said)s"
    ),
    "json_other": _("%(what)s is not read. Save it as GeoJSON."),
    "xml_unreadable": _("This file cannot be read (%(why)s). Save it anew."),
    "xml_forbidden": _(
        "The file declares a document type or entities, which could read other files. Save it "
        "without them."
    ),
    "xml_other": _(
        "XML of the kind %(root)s is not read. Save it as KML, GPX, GeoJSON or GeoPackage."
    ),
    "web_page": _("This is a web page, not a file of data. Download the file itself and send it."),
    "no_features": _("The file holds no places."),
    "nothing_placed": _("No place of this file can be used: %(why)s"),
    "too_many_features": _("More than %(limit)s places. Divide the file."),
    "too_many_vertices": _("More than %(limit)s points in all lines and areas. Simplify them."),
    "zip_unreadable": _("This zip file cannot be read (%(why)s). Pack it anew."),
    "zip_encrypted": _("The zip file has a password. Pack it without one."),
    "zip_nothing": _("Nothing in the zip file is read: %(names)s."),
    "zip_in_zip": _("A zip file inside a zip file. Unpack it and send the inner one."),
    "files_left_out": _("Only %(file)s was read. Left out: %(others)s."),
    "shapefile_parts": _(
        "A Shapefile is several files. Pack .shp, .dbf, .shx and .prj (and .cpg) in one zip."
    ),
    "shapefile_unreadable": _("This Shapefile cannot be read (%(why)s). Export it anew."),
    "dbf_unreadable": _("This table (.dbf) cannot be read (%(why)s). Export it anew."),
    "geopackage_unreadable": _("This GeoPackage cannot be read (%(why)s). Export it anew."),
    "geopackage_empty": _("This database has no layer of places."),
    "flatgeobuf_unreadable": _("This FlatGeobuf cannot be read (%(why)s). Export it anew."),
    "records_cut": _("The file ends in the middle. %(number)s places were read."),
    "attributes_missing": _("The Shapefile has no table of attributes (.dbf)."),
    "encoding_unsaid": _("The letters were read as %(read)s; the file does not say."),
    "encoding_wrong": _("The file says its letters are %(said)s, but they were read as %(read)s."),
    "crs_not_read": _(
        "Coordinate system %(name)s is not read. Save in WGS 84 (EPSG:4326) or JGD2011."
    ),
    "crs_unsaid": _(
        "The file does not say its coordinate system. Degrees were read as JGD2011 (WGS 84); if "
        "all lies some 400 m off, it is Tokyo Datum: choose it under “How are the positions "
        "meant?” and read the file again (a program: ?crs=EPSG:4301)."
    ),
    "states_left_out": _(
        "The file holds %(number)s states of different times. Only the last was read: %(read)s."
    ),
    "not_loaded": _("%(what)s: %(number)s. They point elsewhere and are not loaded."),
    "too_large_inside": _("This file unpacks to more than is accepted. Send fewer rows or CSV."),
    "too_many_rows": _("More than %(limit)s rows. Divide the file."),
    "too_many_columns": _("More than %(limit)s columns. Leave out what is not needed."),
    "cell_too_long": _(
        "Row %(row)s has a cell of endless length. Is a quotation mark missing at its end?"
    ),
    "took_too_long": _("Reading took too long. Divide the file."),
    "too_much_memory": _("Reading needs too much memory. Divide the file."),
    "reader_died": _("The file made the reader stop. Save it again as CSV UTF-8 and send that."),
    "no_place_named": _(
        "Nothing in this file names a place: no row of column names such as 名称, 住所, 緯度 and "
        "経度 (name, address, latitude, longitude) was found. Add such a row at the top."
    ),
    "crs_unknown": _(
        "The positions are metres of a plane-rectangular zone, and nothing says which. Choose the "
        "zone under “How are the positions meant?” (a program: ?crs=EPSG:6669 to 6687, zones I to "
        "XIX), or send the file with latitude and longitude."
    ),
    "crs_to_confirm": _(
        "The positions are metres. They were read in plane-rectangular zone %(zone)s (%(crs)s), as "
        "is usual in %(prefecture)s. Look at the map: if they lie right, publish this version; "
        "else choose another under “How are the positions meant?” and read it again (a program: "
        "?crs=EPSG:…), or exchange the names X and Y."
    ),
    "no_such_row": _("There is no row %(row)s that could hold the names of the columns."),
    # columns and rows
    "header_missing": _(
        "There is no row of column names. Positions were found by their numbers; please check, and "
        "add names."
    ),
    "column_repeated": _("A second column has the name %(name)s. It is kept as %(kept)s."),
    "cells_beyond_names": _("There are cells beyond the last column name. Kept as %(kept)s."),
    "column_content_differs": _(
        "Most cells of this column do not hold what its name says (%(example)s). Are the columns "
        "shifted? They are kept as they are."
    ),
    "digits_lost": _(
        "Excel has rounded numbers of this column (%(value)s); their digits are lost. Format the "
        "column as text and fill it in again."
    ),
    "sheets_left_out": _("Only the sheet %(sheet)s was read. Left out: %(others)s."),
    "row_empty": _("The row says nothing. It is left out."),
    "row_is_note": _("The row is a remark, not a place. It is left out: %(text)s"),
    "row_repeats": _(
        "The same name and position as row %(first)s. Both are kept; please delete one."
    ),
    # position
    "number_repaired": _("%(value)s was read as %(read)s. Please write it so."),
    "dms": _("Degrees, minutes and seconds (%(value)s) were read as %(read)s."),
    "packed_dms": _("%(value)s was read as degrees, minutes and seconds: %(read)s. Please check."),
    "milliseconds": _("Milliseconds of arc (%(value)s) were read as %(read)s."),
    "position_swapped": _(
        "Latitude and longitude stand in each other's place (%(value)s). They were exchanged."
    ),
    "decimal_point_restored": _("%(value)s has lost its decimal point. It was read as %(read)s."),
    "position_unreadable": _("%(value)s is no position. Please correct it; the row is kept."),
    "position_half": _("Only one of latitude and longitude is given. Please add the other."),
    "position_abroad": _("%(value)s is not in Japan and is not drawn. Please correct it."),
    "outside_japan": _("%(value)s is not in Japan. Drawn as it is; please check."),
    "outside_area": _("%(value)s is not in %(area)s. Drawn as it is; please check."),
    "outside_municipality": _("%(value)s is not in %(area)s. Drawn as it is; please check."),
    "far_from_the_rest": _("%(value)s is %(km)s km from the other places. Please check."),
    "position_coarse": _("%(value)s is rounded to a kilometre or more. Please give more digits."),
    "datum_converted": _(
        "Tokyo Datum (日本測地系) was changed to the world's (JGD2011); within some 9 m."
    ),
    "plane_converted": _("Metres of %(crs)s were changed to latitude and longitude."),
    "place_missing": _("No position. It is in the list, but on no map: it needs a place."),
    "place_estimated": _(
        "No position. Placed at %(place)s, roughly, by its address. Please give the position."
    ),
    "geometry_refused": _("%(why)s Kept without a place."),
    "geometry_repaired": _("The line or area was not sound (it crossed itself). It was put right."),
    "geometry_simplified": _("%(number)s points are more than is drawn. Points were left out."),
    "geometry_parts_left": _("It has parts of several kinds. Only areas, else lines, are kept."),
    "properties_unreadable": _("The attributes are not an object. Left out."),
    "points_left_out": _("%(number)s points without a usable position were left out."),
    # values
    "code_zero_restored": _("Municipality code %(value)s has lost its first 0: read as %(read)s."),
    "code_completed": _("Municipality code %(value)s was completed to %(read)s."),
    "municipality_unknown": _("%(why)s. Kept as written, not used as the municipality code."),
    "phone_zero_restored": _("Phone number %(value)s has lost its first 0: read as %(read)s."),
    "value_in_remark": _("%(read)s was taken out of the remark: %(value)s"),
    "capacity_zero": _("The capacity is 0. If it is not known, leave the cell blank."),
    "count_unclear": _("%(value)s is not a plain number. Kept as written."),
    "count_read": _("%(value)s was read as %(read)s."),
    "flag_unclear": _("%(value)s is neither yes nor no (○, ×, 1, 0). Kept as written."),
    "state_unclear": _("%(value)s is no state known here. Kept as written; use one of: %(known)s."),
    "as_of_in_name": _("The time in the column's name was taken as its time: %(read)s."),
    "as_of_above": _("The time above the table was taken as the file's: %(read)s."),
    "id_counts_rows": _(
        "These numbers only count the rows and are not used as ids: a new row would change them."
    ),
    # why a version waits for a person
    "overtaken": _(
        "A newer file, version %(number)s, was published while this one waited to be read. Publish "
        "this one only if it is to replace the newer one."
    ),
    "empty": _("The file has no features, the published version has some."),
    "many_removed": _(
        "%(gone)s of the %(had)s places that are public now are not in this file. Is it the whole "
        "list? If so, publish it."
    ),
    "schema_changed": _(
        "What the public version was read from is missing now: %(columns)s. Was it renamed or left "
        "out? If it is meant so, publish this version."
    ),
    "encoding_changed": _(
        "The file before was %(before)s, this one is %(now)s. Look whether all names are right; if "
        "so, publish this version."
    ),
    "left_coverage": _(
        "%(outside)s of %(placed)s places lie far from where they have been until now. Look at the "
        "map; if they lie right, publish this version."
    ),
    "outside_declared": _(
        "%(outside)s of %(placed)s places lie outside %(area)s, which the layer is said to cover. "
        "Look at the map; if they lie right, publish this version."
    ),
    "event_named": _(
        "The file speaks of another event: %(event)s. This layer belongs to %(incident)s. If it is "
        "meant so, publish this version."
    ),
    "dates_before": _(
        "What the file says is as of %(as_of)s, long before %(incident)s began (%(began)s). If it "
        "still holds, publish this version."
    ),
    # places that a hand has added or changed
    "kept_by_hand": _(
        "%(number)s places were added by hand and are not in this file. They are kept: %(names)s"
    ),
    "hand_kept": _(
        "Changed by hand, and the file says the same as before: the hand's %(value)s is kept. Undo "
        "the edit to take the file's."
    ),
    "hand_overwritten": _(
        "Changed by hand to %(hand)s. The file says something new, so the file counts."
    ),
    "hand_dropped": _(
        "%(number)s places were corrected by hand and are not in this file any more. With it they "
        "go: %(names)s"
    ),
    "came_back": _("Withdrawn by hand, and in the file again: it is back on the map."),
    # any format
    "text_not_storable": _("What cannot be stored (half letters, NUL) was replaced."),
    "number_not_finite": _("A number that is none (NaN, infinite) was left out."),
    "nested_too_deeply": _("A value is nested too deeply. It was left out."),
    "text_cut": _("Longer than %(limit)s letters. Cut there."),
    "url_refused": _("Not an http(s) address. Not used as a link."),
    "time_unreadable": _("%(value)s is not a time. Write 2016-04-16T14:05:00+09:00."),
    "time_without_offset": _("A time without offset was read in %(zone)s."),
    "state_unreadable": _("The state is not an object. Not used."),
    "state_not_of_kind": _("%(kind)s has no %(name)s. Not used."),
    "state_refused": _("%(why)s. Not used."),
    "id_repeated": _("%(value)s is used twice. This one got a new id."),
    "id_not_a_key": _("A row number, or not usable: not used as an id."),
    "more": _("And %(number)s more findings."),
}  # fmt: skip


def message(code: str, given: dict[str, Any], translate: Callable[[str], str] = str) -> str:
    """The sentence of a code; a `given` that does not fit leaves the words alone."""
    text = translate(CATALOGUE[code])
    try:
        return text % {name: reasons.said(str(one), translate) for name, one in given.items()}
    except (KeyError, ValueError, TypeError):
        return text


def spoken(finding: Finding, translate: Callable[[str], str]) -> Finding:
    """A stored finding, its message said by `translate` (gettext)."""
    shown = {k: v for k, v in finding.items() if k != "given"}
    if finding.get("code") in CATALOGUE and "given" in finding:
        shown["message"] = message(finding["code"], finding["given"], translate)
    return shown


@dataclass
class Findings:
    """Collects findings. Of one kind (field and code) LIMIT_FINDINGS are kept; all are counted.

    counts: (field, code) -> how many.
    """

    items: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._told: dict[int | None, set[str]] = defaultdict(set)
        for finding in self.items:
            self._told[finding["row"]].add(finding["code"])
        self.counts = self.counts or Counter((f["field"], f["code"]) for f in self.items)

    def add(self, row: int | None, name: str, level: str, code: str, /, **given: Any) -> None:
        self._told[row].add(code)
        kind = (name[:LIMIT_GIVEN], code)
        self.counts[kind] += 1
        if self.counts[kind] > LIMIT_FINDINGS:
            return
        cut = {k: str(v)[:LIMIT_GIVEN] for k, v in given.items()}
        self.items.append({"row": row, "field": kind[0], "level": level, "code": code,
                           "message": message(code, cut), "given": cut})  # fmt: skip

    def has(self, row: int, *codes: str) -> bool:
        """Whether one of the codes was told of the row."""
        return not self._told.get(row, set()).isdisjoint(codes)

    def codes_of(self, row: int, codes: Iterable[str]) -> list[str]:
        """Those of the codes that were told of the row."""
        told = self._told.get(row)
        return [code for code in codes if code in told] if told else []

    def note(self, row: int, codes: Iterable[str]) -> None:
        """Somebody else tells this of the row."""
        self._told[row].update(codes)

    def join(self, items: list[Finding], counts: Counter[tuple[str, str]]) -> None:
        """Somebody else's findings, and how many there were of each kind."""
        self.items = [*items, *self.items]
        self.counts.update(counts or Counter(map(_kind, items)))

    def all(self) -> list[Finding]:
        """In the order of the file; at most LIMIT_FINDINGS, the graver ones first to stay."""
        told = [f for f in self.items if f["code"] != "more"]
        before = sum(int(f["given"]["number"].replace(",", "")) for f in self.items
                     if f["code"] == "more")  # fmt: skip
        found = sorted(told, key=lambda f: f["row"] or 0)
        rank = {level: place for place, level in enumerate(LEVELS)}
        kept = sorted(found, key=lambda f: rank[f["level"]])[:LIMIT_FINDINGS]
        counted = self.counts.total() - (len(self.items) - len(told))
        left = before + max(counted, len(found)) - len(kept)
        if not left:
            return found
        more = Findings()
        more.add(None, "", "doubted", "more", number=f"{left:,}")
        return [*sorted(kept, key=lambda f: f["row"] or 0), *more.items]

    def fold(self, rows: int, header: int) -> None:
        """One finding at the header, with `rows` as their number, for what most rows have alike."""
        groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in self.items:
            if finding["row"]:
                groups[finding["field"], finding["code"]].append(finding)
        for kind, group in groups.items():
            # more than are kept are counted; fewer may have lost their row since
            number = max(len(group), self.counts[kind] if len(group) >= LIMIT_FINDINGS else 0)
            if number > FOLD_OVER and number > rows * FOLD_SHARE:
                self._fold(kind, group, number, header)

    def _fold(self, kind: tuple[str, str], group: list[Finding], number: int, header: int) -> None:
        first = min(group, key=lambda f: f["row"] or 0)
        one = first | {"row": header or first["row"], "rows": number, "first": first["row"]}
        self.items = [one, *(f for f in self.items if not f["row"] or _kind(f) != kind)]
        self.counts[kind] += 1 - number


def _kind(finding: Finding) -> tuple[str, str]:
    return finding["field"], finding["code"]
