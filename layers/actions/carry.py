"""What hands have done to the public version, taken over into the one that follows it.

A place added by hand stays until a file brings it or a hand withdraws it. A correction stays as
long as the file repeats what it said before; where the file says something new, the file counts.
A position set by hand stays until the file gives one of its own. What was withdrawn by hand and
is in the file again comes back. All of it is told as findings: nothing changes in silence.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection

from layers import diff, edits
from layers.actions import handwork
from layers.edits import Row
from layers.findings import Findings
from layers.models import Feature, FeatureEdit, Layer, LayerVersion

NAMES_TOLD = 5
# beside the attributes; what else a row holds comes from the file, or along with the position
CORRECTED = ("name", "name_en", "address", "geometry")


def carry_over(layer: Layer, version: LayerVersion) -> None:
    """To be called in the loading transaction, the layer locked, when the features are stored.

    Changes the new version's features, its feature_count, without_place and extent, and, in
    memory, its findings, which the caller saves.
    """
    if layer.published_id is None or layer.published_id == version.id:
        return
    findings = Findings(list(version.findings))
    added = _added(layer.published_id, version.id)
    if added:
        findings.add(None, "", "doubted", "kept_by_hand", **_named(added))
    moved = _corrections(layer, version, findings)
    for row in diff.returned(layer.published, version):
        findings.add(row, "", "doubted", "came_back")
    version.findings = findings.all()
    _tell_dropped(layer, version)
    if added or moved:
        handwork.count_again(version)


def catch_up(layer: Layer, version: LayerVersion) -> None:
    """Before a version is published: what hands said after its file came in is the later word.

    To whichever version they said it: another file may have come and gone out meanwhile. What is
    carried over already is said once more, which changes nothing.
    """
    later = layer.edits.filter(at__gt=version.received_at)
    if layer.published_id in (None, version.id) or not later:
        return
    # what this version had where a hand took it away, should a later hand have put it back
    away: dict[str, Row] = {}
    for edit in later.order_by("id"):
        _say_again(version, edit, away)
    _tell_dropped(layer, version)
    version.save(update_fields=["findings"])
    handwork.count_again(version)


def _say_again(version: LayerVersion, edit: FeatureEdit, away: dict[str, Row]) -> None:
    ident = edit.feature_id
    there = edits.rows(version.id, [ident]).get(ident)
    if edit.after is None:
        away |= {ident: there} if there else {}
        handwork.delete(version.id, ident)
    elif there is None and edit.before is None:
        handwork.insert(version, ident, away.get(ident) or handwork.of_hand(edit.after))
    elif there is not None:
        said = set(edits.differing(edit.before or there, edit.after))
        row = _merged(edit.after, there, said) | {"by_hand": True}
        handwork.update(version.id, ident, row)


DROPPED_SQL = """
SELECT a.name FROM layers_feature a
 WHERE a.version_id = %(before)s AND a.by_hand AND a.row IS NOT NULL AND NOT EXISTS (
   SELECT FROM layers_feature b
    WHERE b.version_id = %(version)s AND b.feature_id = a.feature_id)
 ORDER BY a.row"""


def _tell_dropped(layer: Layer, version: LayerVersion) -> None:
    """Which corrected places are not in the version, in memory; what was told of it is replaced."""
    with connection.cursor() as cursor:
        cursor.execute(DROPPED_SQL, {"before": layer.published_id, "version": version.id})
        dropped = [name for (name,) in cursor.fetchall()]
    findings = Findings([one for one in version.findings if one["code"] != "hand_dropped"])
    if dropped:
        findings.add(None, "", "doubted", "hand_dropped", **_named(dropped))
    version.findings = findings.all()


def _named(names: list[str]) -> dict[str, Any]:
    shown = ", ".join(names[:NAMES_TOLD]) + (" …" if len(names) > NAMES_TOLD else "")
    return {"number": len(names), "names": shown}


ADDED_SQL = """
INSERT INTO layers_feature (version_id, {columns})
SELECT %(version)s, {columns} FROM layers_feature a
 WHERE a.version_id = %(before)s AND a.by_hand AND a.row IS NULL AND NOT EXISTS (
   SELECT FROM layers_feature b
    WHERE b.version_id = %(version)s AND b.feature_id = a.feature_id)
RETURNING name"""


def _added(before_id: int, version_id: int) -> list[str]:
    """Copies what hands have added; the names."""
    fields = [f.column for f in Feature._meta.fields if f.column not in ("id", "version_id")]
    sql = ADDED_SQL.format(columns=", ".join(fields))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"before": before_id, "version": version_id})
        return [row[0] for row in cursor.fetchall()]


def _corrections(layer: Layer, version: LayerVersion, findings: Findings) -> bool:
    """Whether a position was kept."""
    corrected = Feature.objects.filter(version_id=layer.published_id, by_hand=True)
    hands = edits.rows(layer.published_id or 0, corrected.values_list("feature_id", flat=True))
    files = edits.rows(version.id, hands)
    histories = _histories(layer, list(files))
    moved = False
    for ident, file in files.items():
        # just copied: the hand's own
        if file["by_hand"]:
            continue
        hand = hands[ident]
        kept = _keep(hand, said_before(hand, histories[ident]), file, findings)
        if kept:
            handwork.update(version.id, ident, _merged(hand, file, kept) | {"by_hand": True})
        moved = moved or "geometry" in kept
    return moved


def _histories(layer: Layer, idents: list[str]) -> dict[str, list[FeatureEdit]]:
    """Newest first."""
    found: dict[str, list[FeatureEdit]] = defaultdict(list)
    for edit in layer.edits.filter(feature_id__in=idents).order_by("-id"):
        found[edit.feature_id].append(edit)
    return found


def said_before(hand: Row, history: list[FeatureEdit]) -> Row:
    """field -> what stood there before hands changed it: what the file had said."""
    found = edits.flat(hand)
    for edit in history:
        if edit.before is None and edit.undoes_id is None:
            return {}
        if edit.before is None or edit.after is None:
            continue
        was, became = edits.flat(edit.before), edits.flat(edit.after)
        for name in {*was, *became}:
            if found.get(name) == became.get(name):
                found[name] = was.get(name)
    return found


def _keep(hand: Row, before: Row, file: Row, findings: Findings) -> set[str]:
    """The fields in which the hand's word stays."""
    mine, theirs = edits.flat(hand), edits.flat(file)
    kept = set()
    for name in sorted({*mine, *theirs}):
        told = name in CORRECTED or name.startswith("attributes.")
        value, said = mine.get(name), theirs.get(name)
        if not told or value == said or value == before.get(name):
            continue
        ours = name == "geometry" and value and (said is None or file["estimated"])
        if ours or said == before.get(name):
            kept.add(name)
            code, given = "hand_kept", {"value": _words(name, value)}
        else:
            code, given = "hand_overwritten", {"hand": _words(name, value)}
        findings.add(file["row"], name, "doubted", code, **given)
    return kept


def _words(name: str, value: Any) -> str:
    if name == "geometry" and value and value["type"] == "Point":
        return "{1:.6g} / {0:.7g}".format(*value["coordinates"])
    return (
        value["type"] if name == "geometry" and value else str(value if value is not None else "")
    )


def _merged(hand: Row, file: Row, kept: set[str]) -> Row:
    found = file | {name: hand[name] for name in CORRECTED if name in kept}
    if "geometry" in kept:
        # where it is told by where it lies
        found["estimated"] = hand["estimated"]
        found["municipality_code"] = hand["municipality_code"] or file["municipality_code"]
    names = [name.removeprefix("attributes.") for name in kept if name.startswith("attributes.")]
    said = {name: hand["properties"].get(name) for name in names}
    return found | {"properties": edits.merged_attributes(file["properties"], said)}
