"""One place added, corrected, withdrawn by hand; and each of these taken back.

The feature of the public version is changed in place, so that a touch is one change of the feed.
What becomes of it when the next file comes: layers.actions.carry.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pghistory
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from layers import edits
from layers.actions import handwork
from layers.actions.layer import locked
from layers.actions.said import Said, by_address, placed_anew, said_of
from layers.actions.state import merge_state
from layers.actions.version import point_to
from layers.edits import Row
from layers.models import BY_HAND, FeatureEdit, Layer, LayerVersion

EMPTY: Row = {
    "geometry": None, "name": "", "name_en": "", "address": "", "municipality_code": "",
    "properties": {}, "state": {}, "source_name": "", "source_url": "", "licence": "",
    "source_as_of": None, "estimated": False, "row": None, "by_hand": True,
}  # fmt: skip


def feature_add(
    *,
    layer: Layer,
    values: dict[str, Any],
    state: dict[str, Any],
    source_as_of: datetime | None,
    by: Caller,
    ident: uuid.UUID | None = None,
    now: datetime | None = None,
) -> str:
    """A place that no file has; its id. A layer without data gets its first version by this.

    ident: made by who asks, so that asking twice adds once.

    values: name, and geometry (GeoJSON) or address or both; name_en, attributes {key: value}. An
    address alone is placed as precisely as the gazetteer knows it, `estimated`, or kept without a
    place. state, source_as_of: as in state_set.
    Raises Problem: not_allowed, invalid (naming the field), time_without_offset, edit_differs
    (409: something else has this id).
    """
    now = now or datetime.now(UTC)
    if not values.get("geometry") and not values.get("address"):
        raise Problem("invalid", _("Give a position or an address."), field="geometry")
    said = said_of(layer, values, state, source_as_of, now)
    if not said.fields.get("geometry"):
        said.fields.update(by_address(layer, said.fields.get("address", ""), said.fields["name"]))
    with pghistory.context(key=by.key, name=by.name):
        return _add(layer=layer, ident=str(ident or uuid.uuid4()), said=said, by=by, now=now)


@action
def _add(*, layer: Layer, ident: str, said: Said, by: Caller, now: datetime) -> str:
    current = locked(layer, by)
    row = _with(EMPTY, said)
    if _added_before(current, ident, row, said.state):
        return ident
    version = current.published or _first_version(current, by, now)
    handwork.insert(version, ident, row)
    _note(version, ident, None, row, by, now)
    handwork.count_again(version)
    if said.state and said.clock:
        merge_state(current, ident, said.state, said.clock, by, now)
    return ident


def _added_before(layer: Layer, ident: str, row: Row, state: dict[str, Any]) -> bool:
    """Whether this very place was added under this id. Raises Problem edit_differs."""
    first = layer.edits.filter(feature_id=ident).order_by("id").first()
    if first is None and not edits.rows(layer.published_id or 0, [ident]):
        return False
    said = layer.live_states.filter(feature_id=ident).first()
    same = first is not None and first.after and not edits.differing(first.after, row)
    if not same or any(getattr(said, name, None) != value for name, value in state.items()):
        raise Problem("edit_differs", field="id")
    return True


def feature_change(
    *,
    layer: Layer,
    feature_id: str,
    values: dict[str, Any],
    state: dict[str, Any],
    source_as_of: datetime | None,
    by: Caller,
    expected: str | None = None,
    now: datetime | None = None,
) -> None:
    """Correct a place of the published version and say how it is, both or either.

    values: of name, name_en, address, geometry (null = no place), attributes (merged; null
    removes one); what is left out stays. estimated: the geometry is only as exact as a town.
    place_by_address true: put it where the address says.
    A new address places what has no position of its own anew. state: as in state_set.
    expected: layers.edits.standing as of when the caller looked.
    Raises Problem: not_allowed, feature_unknown, invalid (naming the field), time_without_offset,
    edit_overtaken (409: not as expected).
    """
    now = now or datetime.now(UTC)
    values = dict(values)
    again = values.pop("place_by_address", False)
    said = said_of(layer, values, state, source_as_of, now)
    if "geometry" not in values and (again or "address" in values):
        said.fields.update(placed_anew(layer, feature_id, said.fields, asked=again))
    with pghistory.context(key=by.key, name=by.name):
        _change(layer=layer, feature_id=feature_id, said=said, expected=expected, by=by, now=now)


@action
def _change(
    *,
    layer: Layer,
    feature_id: str,
    said: Said,
    expected: str | None,
    by: Caller,
    now: datetime,
) -> None:
    current = locked(layer, by)
    if expected is not None and expected != edits.standing(current, feature_id):
        raise Problem("edit_overtaken")
    version, before = _known(current, feature_id)
    after = _with(before, said)
    if edits.differing(before, after):
        _write(version, feature_id, before, after, by, now)
    if said.state and said.clock:
        merge_state(current, feature_id, said.state, said.clock, by, now)


def feature_withdraw(
    *, layer: Layer, feature_id: str, by: Caller, now: datetime | None = None
) -> None:
    """Take one place off the list and the map. A file that has it brings it back; so does undo.

    Raises Problem: not_allowed, feature_unknown.
    """
    with pghistory.context(key=by.key, name=by.name):
        _withdraw(layer=layer, feature_id=feature_id, by=by, now=now or datetime.now(UTC))


@action
def _withdraw(*, layer: Layer, feature_id: str, by: Caller, now: datetime) -> None:
    version, before = _known(locked(layer, by), feature_id)
    _write(version, feature_id, before, None, by, now)


def edit_undo(
    *, layer: Layer, edit_id: int, by: Caller, now: datetime | None = None
) -> FeatureEdit:
    """Take an edit back: an edit of its own, which can be taken back in turn.

    Raises Problem: not_allowed, edit_unknown, edit_overtaken (409: what it changed has been
    changed again, by a later edit or a file, or it is taken back already).
    """
    with pghistory.context(key=by.key, name=by.name):
        return _undo(layer=layer, edit_id=edit_id, by=by, now=now or datetime.now(UTC))


@action
def _undo(*, layer: Layer, edit_id: int, by: Caller, now: datetime) -> FeatureEdit:
    current = locked(layer, by)
    edit = current.edits.filter(id=edit_id).first()
    if edit is None:
        raise Problem("edit_unknown")
    if edit.undone_by.exists() or current.published is None:
        raise Problem("edit_overtaken")
    version, ident = current.published, edit.feature_id
    now_there = edits.rows(version.id, [ident]).get(ident)
    wanted = _taken_back(edit, now_there)
    if now_there is None and wanted is not None and edit.version_id != version.id:
        wanted = handwork.of_hand(wanted)
    return _write(version, ident, now_there, wanted, by, now, undoes=edit)


def _taken_back(edit: FeatureEdit, now_there: Row | None) -> Row | None:
    """The row without what the edit did. Raises Problem edit_overtaken."""
    if (edit.after is None) != (now_there is None):
        raise Problem("edit_overtaken")
    if now_there is None:
        return edit.before
    if edit.before is None:
        _check_untouched(edit, now_there)
        return None
    was, became, is_now = (edits.flat(row) for row in (edit.before, edit.after, now_there))
    names = edits.differing(edit.before, edit.after)
    if any(is_now.get(name) != became.get(name) for name in names):
        raise Problem("edit_overtaken")
    row = now_there | {name: was[name] for name in names if name in now_there}
    attributes = {name.removeprefix("attributes."): was.get(name) for name in names
                  if name.startswith("attributes.")}  # fmt: skip
    row["properties"] = edits.merged_attributes(now_there["properties"], attributes)
    # another correction may stay
    return row | {"by_hand": edit.before["by_hand"] or bool(edits.differing(edit.before, row))}


def _check_untouched(edit: FeatureEdit, now_there: Row) -> None:
    """Nobody has corrected what the edit put there, no file has taken it over, else Problem."""
    put = edit.after or {}
    if edits.differing(put, now_there) or put["by_hand"] != now_there["by_hand"]:
        raise Problem("edit_overtaken")


def _write(
    version: LayerVersion,
    ident: str,
    before: Row | None,
    after: Row | None,
    by: Caller,
    now: datetime,
    undoes: FeatureEdit | None = None,
) -> FeatureEdit:
    if after is None:
        handwork.delete(version.id, ident)
    elif before is None:
        handwork.insert(version, ident, after)
    else:
        handwork.update(version.id, ident, after)
    if before is None or after is None or before["geometry"] != after["geometry"]:
        handwork.count_again(version)
    return _note(version, ident, before, after, by, now, undoes)


def _note(
    version: LayerVersion,
    ident: str,
    before: Row | None,
    after: Row | None,
    by: Caller,
    now: datetime,
    undoes: FeatureEdit | None = None,
) -> FeatureEdit:
    edit = FeatureEdit(layer_id=version.layer_id, version=version, feature_id=ident,
                       before=before, after=after, undoes=undoes, at=now,
                       by_key=by.key[:60], by_name=by.name[:120])  # fmt: skip
    edit.save(force_insert=True)
    return edit


def _known(layer: Layer, feature_id: str) -> tuple[LayerVersion, Row]:
    version = layer.published
    row = edits.rows(version.id, [feature_id]).get(feature_id) if version else None
    if version is None or row is None:
        raise Problem("feature_unknown")
    return version, row


def _with(row: Row, said: Said) -> Row:
    found = row | said.fields | {"by_hand": True}
    found["properties"] = edits.merged_attributes(row["properties"], said.attributes)
    return found


def _first_version(layer: Layer, by: Caller, now: datetime) -> LayerVersion:
    """A layer made by hand needs no file."""
    last = layer.versions.aggregate(last=Max("number"))["last"]
    version = LayerVersion(
        layer=layer, number=(last or 0) + 1, state="ready", format=BY_HAND, rows=0,
        feature_count=0, without_place=0, received_at=now, uploaded_by=by.name[:120],
    )  # fmt: skip
    version.save(force_insert=True)
    point_to(layer, version, now)
    return version
