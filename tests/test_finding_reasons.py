"""Findings speak one language: also the reasons that they quote."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

from gspace import geo
from layers import reasons
from layers.findings import message
from layers.readers import shapes

ROOT = Path(__file__).resolve().parent.parent
READERS = [*(ROOT / "layers" / "readers").glob("*.py"), ROOT / "layers" / "encodings.py"]


def spoken(code: str, **given: str) -> str:
    with translation.override("ja"):
        return message(code, given, translation.gettext)


def test_a_reason_is_said_in_the_language_of_its_sentence() -> None:
    assert "見出しの部分が壊れています" in spoken("dbf_unreadable", why="its header is damaged")
    assert "疑問符" in spoken("mojibake", how="question marks")


def test_of_a_reason_with_details_the_details_stay() -> None:
    why = "Not a valid geometry: Too few points[130.7 32.8]"
    assert "Too few points[130.7 32.8]" in spoken("geometry_refused", why=why)
    assert "Not a valid" not in spoken("geometry_refused", why=why)


def test_what_somebody_else_says_stays_as_it_is() -> None:
    assert "Expecting value: line 1" in spoken("not_json", why="Expecting value: line 1")
    # an empty message id is gettext's own header
    assert "Project-Id" not in spoken("not_json", why="")


def test_every_reason_of_the_readers_can_be_said() -> None:
    """A literal in Faulty("…"), why="…", how="…" or wanting="…", or a constant of such."""
    lost = {text for file in READERS for text in quoted(file)} - reasons.REASONS
    assert lost == set()
    assert shapes.TOO_MANY in reasons.REASONS
    assert f"1 to {geo.LIMIT_VERTICES:,} positions are accepted." in reasons.REASONS


def quoted(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        values: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            values = [one.value for one in node.keywords if one.arg in ("why", "how", "wanting")]
            values += node.args[:1] if ast.unparse(node.func) == "Faulty" else []
        elif isinstance(node, ast.FunctionDef) and node.name == "garbled":
            values = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            values = [node.value] if " are not read" in str(node.value.value) else []
        found |= {one.value for one in values if isinstance(one, ast.Constant) and one.value}
    return found
