"""Findings speak one language: also the reasons that they quote."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from gspace import geo, municipality_codes
from layers import rows
from layers.findings import message
from layers.readers import shapes
from layers.reasons import REASONS

ROOT = Path(__file__).resolve().parent.parent
# functions whose ValueErrors become a finding's reason
RAISING = {"complete", "state_value"}
READERS = [*(ROOT / "layers" / "readers").glob("*.py"), ROOT / "layers" / "encodings.py",
           ROOT / "layers" / "rows.py", ROOT / "gspace" / "municipality_codes.py"]  # fmt: skip
# names of parameters, members and variables that hold a reason
HOLDING = {"why", "how", "wanting", "fault"}


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


@pytest.mark.parametrize("code", ["abc", "990001", "431002"])
def test_what_is_wrong_with_a_municipality_code(code: str) -> None:
    with pytest.raises(ValueError) as wrong:
        municipality_codes.complete(code)
    said = spoken("municipality_unknown", why=str(wrong.value))
    assert code in said and not re.search(r"[a-z]{4,}", said.replace("abc", ""))


def test_which_states_there_are() -> None:
    with pytest.raises(ValueError) as wrong:
        rows.state_value("shelter", "operation", "開設%(x)s")
    said = spoken("state_refused", why=str(wrong.value))
    assert "開設%(x)s" in said and "open" in said and "is not one of" not in said


def test_what_somebody_else_says_stays_as_it_is() -> None:
    assert "Expecting value: line 1" in spoken("not_json", why="Expecting value: line 1")
    # an empty message id is gettext's own header
    assert "Project-Id" not in spoken("not_json", why="")


def test_every_reason_of_the_readers_can_be_said() -> None:
    """Literals, constants and f-strings that are handed to what holds a reason."""
    found = {pattern for file in READERS for pattern in Quoted(file).patterns()}
    assert len(found) > 30
    assert not [one for one in found if not any(re.fullmatch(one, r) for r in known())]
    # with the numbers that hold now
    assert {shapes.TOO_MANY, f"1 to {geo.LIMIT_VERTICES:,} positions are accepted."} <= REASONS


def known() -> Iterator[str]:
    for reason in REASONS:
        yield reason
        # "phrase: details"
        yield f"{reason}: details."


def constants(*files: Path) -> dict[str, ast.expr]:
    assigned = [node for file in files for node in ast.parse(file.read_text("utf-8")).body
                if isinstance(node, ast.Assign)]  # fmt: skip
    return {ast.unparse(target): node.value for node in assigned for target in node.targets}


class Quoted:
    """The reasons of a file as regular expressions: what an f-string fills in may be anything."""

    def __init__(self, file: Path) -> None:
        self.tree = ast.parse(file.read_text("utf-8"))
        self.constants = constants(*READERS) | constants(file)
        made = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        self.places = {f.name: [a.arg for a in f.args.args if a.arg != "self"] for f in made}

    def patterns(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            for expression in self._handed(node):
                yield from self._texts(expression)

    def _handed(self, node: ast.AST) -> Iterator[ast.expr | None]:
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            yield from (one.value for one in node.keywords if one.arg in HOLDING)
            given = zip(self.places.get(name, ()), node.args, strict=False)
            yield from (one for place, one in given if place in HOLDING)
            yield from node.args[:1] if name == "Faulty" else []
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(ast.unparse(one).rpartition(".")[2] in HOLDING for one in targets):
                yield node.value
        elif isinstance(node, ast.FunctionDef) and node.name == "garbled":
            yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return))
        elif isinstance(node, ast.FunctionDef) and node.name in RAISING:
            yield from (one.args[0] for one in ast.walk(node) if isinstance(one, ast.Call)
                        and ast.unparse(one.func) == "ValueError")  # fmt: skip

    def _texts(self, one: ast.expr | None) -> Iterator[str]:
        """Of a text, of a constant by its name, and of what stands in for it."""
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
            yield re.escape(one.value)
        elif isinstance(one, ast.JoinedStr):
            parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".*"
                     for part in one.values]  # fmt: skip
            if re.search("[a-z]{3}", "".join(parts)):
                yield "".join(parts)
        elif isinstance(one, ast.IfExp):
            yield from (*self._texts(one.body), *self._texts(one.orelse))
        elif isinstance(one, ast.BoolOp):
            for value in one.values:
                yield from self._texts(value)
        elif isinstance(one, (ast.Name, ast.Attribute)):
            yield from self._texts(self.constants.get(ast.unparse(one).rpartition(".")[2]))
