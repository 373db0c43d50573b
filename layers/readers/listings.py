"""Plain JSON that lists places in a way of its own -> records. Pure: imports no Django.

Looked for are lists of objects, and objects of objects whose keys are names; the one whose members
name places best is read, and the others are named. Of several states of one list the latest counts.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from layers import headings, moments
from layers.findings import Findings
from layers.readers.outcome import Context, Record, Records
from layers.tables import Unreadable

LIMIT_DEPTH = 6
LIMIT_NODES = 20_000
SAMPLE = 50
# what a field is worth as a sign that these are places
WORTH = {"lat": 5, "lon": 5, "latlon": 10, "x": 3, "y": 3, "address": 4, "name": 3,
         "municipality": 3}  # fmt: skip
ENOUGH = 3
KEY_NAME, KEY_MUNICIPALITY = "名称", "市区町村"
ANSWERS = ("message", "error", "error_message", "detail", "note", "description")


Path = tuple[str, ...]


@dataclass
class Candidate:
    """path: list places as "*"; items: the members; beside: plain values of the object around."""

    path: Path
    items: list[dict[str, Any]]
    beside: dict[str, Any]


Groups = dict[Path, list[Candidate]]


def read(document: Any, findings: Findings, context: Context) -> Records:
    """Raises Unreadable: json_is_an_answer, json_without_places."""
    groups: Groups = defaultdict(list)
    for one in _candidates(document):
        groups[one.path].append(one)
    best = max(groups.values(), key=_score, default=[])
    if not best or _score(best)[0] < ENOUGH:
        raise _nothing(document)
    _tell_others(groups, best, findings)
    zone = ZoneInfo(context.zone)
    timed = [(_time(one, zone) or "", one) for one in best]
    as_of = max(time for time, _ in timed)
    if (states := len({time for time, _ in timed})) > 1:
        findings.add(None, "", "doubted", "states_left_out", number=states, read=as_of)
    # of one time, or of none, they are parts of one whole
    members = [item for time, one in timed if time == as_of for item in one.items]
    items = [Record(row, None, _flat(one)) for row, one in enumerate(members, start=1)]
    return Records(items, "JSON", source_as_of=as_of or None)


def _tell_others(groups: Groups, best: list[Candidate], findings: Findings) -> None:
    """Other lists of places; neither what lies within the members of this one, nor around it."""
    read = best[0].path
    least = min(_score(best)[0], ENOUGH + 1)
    others = [_shown(path) for path, group in groups.items()
              if not _nested(path, read) and _score(group)[0] >= least]  # fmt: skip
    if others:
        findings.add(None, "", "doubted", "files_left_out", file=_shown(read),
                     others="・".join(others[:5]))  # fmt: skip


def _nested(one: Path, two: Path) -> bool:
    one, two = _bare(one), _bare(two)
    shorter = min(len(one), len(two))
    return one[:shorter] == two[:shorter]


def _bare(path: Path) -> Path:
    return path[:-1] if path[-1:] == ("{}",) else path


def _shown(path: Path) -> str:
    return ".".join(name for name in path if name not in ("*", "{}")) or "JSON"


def _nothing(document: Any) -> Unreadable:
    said = document if isinstance(document, dict) else {}
    words = [str(said[name]) for name in ANSWERS if isinstance(said.get(name), str) and said[name]]
    if words:
        return Unreadable("json_is_an_answer", said=" ".join(words)[:180])
    return Unreadable("json_without_places")


def _candidates(document: Any) -> Iterator[Candidate]:
    """All lists of objects and objects of objects, the outer ones first."""
    waiting: deque[tuple[Path, Any, dict[str, Any]]] = deque([((), document, {})])
    inner: list[tuple[Path, Any, dict[str, Any]]]
    seen = 0
    while waiting and seen < LIMIT_NODES:
        path, node, beside = waiting.popleft()
        seen += 1
        if isinstance(node, list):
            objects = [one for one in node if isinstance(one, dict)]
            if objects and len(objects) * 2 > len(node):
                yield Candidate(path, objects, beside)
            inner = [((*path, "*"), one, {}) for one in node]
        elif isinstance(node, dict):
            if keyed := _keyed(node):
                yield Candidate((*path, "{}"), keyed, beside)
            plain = {k: v for k, v in node.items() if isinstance(v, (str, int, float))}
            inner = [((*path, str(k)), v, plain) for k, v in node.items()]
        else:
            continue
        if len(path) < LIMIT_DEPTH:
            waiting += [one for one in inner if isinstance(one[1], (dict, list))]


def _keyed(node: dict[str, Any]) -> list[dict[str, Any]]:
    """{"熊本市": {...}, "宇土市": {...}} as a list of objects with the key as the name."""
    objects = {k: v for k, v in node.items() if isinstance(v, dict)}
    if len(objects) < 2 or len(objects) * 5 < len(node) * 4:
        return []
    towns = sum(1 for key in objects if str(key).endswith(("市", "町", "村", "区")))
    names = (KEY_NAME, KEY_MUNICIPALITY) if towns * 2 > len(objects) else (KEY_NAME,)
    return [dict.fromkeys(names, str(k)) | v for k, v in objects.items()]


def _score(group: list[Candidate]) -> tuple[int, int]:
    """(signs of places, how many): of its largest member."""
    largest = max(group, key=lambda one: len(one.items))
    names = {name for item in largest.items[:SAMPLE] for name in _flat(item)}
    fields = {headings.field_of(name) for name in names}
    return sum(WORTH.get(field, 0) for field in fields), len(largest.items)


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    """{"location": {"lat": 1, "x": 2}} -> {"lat": 1, "location.x": 2}: an inner name that tells a
    field stands for itself; deeper values stay as they are."""
    found = {str(name): value for name, value in item.items() if not isinstance(value, dict)}
    for name, value in item.items():
        if isinstance(value, dict):
            for inner, deep in value.items():
                alone = inner not in found and headings.field_of(str(inner))
                found[str(inner) if alone else f"{name}.{inner}"] = deep
    return found


def _time(one: Candidate, zone: ZoneInfo) -> str | None:
    for name, value in one.beside.items():
        short = isinstance(value, str) and len(value) <= 40
        if short and "url" not in name.lower() and (found := moments.read(value, zone)):
            return found
    return None
