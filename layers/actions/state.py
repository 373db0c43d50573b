"""Live state set by hand: one change of the feed per feature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pghistory

from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from layers.actions.layer import locked
from layers.merged import FIELDS
from layers.models import Feature, Layer, LiveState
from layers.rows import state_value

HOURS = ("valid_from", "valid_until", "checked_at")
# a desk's clock may be a little ahead of ours
AHEAD = timedelta(minutes=5)


def state_set(
    *,
    layer: Layer,
    feature_id: str,
    values: dict[str, Any],
    source_as_of: datetime | None,
    by: Caller,
    now: datetime | None = None,
) -> LiveState:
    """Say by hand how a feature of the published version is.

    values: of operation, congestion, traffic, persons, note, valid_from, valid_until, checked_at;
    what is left out stays, None takes the hand's word back (the file's shows again). A value whose
    source_as_of is earlier than that of the one set before is not taken: later news wins in
    whatever order they arrive.
    Raises Problem: not_allowed, feature_unknown, time_without_offset, invalid (naming the field).
    """
    now = now or datetime.now(UTC)
    said = {name: checked_state(layer, name, value) for name, value in values.items()}
    clock = checked_clock(source_as_of, now)
    with pghistory.context(key=by.key, name=by.name):
        return _set(layer=layer, feature_id=feature_id, said=said, clock=clock, by=by, now=now)


@action
def _set(
    *,
    layer: Layer,
    feature_id: str,
    said: dict[str, Any],
    clock: datetime,
    by: Caller,
    now: datetime,
) -> LiveState:
    current = locked(layer, by)
    known = Feature.objects.filter(version_id=current.published_id, feature_id=feature_id)
    if current.published_id is None or not known.exists():
        raise Problem("feature_unknown")
    return merge_state(current, feature_id, said, clock, by, now)


def merge_state(
    held: Layer, feature_id: str, said: dict[str, Any], clock: datetime, by: Caller, now: datetime
) -> LiveState:
    """Take over what is not older than what was said before; said is checked.

    The layer's lock, which the caller holds, also keeps two first words about one feature apart.
    """
    state = LiveState.objects.filter(layer=held, feature_id=feature_id).first()
    fresh = state is None
    state = state or LiveState(layer=held, feature_id=feature_id, version=0)
    taken = _write(state, said, clock, by, now)
    if state.valid_from and state.valid_until and state.valid_from > state.valid_until:
        raise Problem("invalid", "valid_until is before valid_from.", field="valid_until")
    if taken or fresh:
        state.version += 1
        state.save()
    return state


def _write(
    state: LiveState, said: dict[str, Any], clock: datetime, by: Caller, now: datetime
) -> bool:
    """Whether anything was taken over."""
    taken = False
    for name, value in said.items():
        before = state.clocks.get(name)
        if before and datetime.fromisoformat(before["source_as_of"]) > clock:
            continue
        setattr(state, name, value)
        taken = True
        state.clocks[name] = {
            "source_as_of": clock.astimezone(UTC).isoformat(),
            "set_at": now.astimezone(UTC).isoformat(),
            "by": by.name,
        }
    return taken


def checked_clock(source_as_of: datetime | None, now: datetime) -> datetime:
    """As of when a hand's word is so. Raises Problem invalid, time_without_offset."""
    clock = _moment(source_as_of or now, "source_as_of")
    if clock > now + AHEAD:
        raise Problem("invalid", "source_as_of is in the future.", field="source_as_of")
    return clock


def checked_state(layer: Layer, name: str, value: Any) -> Any:
    """The value as it is stored. Raises Problem invalid, naming the field."""
    if name in HOURS:
        return None if value is None else _moment(value, name)
    if name not in FIELDS:
        raise Problem("invalid", f"There is no state {name!r}.", field=name)
    try:
        return state_value(layer.kind, name, value)
    except ValueError as error:
        raise Problem("invalid", str(error), field=name) from None


def _moment(value: Any, name: str) -> datetime:
    if not isinstance(value, datetime):
        raise Problem("invalid", "A time is expected.", field=name)
    if value.tzinfo is None:
        raise Problem("time_without_offset", field=name)
    return value
