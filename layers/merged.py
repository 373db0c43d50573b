"""What is known now of a feature: the file's words and the hand's, merged per field by their time.

The value with the later source_as_of wins; a field one side says nothing about comes from the
other; a field nobody says anything about is null ("not reported", never zero). Two values of one
time are a conflict: the hand's is shown and the conflict is told. SQL only, for the aliases
fs (layers_filestate, left joined) and s (layers_livestate, left joined).
"""

from __future__ import annotations

FIELDS = ("operation", "congestion", "traffic", "persons", "note")
# said by files only, so there is nothing to merge
FILE_ONLY = ("hours", "passed_at", "demo_value")

STATE_JOINS = """
  LEFT JOIN layers_filestate fs ON fs.layer_id = l.id AND fs.feature_id = f.feature_id
  LEFT JOIN layers_livestate s ON s.layer_id = l.id AND s.feature_id = f.feature_id"""


def file_value(field: str) -> str:
    text = f"(fs.said->'{field}'->>'value')"
    return f"{text}::int" if field == "persons" else text


def file_clock(field: str) -> str:
    return f"(fs.said->'{field}'->>'source_as_of')::timestamptz"


def hand_value(field: str) -> str:
    return f"s.{field}"


def hand_clock(field: str) -> str:
    return f"(s.clocks->'{field}'->>'source_as_of')::timestamptz"


def by_hand(field: str) -> str:
    """SQL condition: the hand's value is the one shown."""
    return (
        f"({hand_value(field)} IS NOT NULL AND ({file_value(field)} IS NULL"
        f" OR {hand_clock(field)} >= {file_clock(field)}))"
    )


def merged(field: str) -> str:
    """SQL expression of the field as it is shown; null = not reported."""
    return f"CASE WHEN {by_hand(field)} THEN {hand_value(field)} ELSE {file_value(field)} END"


def shown_clock(field: str) -> str:
    """SQL expression: as of when the shown value is so."""
    clocks = f"THEN {hand_clock(field)} WHEN {file_value(field)} IS NOT NULL THEN"
    return f"CASE WHEN {by_hand(field)} {clocks} {file_clock(field)} END"


def in_conflict(field: str) -> str:
    """SQL condition, never null: file and hand say different things for one and the same time."""
    return (
        f"coalesce({hand_value(field)} <> {file_value(field)}"
        f" AND {hand_clock(field)} = {file_clock(field)}, false)"
    )


ANY_CONFLICT = "(" + " OR ".join(in_conflict(field) for field in FIELDS) + ")"
CHECKED_AT = "greatest(s.checked_at, (fs.said->'checked_at'->>'value')::timestamptz)"


def _state() -> str:
    pairs = [f"'{field}', {merged(field)}" for field in FIELDS]
    pairs += [f"'checked_at', {CHECKED_AT}"]
    pairs += ["'valid_from', s.valid_from", "'valid_until', s.valid_until"]
    pairs += [f"'{field}', nullif(fs.said->'{field}'->'value', 'null')" for field in FILE_ONLY]
    return f"json_build_object({', '.join(pairs)})"


def _sources(*, names: bool) -> str:
    """field -> {from, source_as_of} (+ by, set_at for staff), only for fields with a value."""
    who = ", 'by', s.clocks->'{0}'->>'by', 'set_at', s.clocks->'{0}'->>'set_at'" if names else ""
    pairs = [
        f"'{f}', CASE WHEN {by_hand(f)} THEN json_build_object('from', 'hand', 'source_as_of',"
        f" {hand_clock(f)}{who.format(f)}) WHEN {file_value(f)} IS NOT NULL THEN"
        f" json_build_object('from', 'file', 'source_as_of', {file_clock(f)}) END"
        for f in FIELDS
    ]
    return f"json_strip_nulls(json_build_object({', '.join(pairs)}))"


def _conflicts() -> str:
    """[{field, file, hand, source_as_of}], empty when the sources agree."""
    rows = ", ".join(
        f"('{f}', {in_conflict(f)}, to_jsonb({file_value(f)}), to_jsonb({hand_value(f)}),"
        f" {hand_clock(f)})"
        for f in FIELDS
    )
    return f"""CASE WHEN {ANY_CONFLICT} THEN (SELECT json_agg(json_build_object('field', c.field,
 'file', c.file, 'hand', c.hand, 'source_as_of', c.at))
 FROM (VALUES {rows}) c(field, differs, file, hand, at) WHERE c.differs) ELSE '[]'::json END"""


STATE_JSON = _state()
CONFLICT_JSON = _conflicts()
SOURCES_JSON = _sources(names=False)
SOURCES_JSON_STAFF = _sources(names=True)
