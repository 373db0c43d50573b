"""One row of a spreadsheet -> one GeoJSON feature in the terms of layers.rows.

What was read cleanly goes under our own names; everything else keeps the publisher's column name
and words: blank is null, "---" stays "---", a column that is not there is not there.
Pure: imports no Django.
"""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Any

from gspace import municipality_codes, vocabulary
from layers import area_codes, flags, moments, prefectures
from layers.findings import Findings
from layers.plans import Plan
from layers.positions import Placed
from layers.tables import is_blank

# our own names in `properties`: a publisher's column of such a name is kept under another
OURS = {"state", "estimated", "hazards", "capacity", "id", "kind", "may_be_offered", "name",
        "name_en", "address", "source_as_of", "municipality_code", "source_name"}  # fmt: skip
ADDRESS = ("prefecture", "municipality", "town", "block")
STATES = ("operation", "congestion", "traffic")
IN_REMARKS = {
    "capacity": re.compile(
        r"(?:想定)?(?:収容(?:可能)?(?:人数|人員)|収容定員|定員)\s*[:：は]?\s*約?([\d０-９,，]+)\s*[人名]?"
    ),
    "persons": re.compile(r"(?:避難者|避難者数|避難人数)\s*[:：は]?\s*約?([\d０-９,，]+)\s*[人名]"),
    "phone": re.compile(r"(?:電話(?:番号)?|TEL|Tel|tel|℡)\s*[:：.]?\s*(0[\d‐－-]{8,12}\d)"),
}
# fields that _state, _remarked and _clock look at
STATEFUL = frozenset({*STATES, "status", "persons", "hours"})
NUMBERED = frozenset({"capacity", "phone"})
CLOCKS = frozenset({"as_of", "checked_at", "persons"})
# ids that begin so may name a municipality
GSI_KEYS = ("E", "P")
# without one a remark holds none of these
FIGURE = re.compile(r"\d")
WORST = (True, "conditional", "unknown", False)


class Maker:
    """Makes features of a layer kind; times without offset are read in `zone`."""

    def __init__(self, plan: Plan, kind: str, zone: tzinfo, findings: Findings) -> None:
        self.plan, self.kind, self.zone, self.findings = plan, kind, zone, findings
        self.row = 0
        self.kept: set[int] = set()
        self._areas: dict[tuple[str, str, str], set[str]] = {}
        found = ((name, vocabulary.state_kind(kind, name)) for name in STATES)
        self.codes = {name: codes for name, codes in found if codes is not None}

    def area(self, cells: dict[str, str]) -> set[str]:
        """Prefectures (two digits) the row says it is in: its publishing body's, and its own."""
        where = (cells.get("prefecture", "") or _address(cells)).lstrip()[:4]
        key = cells.get(self.plan.key, "").lstrip()
        if key[:1] in GSI_KEYS:
            return self._area(cells)
        # rows of one publisher hardly differ in this
        said = (where, cells.get("code", ""), cells.get("place_code", ""))
        if said not in self._areas:
            self._areas[said] = self._area(cells)
        return self._areas[said]

    def _area(self, cells: dict[str, str]) -> set[str]:
        found = {prefectures.code_in(cells.get("prefecture", "") or _address(cells)),
                 area_codes.of_key(cells.get(self.plan.key, ""))[:2]}  # fmt: skip
        for name in ("code", "place_code"):
            if cells.get(name):
                found.add(self._code_quietly(cells, name)[:2])
        found.discard("")
        return found

    def _code_quietly(self, cells: dict[str, str], name: str) -> str:
        try:
            return self._restored(cells, name)[0]
        except ValueError:
            return ""

    def _restored(self, cells: dict[str, str], name: str) -> tuple[str, str]:
        text = cells.get(name, "")
        if not text or is_blank(text):
            return "", ""
        own = prefectures.code_in(cells.get("prefecture", "") or _address(cells))
        return area_codes.restore(text, zeros_lost=self.plan.zeros_lost, prefecture=own)

    def feature(
        self, row: list[str], placed: Placed, cells: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """A GeoJSON feature; geometry null where the row has no usable position.

        cells: of the row by field, where they are known already.
        """
        self.row, self.kept = placed.row, set()
        cells = self.plan.cells(row) if cells is None else cells
        if placed.kept:
            self.kept |= {c.index for n, c in self.plan.fields.items() if n in placed.kept}
        # nothing is asked of columns that the file does not have
        hazards = self._hazards(row) if self.plan.hazards else {}
        state = self._state(cells) if not STATEFUL.isdisjoint(self.plan.fields) else {}
        found = self._named(cells)
        if self.plan.remarks or not NUMBERED.isdisjoint(self.plan.fields):
            remarked = self._remarked(row, cells, state).items()
            found |= {k: v for k, v in remarked if v not in ("", None)}
        if hazards:
            found["hazards"] = hazards
        if state:
            found["state"] = state
        if not CLOCKS.isdisjoint(self.plan.fields):
            found |= self._clock(cells, state)
        at = placed.point
        geometry = {"type": "Point", "coordinates": [at.lon, at.lat]} if at else None
        properties = self._attributes(row) | found
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        key = cells.get(self.plan.key, "").strip()
        return feature if is_blank(key) else {"id": key, **feature}

    def _named(self, cells: dict[str, str]) -> dict[str, Any]:
        """What it is called and where it is, in words."""
        found: dict[str, Any] = {}
        if name := cells.get("name", "").strip():
            found["name"] = name
        if address := _address(cells):
            found["address"] = address
        for ours, theirs in (("name_en", "name_en"), ("source_name", "source")):
            if theirs in cells and not is_blank(cells[theirs]):
                found[ours] = cells[theirs].strip()
        if code := self._municipality(cells):
            found["municipality_code"] = code
        return found

    def tell(self, name: str, level: str, code: str, /, **given: Any) -> None:
        column = self.plan.fields.get(name)
        self.findings.add(self.row, column.name if column else name, level, code, **given)

    def keep(self, name: str) -> None:
        """Keep the publisher's words beside, or in place of, what was read."""
        if name in self.plan.fields:
            self.kept.add(self.plan.fields[name].index)

    def _municipality(self, cells: dict[str, str]) -> str:
        for name in ("place_code", "code"):
            if not cells.get(name):
                continue
            try:
                code, how = self._restored(cells, name)
            except ValueError as error:
                self.tell(name, "refused", "municipality_unknown", why=str(error))
                self.keep(name)
                continue
            if how:
                self.tell(name, "repaired", how, value=cells[name].strip(), read=code)
            if code and not municipality_codes.is_prefecture(code):
                return code
        return area_codes.of_key(cells.get(self.plan.key, ""))

    def _hazards(self, row: list[str]) -> dict[str, Any]:
        """Hazard -> True, False, "conditional", "unknown"; blank ones are missing.

        Two columns of one hazard (usual and worst flood) count as the worse of the two.
        """
        found: dict[str, Any] = {}
        for hazard, columns in self.plan.hazards.items():
            for column in columns:
                text = row[column.index] if column.index < len(row) else ""
                try:
                    value = flags.flag(text)
                except ValueError:
                    self.findings.add(
                        self.row, column.name, "doubted", "flag_unclear", value=text.strip()
                    )
                    self.kept.add(column.index)
                    continue
                if (value not in (True, False) and text.strip()) or len(columns) > 1:
                    self.kept.add(column.index)
                if value is not None:
                    before = found.get(hazard, value)
                    found[hazard] = max(value, before, key=WORST.index)
        return found

    def _state(self, cells: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, codes in self.codes.items():
            column = name if name in cells else "status"
            if column not in cells or (name, column) == ("congestion", "status"):
                continue
            found |= self._coded(name, column, codes, cells[column])
        if "persons" in cells:
            found["persons"] = self._number("persons", cells["persons"])
        if not is_blank(cells.get("hours", "")) and vocabulary.STATES.get(self.kind):
            found["hours"] = cells["hours"].strip()
        else:
            self.keep("hours")
        return found

    def _coded(self, name: str, column: str, codes: str, text: str) -> dict[str, Any]:
        try:
            # ○ under 開設状況 is open; × may be closed or not yet open, and stays as it is
            yes = name == "operation" and flags.is_yes(text)
            value = self._open() if yes else flags.state_code(codes, text)
        except ValueError:
            known = "・".join(t.labels["ja"] for t in vocabulary.terms(codes))
            self.tell(column, "doubted", "state_unclear", value=text.strip(), known=known)
            return {}
        return {name: value}

    def _open(self) -> str:
        shelter = vocabulary.state_kind(self.kind, "operation") == "shelter_operation"
        return "open" if shelter else "running"

    def _number(self, name: str, text: str) -> int | None:
        """A count; None for blank, dashes and 不明, whose words are kept."""
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        if is_blank(text) or flags.is_unknown(text):
            self.keep(name)
            return None
        try:
            value, plain = flags.count(text)
        except ValueError:
            self.tell(name, "doubted", "count_unclear", value=text.strip())
            self.keep(name)
            return None
        if not plain:
            self.tell(name, "repaired", "count_read", value=text.strip(), read=value)
            self.keep(name)
        return value

    def _clock(self, cells: dict[str, str], state: dict[str, Any]) -> dict[str, Any]:
        """As of when the row is so: its own column, else the time in the name of its count."""
        found: dict[str, Any] = {}
        for name in ("as_of", "checked_at"):
            text = cells.get(name, "")
            if is_blank(text):
                continue
            moment = moments.read(text, self.zone)
            if moment is None:
                self.tell(name, "doubted", "time_unreadable", value=text.strip())
                self.keep(name)
            elif name == "as_of":
                found["source_as_of"] = moment
            elif state:
                state["checked_at"] = moment
        persons = self.plan.fields.get("persons")
        clock = (persons.as_of if persons else None) or found.get("source_as_of")
        if clock and state:
            state["source_as_of"] = clock
        return found

    def _remarked(
        self, row: list[str], cells: dict[str, str], state: dict[str, Any]
    ) -> dict[str, Any]:
        """capacity and phone by their columns, else out of a remark such as 収容人数:310."""
        found: dict[str, Any] = {}
        if "capacity" in cells:
            found["capacity"] = self._number("capacity", cells["capacity"])
            if found["capacity"] == 0:
                self.tell("capacity", "doubted", "capacity_zero")
        phone = cells.get("phone", "").strip()
        if 9 <= len(phone) <= 10 and re.fullmatch(r"[1-9]\d{8,9}", phone):
            self.tell("phone", "repaired", "phone_zero_restored", value=phone, read=f"0{phone}")
            found[self.plan.fields["phone"].name] = f"0{phone}"
        for column in self.plan.remarks:
            text = row[column.index] if column.index < len(row) else ""
            if not text or not FIGURE.search(text):
                continue
            for name, pattern in IN_REMARKS.items():
                known = found.get(name) is not None or not is_blank(cells.get(name, ""))
                if known or state.get(name) is not None or not (match := pattern.search(text)):
                    continue
                value = _plain_number(match[1]) if name != "phone" else match[1]
                target = state if name == "persons" else found
                target["電話番号" if name == "phone" else name] = value
                given = {"value": text.strip()[:80], "read": f"{name} {value}"}
                self.findings.add(self.row, column.name, "repaired", "value_in_remark", **given)
        return found

    def _attributes(self, row: list[str]) -> dict[str, Any]:
        """Every other column as it is written; blank cells are null."""
        found: dict[str, Any] = {}
        for column in self.plan.columns:
            if column.field and column.index not in self.kept:
                continue
            text = row[column.index].strip() if column.index < len(row) else ""
            name = f"{column.name} (column)" if column.name in OURS else column.name
            found[name] = text or None
        return found


def _address(cells: dict[str, str]) -> str:
    whole = cells.get("address", "").strip()
    if not is_blank(whole):
        return whole
    parts = [cells.get(name, "").strip() for name in ADDRESS]
    if not any(not is_blank(part) for part in parts[2:]) and not cells.get(
        "prefecture_municipality"
    ):
        # a prefecture's name alone is no address
        return "".join(p for p in parts if not is_blank(p)) if not is_blank(parts[1]) else ""
    joined = "".join(part for part in parts if not is_blank(part))
    return joined or cells.get("prefecture_municipality", "").strip()


def _plain_number(text: str) -> int:
    return flags.count(text)[0]
