"""The rules of the house (DESIGN section 2) as tests: imports, sizes, names, locks, drivers."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("gspace", "reports", "layers", "mobile_api", "frontend")
MAY_IMPORT = {
    "gspace": {"gspace"},
    "layers": {"layers", "gspace"},
    "reports": {"reports", "gspace"},
    "mobile_api": {"mobile_api", "reports", "layers", "gspace"},
    "frontend": {"frontend", "reports", "layers", "gspace"},
}
# where the parts are put together
COMPOSITION = {"gspace/settings.py", "gspace/urls.py", "gspace/asgi.py"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base"}
PURE = [
    "gspace/vocabulary.py", "gspace/wire.py", "layers/payload.py", "frontend/occupancy.py",
    "layers/addresses.py", "layers/area_codes.py", "layers/columns.py", "layers/coordinates.py",
    "layers/datums.py", "layers/encodings.py", "layers/entries.py", "layers/findings.py",
    "layers/flags.py", "layers/headings.py", "layers/moments.py", "layers/plans.py",
    "layers/positions.py", "layers/prefectures.py", "layers/reasons.py", "layers/sandbox.py",
    "layers/tables.py", "layers/plain.py", "layers/heard.py", "layers/hours.py",
    *sorted(f"layers/readers/{p.name}" for p in (ROOT / "layers/readers").glob("*.py")),
    "reports/position.py", "reports/photos.py", "reports/exif.py",
    "reports/copies.py", "reports/likeness.py", "reports/receipts.py", "reports/payload.py",
]  # fmt: skip
# bulk loaders of reference data, and the stock admin
LOADERS = {"admin.py", "gazetteer.py", "basemap.py"}
MAX_LINES, MAX_FUNCTION = 400, 60


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [p for p in tracked("*.py") if "migrations" not in p.parts]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("app", APPS)
def test_imports_go_one_way(app: str) -> None:
    wrong = []
    for path in sources():
        name = str(path.relative_to(ROOT))
        if path.relative_to(ROOT).parts[0] != app or name in COMPOSITION:
            continue
        for found in imports(path):
            top = found.split(".")[0]
            layer_reads = app == "reports" and found.startswith("layers.queries")
            if top in APPS and top not in MAY_IMPORT[app] and not layer_reads:
                wrong.append(f"{name} imports {found}")
    assert not wrong


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_no_django(name: str) -> None:
    assert not [f for f in imports(ROOT / name) if f.split(".")[0] == "django"]


def test_no_file_is_too_long() -> None:
    long = {str(p): n for p in [*sources(), *tracked("*.ts", "*.css")]
            if (n := len(p.read_text("utf-8").splitlines())) > MAX_LINES}  # fmt: skip
    assert not long


def test_no_function_is_too_long() -> None:
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > MAX_FUNCTION:
                    long.append(f"{path.name}:{node.lineno} {node.name} {size}")
    assert not long


def test_no_file_has_an_empty_name() -> None:
    assert not [p for p in tracked("*.py", "*.ts", "*.html") if p.stem in FORBIDDEN_NAMES]


def test_writes_live_in_actions() -> None:
    """Rows are created, saved and deleted by actions only (loaders and migrations aside)."""
    verbs = {"save", "bulk_create", "get_or_create", "update_or_create"}
    wrong = []
    for path in sources():
        parts = path.relative_to(ROOT).parts
        apart = {"actions", "actions.py", "management", "tests", "fixtures", "benchmarks"}
        if parts[0] not in APPS or apart & set(parts) or parts[-1] in LOADERS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                model = ast.unparse(node.func.value)
                if node.func.attr in verbs and (
                    "objects" in model or node.func.attr == "bulk_create"
                ):
                    wrong.append(f"{path.name}:{node.lineno} {ast.unparse(node.func)}")
    assert not wrong


def test_rows_are_locked_without_blocking_foreign_keys() -> None:
    """FOR UPDATE would wait for foreign-key checks that run under the feed's lock: a deadlock."""
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = getattr(getattr(node, "func", None), "attr", "")
            plain = not any(k.arg == "no_key" for k in getattr(node, "keywords", []))
            if called == "select_for_update" and plain:
                wrong.append(f"{path.name}:{node.lineno}")
    assert not wrong


def test_only_the_feed_takes_its_lock() -> None:
    holders = [p.name for p in sources() if "advisory_xact_lock(7" in p.read_text("utf-8")]
    assert set(holders) <= {"feed.py", "test_feed_order.py", "test_house_rules.py"}


def test_django_does_not_see_psycopg_3() -> None:
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3


def test_only_the_map_folder_knows_leaflet() -> None:
    wrong = [
        str(p.relative_to(ROOT)) for p in tracked("frontend/src/*.ts", "frontend/src/**/*.ts")
        if "/map/" not in str(p) and ('from "leaflet"' in p.read_text("utf-8"))
    ]  # fmt: skip
    assert not wrong


def test_the_core_folder_knows_no_document() -> None:
    words = ("document.", "window.", "HTMLElement")
    wrong = [
        f"{p.name}: {w}" for p in tracked("frontend/src/core/*.ts") for w in words
        if any(w in line for line in p.read_text("utf-8").splitlines()
               if not line.strip().startswith(("*", "//", "/*")))
    ]  # fmt: skip
    assert not wrong
