"""Both languages are complete: nothing untranslated, nothing stale, nothing forgotten."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
PARTS = ["frontend", "gspace", "layers", "mobile_api", "reports"]
DOMAINS = ["django", "djangojs"]


def entries(file: Path) -> dict[str, list[str]]:
    """(context and) msgid -> translations; fuzzy entries count as untranslated."""
    found: dict[str, list[str]] = {}
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        words = {"msgctxt": "", "msgid": ""}
        forms: list[str] = []
        for line in lines:
            match = re.match(r'(msgctxt|msgid|msgid_plural|msgstr)(?:\[\d\])? (".*")$', line)
            if match and match[1] == "msgstr":
                forms.append("" if fuzzy else ast.literal_eval(match[2]))
            elif match:
                words[match[1]] = ast.literal_eval(match[2])
        if words["msgid"]:
            found[f"{words['msgctxt']}^{words['msgid']}"] = forms
    return found


def many(file: Path) -> dict[str, str]:
    """msgid -> msgid_plural, of those that have one."""
    pairs = re.findall(r'^msgid (".*")\nmsgid_plural (".*")$', file.read_text("utf-8"), re.M)
    return {f"^{ast.literal_eval(one)}": ast.literal_eval(several) for one, several in pairs}


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{\w+\}|%\(\w+\)\w", words))


def catalogue(root: Path, domain: str) -> Path:
    return root / "locale" / "ja" / "LC_MESSAGES" / f"{domain}.po"


@pytest.fixture
def fresh(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources in which makemessages has been run anew."""
    unread = shutil.ignore_patterns("node_modules", "static", "__pycache__")
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=unread)
    shutil.copytree(ROOT / "locale", tmp_path / "locale")
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    for domain in DOMAINS:
        call_command("makemessages", locale=["ja"], domain=domain, verbosity=0)
    return tmp_path


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_entry_is_translated(domain: str) -> None:
    known = entries(catalogue(ROOT, domain))
    assert known
    assert not [msgid for msgid, forms in known.items() if not forms or not all(forms)]


def test_the_catalogues_hold_exactly_what_the_sources_say(fresh: Path) -> None:
    for domain in DOMAINS:
        ours, made = entries(catalogue(ROOT, domain)), entries(catalogue(fresh, domain))
        assert set(made) - set(ours) == set(), f"missing in {domain}.po: run makemessages"
        assert set(ours) - set(made) == set(), f"no longer said, in {domain}.po"


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_survive_translation(domain: str) -> None:
    file = catalogue(ROOT, domain)
    plurals = many(file)
    for msgid, forms in entries(file).items():
        for words in forms:
            # the singular may say "one" where the plural says "{n}"
            assert placeholders(words) == placeholders(plurals.get(msgid, msgid)), msgid
