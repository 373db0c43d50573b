"""Every language is complete: nothing untranslated, nothing stale, nothing forgotten.

やさしい日本語 is for the phone and the pages for everybody; what it leaves out falls back to
Japanese, and nothing that they show may, because that has kanji without readings.
"""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from gspace.ruby import KANJI, bare_kanji, ruby_plain

ROOT = Path(__file__).resolve().parent.parent
SIMPLE = "ja_Simple"
TEMPLATES = ROOT / "frontend" / "templates"
PHONE_TEMPLATES = ["_rules", "join", "phone", "phone_app", "phone_sent", "refused"]
PORTAL_TEMPLATES = ["everybody", "public*", "_public_*", "signage*", "_signage_*", "paper*"]
PARTS = ["frontend", "gspace", "layers", "mobile_api", "reports"]
DOMAINS = ["django", "djangojs"]
LANGUAGES = ["ja", SIMPLE]
SOURCES = ROOT / "frontend" / "src"
PHONE_SCRIPTS = ["phone", "outbox", "phone-map", "photo-worker", "service-worker"]
PORTAL_SCRIPTS = ["public", "signage"]
# what the server says to a phone and on the pages for everybody, besides the templates
SIMPLE_MODULES = [
    "frontend/paper.py",
    "frontend/phone_form.py",
    "frontend/templatetags/ago.py",
    "frontend/templatetags/everybody.py",
    "frontend/templatetags/words.py",
    "frontend/views/feeds.py",
    "frontend/views/join.py",
    "frontend/views/paper.py",
    "frontend/views/phone_app.py",
    "frontend/views/public.py",
    "frontend/views/public_data.py",
    "frontend/views/refusals.py",
    "gspace/problems.py",
]
LIMIT_SENTENCE = 40
# in code and not for people: names of GeoJSON, HTTP and the international spelling alphabet
NOT_SAID = set(
    "Point Polygon Location Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo"
    " Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey Yankee"
    " Zulu".split()
) | {"ZIP is full"}


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


def catalogue(root: Path, domain: str, language: str = "ja") -> Path:
    return root / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


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
@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str, domain: str) -> None:
    file = catalogue(ROOT, domain, language)
    plurals = many(catalogue(ROOT, domain))
    for msgid, forms in entries(file).items():
        for words in forms:
            # the singular may say "one" where the plural says "{n}"
            assert placeholders(words) == placeholders(plurals.get(msgid, msgid)), msgid


# --- やさしい日本語 --------------------------------------------------------------------------
def simple_pages() -> list[Path]:
    """The templates of phone and portal, and everything that they include."""
    todo = [
        file
        for name in [*PHONE_TEMPLATES, *PORTAL_TEMPLATES]
        for file in (TEMPLATES / "frontend").glob(f"{name}.html")
    ]
    found: set[Path] = set()
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            parts = re.findall(r'{% include "([^"]+)"', file.read_text("utf-8"))
            todo += [TEMPLATES / part for part in parts]
    return sorted(found)


def simple_scripts() -> list[Path]:
    """The folders of phone and portal, and everything that they import."""
    follow = r'^(?:import|export)(?! type)[^;]*?from "(\.[^"]+)"|^import "(\.[^"]+)"'
    parts = [*PHONE_SCRIPTS, *PORTAL_SCRIPTS]
    todo = [file for part in parts for file in (SOURCES / part).rglob("*.ts")]
    found: set[Path] = set()
    while todo:
        file = todo.pop()
        if file in found:
            continue
        found.add(file)
        for names in re.findall(follow, file.read_text("utf-8"), re.M):
            todo.append((file.parent / "".join(names)).resolve())
    return sorted(found)


@pytest.fixture
def held(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """domain -> what makemessages finds in the sources of phone and portal alone."""
    modules = [ROOT / name for name in SIMPLE_MODULES]
    for file in [*simple_scripts(), *simple_pages(), *modules]:
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    for domain in DOMAINS:
        call_command("makemessages", locale=["ja"], domain=domain, verbosity=0)
    return {domain: set(entries(catalogue(tmp_path, domain))) for domain in DOMAINS}


def simple(domain: str) -> dict[str, list[str]]:
    return entries(catalogue(ROOT, domain, SIMPLE))


@pytest.mark.parametrize("domain", DOMAINS)
def test_simple_japanese_says_all_that_phone_and_portal_say(
    held: dict[str, set[str]], domain: str
) -> None:
    said = {msgid for msgid, forms in simple(domain).items() if forms and all(forms)}
    assert held[domain] - said == set()
    assert set(simple(domain)) - set(entries(catalogue(ROOT, domain))) == set(), "no longer said"


@pytest.mark.parametrize("domain", DOMAINS)
def test_simple_japanese_has_a_reading_on_every_kanji(domain: str) -> None:
    bare = {msgid: bare_kanji("".join(forms)) for msgid, forms in simple(domain).items()}
    assert {msgid: kanji for msgid, kanji in bare.items() if kanji} == {}


@pytest.mark.parametrize("domain", DOMAINS)
def test_simple_japanese_speaks_in_short_sentences(domain: str) -> None:
    for forms in simple(domain).values():
        for sentence in re.split("[。？！]", ruby_plain("".join(forms))):
            assert len(sentence.strip()) <= LIMIT_SENTENCE, sentence


def test_words_that_take_no_readings_have_no_kanji() -> None:
    """Titles, labels, choices: `plain` takes the readings away."""
    said = simple("djangojs")
    for file in simple_scripts():
        # the portal shows what `t` gives as it is; the phone says it later
        names = "plain|t" if file.parent.name in PORTAL_SCRIPTS else "plain"
        code = file.read_text("utf-8")
        for literal in re.findall(rf'\b(?:{names})\(\s*("(?:[^"\\]|\\.)*")', code):
            words = "".join(said[f"^{ast.literal_eval(literal)}"])
            assert not re.search(f"[{KANJI}]", words), (file.name, words)


def test_words_that_scripts_take_from_a_page_have_no_kanji() -> None:
    """What stands in `data-…` gets onto the screen as text, without readings."""
    said = simple("django")
    for page in simple_pages():
        found = re.findall(r'\bdata-[\w-]+="{% translate "([^"]+)" %}"', page.read_text("utf-8"))
        for msgid in found:
            assert not re.search(f"[{KANJI}]", "".join(said[f"^{msgid}"])), (page.name, msgid)


def test_sentences_kept_in_variables_are_in_the_catalogue_too() -> None:
    """`say(words)` translates nothing that xgettext has not seen as a literal of its own."""
    known = {msgid.partition("^")[2] for msgid in entries(catalogue(ROOT, "djangojs"))}
    known |= set(many(catalogue(ROOT, "djangojs")).values())
    lost = set()
    for file in simple_scripts():
        if file.parent.name == "map":
            continue  # drawings
        code = re.sub(r"(?ms)/\*\*.*?\*/|^\s*//[^\n]*$", "", file.read_text("utf-8"))
        for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"', code):
            words = ast.literal_eval(literal)
            if re.match(r"[A-Z][a-z]+(?:$|[:,] )|[A-Z]\S* [^<>]*[a-z.:…]$", words):
                lost |= {words} - known - NOT_SAID
    assert lost == set()
