"""Every code of the service with its words, marks and icon: the one table, `vocabulary.csv`.

Pure: imports no Django. Codes are added, never renamed; the table is in display order.

Columns of the table:
- `kind`: what the code is a value of (`kinds()`); `parent`: for `detail`, its category.
- `letter`, `letter_ja`: one character for marks, so that no meaning rests on colour alone.
- `icon`: file `frontend/icons/<icon>.svg`; `shape`: outline or line style of the mark (`SHAPES`).
- `colour`: fill of the mark; only severities are saturated, all else is a neutral.
- `ja`, `en`, `ja_simple`: words; `ja_simple` carries readings as `漢字《かんじ》` (gspace/ruby.py).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("ja", "en", "ja-simple")
TABLE = Path(__file__).with_name("vocabulary.csv")

SHAPES = {
    "diamond": "severity critical",
    "pentagon": "severity serious, point up",
    "hexagon": "severity moderate",
    "circle": "severity minor",
    "ring": "severity unknown, dashed outline",
    "square": "support layers, never reports",
    "glyph": "no outline of its own",
    "ring-accent": "status received: accent ring",
    "ring-solid": "status verified",
    "ring-half": "status in progress",
    "ring-double": "status handed over",
    "faded": "status resolved",
    "hidden": "not drawn unless asked for",
    "filled": "available: dark fill, white glyph",
    "half": "announced: half fill",
    "hollow": "not available yet: outline only",
    "slashed": "not available: outline with a slash",
    "dashed": "unknown: dashed outline",
    "bar-1": "one bar of four",
    "bar-2": "two bars of four",
    "bar-3": "three bars of four",
    "bar-4": "all four bars",
    "line-barred": "road: heavy line with cross bars",
    "line-half": "road: heavy line, one side only",
    "line-thin": "road: thin line between heavy edges",
    "line-dotted": "road: dotted line",
    "line-double": "road: two parallel lines",
    "line-plain": "road: plain light line",
    "line-arrow": "road: line with arrow heads",
    "line-dashed": "road: dashed line",
}

# Which live-state fields a layer kind has, and which kind of code each field takes. A kind that
# is missing here has no live state: an evacuation site, say, tells nothing about being open.
_SHELTER = {"operation": "shelter_operation", "congestion": "congestion"}
_SERVICE = {"operation": "service_operation"}
_TRAFFIC = {"traffic": "traffic"}
STATES: dict[str, dict[str, str]] = {
    **dict.fromkeys(("shelter", "welfare_shelter", "temporary_stay"), _SHELTER),
    **dict.fromkeys(("water", "bath", "toilet", "wifi", "charging", "fuel", "food"), _SERVICE),
    **dict.fromkeys(("medical", "goods_reception", "goods_distribution", "waste"), _SERVICE),
    **dict.fromkeys(("road_closure", "passable"), _TRAFFIC),
}
# Kinds whose places people visit and describe (layers.models.Situation), shelters first. An
# evacuation site is visited too, though nothing there says whether it is open.
VISITED = (
    *(kind for kind, fields in STATES.items() if fields is _SHELTER),
    "evacuation_site",
    *(kind for kind, fields in STATES.items() if fields is _SERVICE),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One code: its words by language, and how its mark looks (see the module's columns)."""

    kind: str
    code: str
    parent: str
    letter: str
    letter_ja: str
    icon: str
    colour: str
    shape: str
    labels: dict[str, str]

    @property
    def ink(self) -> str:
        """Colour of glyph and letter on the fill: the one of black and white that reads better."""
        return "#FFFFFF" if _luminance(self.colour) < 0.36 else "#1A1E22"

    def label(self, language: str) -> str:
        """Words in `language`; regional tags fall back (`ja-JP` to `ja`), others to English."""
        base = language if language in self.labels else language.split("-")[0]
        return self.labels.get(base, self.labels["en"])


@cache
def table() -> tuple[Term, ...]:
    """All terms in display order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_term(row) for row in csv.DictReader(file))


@cache
def kinds() -> tuple[str, ...]:
    """All kinds of code in the order of the table."""
    return tuple(dict.fromkeys(term.kind for term in table()))


@cache
def terms(kind: str, parent: str = "") -> tuple[Term, ...]:
    """The terms of a kind; of `detail`, those of one category. KeyError for an unknown kind."""
    if kind not in kinds():
        raise KeyError(kind)
    return tuple(t for t in table() if t.kind == kind and t.parent == parent)


def codes(kind: str, parent: str = "") -> tuple[str, ...]:
    """Codes of a kind, for check constraints and validation."""
    return tuple(term.code for term in terms(kind, parent))


def term(kind: str, code: str, parent: str = "") -> Term:
    """One term. KeyError if there is no such code."""
    return _index()[kind, parent, code]


def label(kind: str, code: str, language: str, parent: str = "") -> str:
    """Words of a code in a language. KeyError if there is no such code."""
    return term(kind, code, parent).label(language)


def choices(kind: str, language: str = "en") -> list[tuple[str, str]]:
    """`(code, words)` pairs in display order, as forms take them."""
    return [(t.code, t.label(language)) for t in terms(kind)]


def is_detail(category: str, detail: str | None) -> bool:
    """Whether `detail` may stand beside `category`; None always may."""
    return detail is None or ("detail", category, detail) in _index()


@cache
def detail_pairs() -> tuple[tuple[str, str], ...]:
    """Every allowed `(category, detail)`, for a check constraint over the two columns."""
    return tuple((t.parent, t.code) for t in table() if t.kind == "detail")


def state_kind(layer_kind: str, field: str) -> str | None:
    """Kind of code that a live-state field takes on this layer kind, None if it has no such."""
    return STATES.get(layer_kind, {}).get(field)


def as_json() -> dict[str, Any]:
    """The answer of `GET /api/v1/vocabulary`.

    `{"languages": [...], "shapes": {shape: meaning}, "codes": {kind: [{code, labels, letter,
    letter_ja, icon, colour, ink, shape}]}}`; a category also has `details`, a layer kind
    `states` (field -> kind of code). `ja-simple` labels carry readings as `漢字《かんじ》`.
    """
    listed = [kind for kind in kinds() if kind != "detail"]
    return {
        "languages": list(LANGUAGES),
        "shapes": SHAPES,
        "codes": {kind: [_as_json(t) for t in terms(kind)] for kind in listed},
    }


def _as_json(t: Term) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "code": t.code,
        "labels": t.labels,
        "letter": t.letter,
        "letter_ja": t.letter_ja,
        "icon": t.icon,
        "colour": t.colour,
        "ink": t.ink,
        "shape": t.shape,
    }
    if t.kind == "category":
        shown["details"] = [_as_json(d) for d in terms("detail", t.code)]
    if t.kind == "layer_kind":
        shown["states"] = STATES.get(t.code, {})
    return shown


@cache
def _index() -> dict[tuple[str, str, str], Term]:
    return {(t.kind, t.parent, t.code): t for t in table()}


def _term(row: dict[str, str]) -> Term:
    labels = {"ja": row.pop("ja"), "en": row.pop("en"), "ja-simple": row.pop("ja_simple")}
    return Term(labels=labels, **row)


def _luminance(colour: str) -> float:
    """Relative luminance 0..1 of `#RRGGBB` (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
