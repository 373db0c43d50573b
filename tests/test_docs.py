"""The documents keep up with the code: what can be set, called or followed is written down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
APPS = ("gspace", "reports", "layers", "mobile_api", "frontend")
OPERATORS = (ROOT / "docs" / "operators.md").read_text("utf-8")
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "fixtures/**/*.md", "frontend/icons/*.md")
    for path in ROOT.glob(pattern)
)
ALL = "\n".join(path.read_text("utf-8") for path in PAGES)
# the shell's own, passed on to PostgreSQL's programs
NOT_OURS = {"PATH"}


def sources() -> Iterator[Path]:
    for app in APPS:
        yield from (p for p in (ROOT / app).rglob("*.py") if "node_modules" not in p.parts)


def read_from_environment(path: Path) -> set[str]:
    """Names in os.environ.get("X"), os.environ["X"] and the env_* functions of the settings."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            asks = called in ("os.environ.get", "os.getenv") or re.fullmatch(r"env_\w+", called)
            words = node.args[:1] if asks else []
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            words = [node.slice]
        else:
            continue
        found |= {
            w.value for w in words if isinstance(w, ast.Constant) and isinstance(w.value, str)
        }
    return found


def rows(name: str) -> list[str]:
    """The cells of the table row of operators.md that describes a name."""
    line = re.search(rf"^\| `{name}` \|(.*)\|$", OPERATORS, re.MULTILINE)
    assert line, f"{name} has no row in docs/operators.md"
    return [cell.strip() for cell in line[1].split("|")]


def test_every_environment_variable_is_described() -> None:
    names = set().union(*(read_from_environment(path) for path in sources())) - NOT_OURS
    assert {"GSPACE_HOME", "DATABASE_URL", "POOL_SIZE", "HTTPS", "GSPACE_DEMO"} <= names
    assert not [name for name in sorted(names) if not rows(name)]


def limits() -> list[str]:
    tree = ast.parse((ROOT / "gspace" / "settings.py").read_text("utf-8"))
    names = [ast.unparse(node.targets[0]) for node in tree.body if isinstance(node, ast.Assign)]
    return [n for n in names if n.startswith("LIMIT_") or n.endswith("_S")]


@pytest.mark.parametrize("name", limits())
def test_every_limit_is_described_with_its_value_and_unit(name: str) -> None:
    value, unit, settable, words = rows(name)
    assert value == f"{getattr(settings, name):,}"
    assert unit and words
    source = (ROOT / "gspace" / "settings.py").read_text("utf-8")
    assert (settable == "yes") is (f'env_int("{name}"' in source)


def test_no_limit_is_described_that_is_gone() -> None:
    described = re.findall(r"^\| `(LIMIT_\w+)`", OPERATORS, re.MULTILINE)
    assert set(described) == {name for name in limits() if name.startswith("LIMIT_")}


def test_every_command_of_ours_is_in_the_operators_guide() -> None:
    commands = [
        path.stem
        for app in APPS
        for path in (ROOT / app / "management" / "commands").glob("*.py")
        if path.stem != "__init__"
    ]
    assert {"prepare", "enrol_device", "load_demo"} <= set(commands)
    assert not [name for name in commands if f"./manage.py {name}" not in OPERATORS]


def test_every_make_target_is_in_the_operators_guide() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE)
    assert "run" in targets
    assert not [name for name in targets if f"make {name}`" not in OPERATORS]


def headings(path: Path) -> list[int]:
    """Levels of the headings in their order."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]


def shape(path: Path) -> dict[str, int]:
    """How many rows, points, pictures and code blocks a page has."""
    text = path.read_text("utf-8")
    marks = {"row": r"^\|", "point": r"^(?:- |\d+\. )", "picture": r"^!\[", "code": r"^```"}
    return {name: len(re.findall(mark, text, re.MULTILINE)) for name, mark in marks.items()}


TWINS = [path for path in PAGES if path.name.endswith(".ja.md")]


@pytest.mark.parametrize("japanese", TWINS, ids=lambda p: p.name)
def test_both_languages_say_the_same(japanese: Path) -> None:
    english = japanese.with_name(japanese.name.replace(".ja.md", ".md"))
    assert headings(japanese) == headings(english)
    assert shape(japanese) == shape(english)
    assert f"]({english.name})" in japanese.read_text("utf-8")
    assert f"]({japanese.name})" in english.read_text("utf-8")


def test_the_pages_for_users_have_both_languages() -> None:
    names = {path.name for path in TWINS}
    guides = {"field-staff.ja.md", "headquarters.ja.md", "publishers.ja.md"}
    assert guides | {"README.ja.md"} <= names


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_readme_names_the_two_commands(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "make run" in text and "make test" in text


def links() -> Iterator[tuple[Path, str]]:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                yield path, target


def test_every_link_leads_somewhere() -> None:
    wrong = []
    for path, target in links():
        file, _, anchor = target.partition("#")
        goal = (path.parent / file) if file else path
        if not goal.exists():
            wrong.append(f"{path.name}: {target}")
        elif anchor and anchor not in anchors(goal):
            wrong.append(f"{path.name}: {target} has no such heading")
    assert not wrong


def anchors(path: Path) -> set[str]:
    """Headings as GitHub links to them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_file_that_is_named_exists() -> None:
    """`folder/file.py` in a page is a promise, too."""
    folders = "|".join((*APPS, "tests", "fixtures", "docs", "benchmarks"))
    named = re.findall(rf"`((?:{folders})/[\w./-]+\.\w+)`", ALL)
    assert named
    assert not sorted({name for name in named if not (ROOT / name).exists()})


def test_every_test_that_is_named_exists() -> None:
    """`tests/file::name`, in Python a function, in TypeScript the sentence."""
    named = re.findall(r"`(tests/[\w./]+)::([^`]+)`", ALL)
    assert named
    asked = [
        (file, f"def {name}(" if file.endswith(".py") else f'"{name}"') for file, name in named
    ]
    assert not [pair for pair in asked if pair[1] not in (ROOT / pair[0]).read_text("utf-8")]


def test_pictures_are_small_enough_to_keep() -> None:
    pictures = list((ROOT / "docs" / "screenshots").glob("*.*"))
    assert pictures
    assert not [p.name for p in pictures if p.stat().st_size > 250_000]
