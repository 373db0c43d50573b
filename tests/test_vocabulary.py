"""The vocabulary holds what others build on: codes, words, icons, distinguishable colours."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from defusedxml import ElementTree

from gspace import vocabulary
from gspace.ruby import bare_kanji, ruby_html, ruby_plain

ROOT = Path(__file__).resolve().parent.parent
ICONS = ROOT / "frontend" / "icons"
TOKENS = ROOT / "frontend" / "css" / "tokens.css"

# Published codes (docs: API v1). Codes are added, never renamed: this list only grows.
PUBLISHED = {
    "category": "rescue fire building road_blocked road_damaged bridge landslide river flooding"
    " power water_cut gas telecom shelter isolated obstacle farmland transit support_needed"
    " all_clear other",
    "severity": "critical serious moderate minor unknown",
    "status": "received verified in_progress handed_over resolved rejected duplicate withdrawn",
    "layer_kind": "evacuation_site shelter welfare_shelter temporary_stay water bath toilet wifi"
    " charging fuel food medical goods_reception goods_distribution waste road_closure passable"
    " landslide hazard imagery video place other",
    "shelter_operation": "not_open cannot_open ordered open closed permanent unknown",
    "service_operation": "planned running ended unknown",
    "congestion": "space fairly_full crowded full unknown",
    "traffic": "closed alternate lane large_vehicles_barred emergency_only reopened passed unknown",
    "lifeline": "works limited out unknown",
    "hazard": "flood landslide storm_surge earthquake tsunami fire inland_flood volcano",
    "audience": "hq partner field public",
    "release": "none partner public",
    "photo_state": "awaited preview stored ready unreadable",
    "position_source": "operator pin device exif none",
    "incident_state": "active drill closed",
    "shelter_type": "designated temporary self_opened",
    "broadcast_kind": "withdraw tsunami danger gather info",
    "log_kind": "instruction report request decision note",
}

# Machado, Oliveira and Fernandes 2009, severity 1.0, applied to linear RGB.
MACHADO = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


# --- codes and words -----------------------------------------------------------------------
@pytest.mark.parametrize("kind", PUBLISHED)
def test_no_published_code_is_lost(kind: str) -> None:
    assert set(PUBLISHED[kind].split()) <= set(vocabulary.codes(kind))


def test_every_code_has_words_in_every_language() -> None:
    for term in vocabulary.table():
        for language in vocabulary.LANGUAGES:
            words = term.labels[language]
            assert words and words == words.strip(), (term.kind, term.code, language)


def test_codes_are_unique_and_plain() -> None:
    keys = [(t.kind, t.parent, t.code) for t in vocabulary.table()]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", t.code) for t in vocabulary.table())


def test_details_belong_to_categories() -> None:
    categories = set(vocabulary.codes("category"))
    details = [t for t in vocabulary.table() if t.kind == "detail"]
    assert {t.parent for t in details} == categories - {"other"}
    assert vocabulary.is_detail("building", "leaning")
    assert vocabulary.is_detail("building", None)
    assert not vocabulary.is_detail("fire", "leaning")


def test_simple_japanese_has_a_reading_on_every_kanji_and_short_sentences() -> None:
    for term in vocabulary.table():
        words = term.labels["ja-simple"]
        assert not bare_kanji(words), (term.code, words)
        assert len(ruby_plain(words)) <= 24, (term.code, words)


def test_readings_become_safe_html() -> None:
    assert ruby_html("水《みず》<b>") == (
        "<ruby>水<rp>(</rp><rt>みず</rt><rp>)</rp></ruby>&lt;b&gt;"
    )
    assert bare_kanji("水《みず》の町") == ["町"]
    assert ruby_plain("人《ひと》が 見《み》えない") == "人が 見えない"


def test_labels_fall_back_by_region_then_to_english() -> None:
    term = vocabulary.term("severity", "serious")
    assert term.label("ja-JP") == "大"
    assert term.label("fr") == "Serious"


def test_states_name_existing_kinds_and_an_evacuation_site_has_none() -> None:
    for layer_kind, fields in vocabulary.STATES.items():
        assert layer_kind in vocabulary.codes("layer_kind")
        assert all(vocabulary.codes(kind) for kind in fields.values())
    assert vocabulary.state_kind("evacuation_site", "operation") is None
    assert vocabulary.state_kind("water", "operation") == "service_operation"


def test_json_lists_every_code_with_words_icon_and_colour() -> None:
    shown = vocabulary.as_json()
    assert shown["languages"] == ["ja", "en", "ja-simple"]
    for kind in vocabulary.kinds():
        if kind != "detail":
            assert [e["code"] for e in shown["codes"][kind]] == list(vocabulary.codes(kind))
    first = shown["codes"]["category"][0]
    assert set(first["labels"]) == set(vocabulary.LANGUAGES)
    assert first["details"][0]["code"] == "trapped"


# --- marks ---------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [k for k in vocabulary.kinds() if k != "detail"])
def test_letters_are_unique_in_a_kind(kind: str) -> None:
    terms = vocabulary.terms(kind)
    for letters in ([t.letter for t in terms], [t.letter_ja for t in terms]):
        assert len(set(letters)) == len(terms)
        assert all(len(letter) == 1 for letter in letters)


def test_severities_differ_in_shape_too() -> None:
    shapes = [t.shape for t in vocabulary.terms("severity")]
    assert len(set(shapes)) == len(shapes)
    assert {t.shape for t in vocabulary.table()} <= set(vocabulary.SHAPES)


@pytest.mark.parametrize("vision", MACHADO)
def test_severity_colours_hold_with_colour_vision_deficiency(vision: str) -> None:
    seen = {t.code: lab(t.colour, MACHADO[vision]) for t in vocabulary.terms("severity")}
    for (one, a), (other, b) in itertools.combinations(seen.items(), 2):
        difference = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert difference >= 15, (vision, one, other, difference)


def test_glyphs_can_be_read_on_their_fill() -> None:
    for term in vocabulary.table():
        assert contrast(term.ink, term.colour) >= 3, (term.kind, term.code)


# --- icons ---------------------------------------------------------------------------------
def test_every_code_has_an_icon() -> None:
    missing = {t.icon for t in vocabulary.table()} - {p.stem for p in ICONS.glob("*.svg")}
    assert not missing


@pytest.mark.parametrize("path", sorted(ICONS.glob("*.svg")), ids=lambda p: p.stem)
def test_icon_is_a_plain_drawing(path: Path) -> None:
    root = ElementTree.fromstring(path.read_text())
    assert root.attrib == {"viewBox": "0 0 24 24"}
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in {"svg", "path"}
        for value in (element.get("fill"), element.get("stroke")):
            assert value in {None, "none", "currentColor"}
        assert not [a for a in element.attrib if a.startswith("on") or "href" in a or a == "style"]


# --- tokens --------------------------------------------------------------------------------
def test_tokens_have_the_vocabulary_s_severity_colours() -> None:
    light = tokens("light")
    for term in vocabulary.terms("severity"):
        assert light[f"severity-{term.code}"] == term.colour.lower()
        assert light[f"on-severity-{term.code}"] == term.ink.lower()


def test_both_dark_blocks_are_the_same() -> None:
    assert tokens("dark") == tokens("dark-by-choice")


TEXT = ["text", "text-soft", "accent", "ok", "warn", "error"]
GROUNDS = ["ground", "surface", "raised"]
PAIRS = [
    *itertools.product(TEXT, GROUNDS),
    ("text", "sunken"),
    ("text-soft", "sunken"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-inverse", "inverse"),
    ("text", "accent-soft"),
    ("accent", "accent-soft"),
    ("ok", "ok-soft"),
    ("warn", "warn-soft"),
    ("error", "error-soft"),
    *((f"on-level-{n}", f"level-{n}") for n in range(1, 6)),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_aa_contrast(theme: str) -> None:
    colours = tokens("light") | (tokens("dark") if theme == "dark" else {})
    for ink, ground in PAIRS:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (theme, ink, ground)
    for edge, ground in itertools.product(["line-strong", "focus"], GROUNDS):
        assert contrast(colours[edge], colours[ground]) >= 3, (theme, edge, ground)


def test_nothing_else_defines_a_colour() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{;]*\{)|\b(?:rgba?|hsla?|oklch)\(")
    for path in sorted((ROOT / "frontend" / "css").glob("*.css")):
        if path != TOKENS:
            assert not colour.findall(path.read_text()), path.name


# --- arithmetic ----------------------------------------------------------------------------
def tokens(theme: str) -> dict[str, str]:
    """Colour tokens (`#rrggbb`) of a block of tokens.css."""
    text = TOKENS.read_text()
    media, chosen = text.index("@media (prefers"), text.index(':root[data-theme="dark"]')
    block = {
        "light": text[:media],
        "dark": text[media:chosen],
        "dark-by-choice": text[chosen:],
    }[theme]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


def linear(colour: str) -> list[float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1..21."""
    weights = (0.2126, 0.7152, 0.0722)
    lights = sorted(
        sum(w * c for w, c in zip(weights, linear(x), strict=True)) for x in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(colour: str, vision: tuple[tuple[float, ...], ...]) -> list[float]:
    """CIELAB (D65) of a colour as seen with the given vision; ΔE76 is the distance in it."""
    rgb = linear(colour)
    seen = [min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True)))) for row in vision]
    to_xyz = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    white = (0.95047, 1.0, 1.08883)
    xyz = [sum(m * c for m, c in zip(row, seen, strict=True)) for row in to_xyz]
    f = [
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (v / w for v, w in zip(xyz, white, strict=True))
    ]
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
