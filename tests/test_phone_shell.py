"""`/m/`: the shell of the phone's app, its words, worker, manifest and icons."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from PIL import Image

from frontend import phone_files, phone_icon, phone_words
from frontend.theme import colour
from gspace import app_build, ruby
from tests import builders
from tests.access_world import ROLES, World, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
STATIC = Path(__file__).resolve().parent.parent / "frontend" / "static"
ADDRESSES = [
    "/m/", "/m/?transfer=abc", "/m/list", "/m/list/", "/m/map", "/m/notices", "/m/outbox",
    "/m/settings", "/m/rules", "/m/report/1b4e28ba-2fa1-11d2-883f-0016d3cca427", "/m/draft/1",
    "/m/shelter", "/m/shelter/kumamoto-city-shelters/43100-12",
    "/m/shelter/a/%E4%BD%93%E8%82%B2%E9%A4%A8%2F2",
]  # fmt: skip


def get(path: str, language: str = "ja", **more: Any):
    return Client(HTTP_ACCEPT_LANGUAGE=language).get(path, **more)


def body(url: str) -> bytes:
    answer = Client().get(url)
    assert answer.status_code == 200, url
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def data_of(page: bytes) -> dict[str, Any]:
    found = re.search(rb'<script id="phone-data" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


# --- the shell -----------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["ja", "en"])
def test_everybody_gets_the_same_bytes_at_every_address(world: World, language: str) -> None:
    bodies = {
        world.clients[role].get(path, HTTP_ACCEPT_LANGUAGE=language).content
        for role in ROLES
        for path in ADDRESSES
    }
    assert len(bodies) == 1


def test_it_says_nothing_of_anybody(world: World) -> None:
    page = world.clients["field"].get("/m/")
    text = page.content.decode()
    token = page.cookies[configured.CSRF_COOKIE_NAME].value
    tokens = [token, *world.tokens.values()]
    for secret in ("csrfmiddlewaretoken", builders.headquarters(world.incident).name, *tokens):
        assert secret not in text


def test_it_carries_words_codes_and_addresses_in_its_language() -> None:
    for language in ("ja", "en"):
        page = get("/m/", language).content
        data = data_of(page)
        assert f'<html lang="{language}">'.encode() in page
        assert data["language"] == language
        assert [one["code"] for one in data["languages"]] == ["ja", "en", "ja-simple"]
        assert data["build"] == phone_files.current()
        rescue = data["vocabulary"]["codes"]["category"][0]
        assert rescue["code"] == "rescue" and set(rescue["labels"]) == {language}
        assert {"catalog", "plural"} <= set(data["catalogue"])
        assert data["urls"]["api"] == "/api/v1/" and data["urls"]["form"] == "/m/form/"


def test_its_files_are_there() -> None:
    page = get("/m/").content.decode()
    data = data_of(page.encode())
    linked = re.findall(r'(?:href|src)="(/[^"]*)"', page)
    built = [url for url in data["urls"].values() if url.startswith("/static/")]
    assert len(linked) >= 7 and built
    for url in {*linked, *built}:
        assert body(url), url


def test_without_scripts_or_https_there_is_the_plain_form() -> None:
    page = get("/m/", "en").content.decode()
    assert re.search(r'<noscript>.*href="/m/form/".*</noscript>', page)
    assert re.search(r'<div id="insecure"[^>]* hidden>.*href="/m/form/"', page, re.DOTALL)


def test_what_the_app_does_not_have_is_not_found() -> None:
    for path in ("/m/nothing", "/m/report/", "/m/shelter/x", "/m/words/fr.json", "/m/icon-7.png"):
        assert get(path).status_code == 404, path
    assert Client().post("/m/").status_code == 405


def test_a_phone_that_has_it_is_told_so_in_no_bytes() -> None:
    for path in ("/m/", "/m/sw.js", "/m/words/en.json"):
        first = get(path, HTTP_ACCEPT_ENCODING="gzip")
        assert first["Content-Encoding"] == "gzip" and first["Cache-Control"] == "no-cache"
        again = get(path, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content) == (304, b""), path
    shell = get("/m/", "ja")
    assert get("/m/", "en", HTTP_IF_NONE_MATCH=shell["ETag"]).status_code == 200


# --- words ---------------------------------------------------------------------------------
@pytest.mark.parametrize("language", phone_words.LANGUAGES)
def test_all_words_of_a_language_can_be_had(language: str) -> None:
    told = get(f"/m/words/{language}.json").json()
    assert set(told) == {"language", "catalogue", "vocabulary", "build"}
    assert told["language"] == language and told["build"] == phone_files.current()
    labels = [term["labels"] for terms in told["vocabulary"]["codes"].values() for term in terms]
    assert all(set(each) == {language} for each in labels)
    if language == "ja-simple":
        assert not [words for each in labels for words in each.values() if ruby.bare_kanji(words)]


SAYS = re.compile(r'\b(?:t|say|plain|ngettext)\(\s*"((?:[^"\\]|\\.)+)"')


def test_whatever_the_app_says_is_among_them() -> None:
    folder = STATIC.parent / "src"
    sources = [
        p for part in ("phone", "phone-map", "outbox") for p in folder.glob(f"{part}/**/*.ts")
    ]
    texts = {json.loads(f'"{t}"') for p in sources for t in SAYS.findall(p.read_text("utf-8"))}
    assert len(texts) > 100
    everything = phone_words.catalogue("ja")["catalog"]
    told = get("/m/words/ja.json").json()["catalogue"]["catalog"]
    assert not [text for text in texts if text in everything and text not in told]
    assert len(told) < len(everything)


def test_other_pages_offer_two_languages() -> None:
    page = get("/", "en").content.decode()
    assert re.findall(r'name="language" value="([^"]+)"', page) == ["ja"]


# --- what the worker keeps -----------------------------------------------------------------
def precache() -> list[dict[str, Any]]:
    text = get("/m/sw.js").content.decode()
    found = re.match(r"const PRECACHE = (\[.*?\]);\n", text)
    assert found and "sourceMappingURL" not in text
    return json.loads(found[1])


def test_the_worker_keeps_exactly_the_files_of_the_app() -> None:
    listed = [entry["url"] for entry in precache()]
    built = {
        f"/static/build/{path.name}"
        for path in (STATIC / "build").iterdir()
        if re.fullmatch(r"(phone|phone-\w+-\w+|phone-map|photo-worker)\.(js|css)", path.name)
    }
    images = {f"/static/leaflet/images/{p.name}"
              for p in (STATIC / "vendor" / "leaflet" / "images").iterdir()}  # fmt: skip
    assert len(listed) == len(set(listed))
    assert set(listed) == built | images | {
        "/m/", "/m/words/ja.json", "/m/words/en.json", "/m/words/ja-simple.json",
        "/static/icons/position_pin.svg",
        "/static/leaflet/leaflet.js", "/static/leaflet/leaflet.css",
        "/m/icon-180.png", "/m/icon-192.png", "/m/icon-512.png",
    }  # fmt: skip


def test_each_of_them_is_there_with_the_content_that_is_told() -> None:
    for entry in precache():
        content = body(entry["url"])
        told = entry["revision"]
        if entry["url"].startswith("/static/"):
            assert told == hashlib.sha256(content).hexdigest()[:16], entry["url"]
        elif not entry["url"].endswith(".png"):
            assert told == phone_files.current()


def referred(css: str, base: str) -> set[str]:
    return {f"{base}{name}" for name in re.findall(r"url\(\"?'?([^)\"']+)", css)
            if not name.startswith(("data:", "#"))}  # fmt: skip


def test_no_style_needs_a_file_that_is_not_kept() -> None:
    listed = {entry["url"] for entry in precache()}
    for url in listed:
        if url.endswith(".css"):
            base = url.rpartition("/")[0] + "/"
            assert referred(body(url).decode(), base) <= listed, url


def test_the_worker_is_the_same_for_every_language() -> None:
    assert get("/m/sw.js", "ja").content == get("/m/sw.js", "en").content


# --- the build -----------------------------------------------------------------------------
@pytest.fixture
def copied(settings, tmp_path: Path) -> Path:
    """The static files as a copy that may be changed."""
    for folder in configured.STATICFILES_DIRS:
        prefix, source = folder if isinstance(folder, tuple) else ("", folder)
        shutil.copytree(source, tmp_path / "files" / prefix, dirs_exist_ok=True)
    settings.STATICFILES_DIRS = [tmp_path / "files"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    yield tmp_path / "files"
    finders.get_finder.cache_clear()


@pytest.mark.parametrize(
    "name", ["build/phone.js", "build/phone.css", "build/service-worker.js",
             "leaflet/leaflet.js"]
)  # fmt: skip
def test_the_build_changes_with_every_file(copied: Path, name: str) -> None:
    before, worker = phone_files.current(), phone_files.worker_script()
    assert phone_files.current() == before
    (copied / name).write_text((copied / name).read_text("utf-8") + "\n/**/", "utf-8")
    assert phone_files.current() != before
    assert phone_files.worker_script() != worker


def test_the_build_changes_with_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    before = phone_files.current()
    other = {"catalog": {"To send": "さあ送ろう"}, "plural": None, "formats": {}}
    monkeypatch.setattr(phone_words, "catalogue", lambda language: other)
    _forget()
    assert phone_files.current() != before
    _forget()


def _forget() -> None:
    phone_files._build.cache_clear()
    phone_words._said.cache_clear()


def test_the_rest_of_the_house_tells_the_same_build() -> None:
    assert app_build.current() == data_of(get("/m/").content)["build"] != ""


def test_with_hashed_names_the_address_is_the_revision(settings, copied, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "collected"
    hashed = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**configured.STORAGES, "staticfiles": {"BACKEND": hashed}}
    call_command("collectstatic", interactive=False, verbosity=0)
    entries = [e for e in phone_files.precache() if e["url"].startswith("/static/")]
    assert len(entries) > 10
    names = {entry["url"].removeprefix("/static/") for entry in entries}
    pieces = {name for name in names if phone_files.PIECE.fullmatch(name)}
    assert len(pieces) >= 2
    for name in names:
        # the pieces name one another, with the builder's own hashes
        assert name in pieces or re.search(r"\.[0-9a-f]{12}\.\w+$", name)
        assert (settings.STATIC_ROOT / name).is_file()
        if name.endswith(".css"):
            css = (settings.STATIC_ROOT / name).read_text("utf-8")
            assert referred(css, name.rpartition("/")[0] + "/") <= names
    hashed_ones = [e for e in entries if e["url"].removeprefix("/static/") not in pieces]
    assert all(entry["revision"] is None for entry in hashed_ones)
    assert {name for name in names if name.startswith("build/phone.")}


def test_what_the_script_needs_at_once_is_fetched_beside_it() -> None:
    page = get("/m/").content.decode()
    script = (STATIC / "build" / "phone.js").read_text("utf-8")
    needed = set(re.findall(r'(?:from|import)"\./(phone-[\w-]+\.js)"', script))
    told = set(re.findall(r'rel="modulepreload" href="/static/build/([^"]+)"', page))
    assert needed and told == needed


# --- manifest and icons --------------------------------------------------------------------
def test_the_manifest_makes_it_an_app() -> None:
    told = get("/m/manifest.webmanifest?language=ja", "en").json()
    assert told["lang"] == "ja" and told["name"] and len(told["short_name"]) <= 12
    assert (told["id"], told["scope"], told["start_url"]) == ("/m/", "/m/", "/m/")
    assert told["display"] == "standalone"
    assert {"background_color", "theme_color"} <= set(told)
    assert {(i["sizes"], i["purpose"]) for i in told["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for shortcut in told["shortcuts"]:
        assert shortcut["name"] and get(shortcut["url"]).status_code == 200


def test_a_transfer_goes_into_the_start_address_and_nothing_else_does() -> None:
    def start(query: str) -> str:
        return get(f"/m/manifest.webmanifest?{query}").json()["start_url"]

    assert start("transfer=Ab-9_x") == "/m/?transfer=Ab-9_x"
    for evil in ("https://example.net/", "a%26b", "a%22b", "x" * 201, "%E3%81%82", ""):
        assert start(f"transfer={evil}") == "/m/"


@pytest.mark.parametrize("size", phone_icon.SIZES)
def test_icons_have_their_size_and_fill_it(size: int) -> None:
    answer = get(f"/m/icon-{size}.png")
    picture = Image.open(BytesIO(answer.content))
    assert answer["Content-Type"] == picture.get_format_mimetype() == "image/png"
    assert picture.size == (size, size) and len(answer.content) < 8_000
    drawn = picture.convert("RGB")
    blue = tuple(bytes.fromhex(colour("accent")[1:]))
    assert {drawn.getpixel(p) for p in ((0, 0), (size - 1, size - 1))} == {blue}


def test_a_launcher_s_circle_cuts_nothing_off() -> None:
    picture = Image.open(BytesIO(phone_icon.png(512))).convert("RGB")
    blue = bytes.fromhex(colour("accent")[1:])
    far = [
        (x, y) for x in range(512) for y in range(512)
        if bytes(picture.getpixel((x, y))) != blue and (x - 256) ** 2 + (y - 256) ** 2 > 205**2
    ]  # fmt: skip
    assert not far
