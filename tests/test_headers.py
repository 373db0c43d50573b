"""What browsers are told to hold us to, kind by kind of answer (reliability.md T5, P20)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, BrowserContext, Page

from tests import builders
from tests.access_world import World
from tests.e2e.conftest import browser, playwright

__all__ = ["browser", "playwright"]
pytestmark = pytest.mark.django_db(transaction=True)

PAGE = (
    "default-src 'none'; script-src 'self' NONCE; style-src 'self' NONCE; "
    "img-src 'self' data: blob: https://cyberjapandata.gsi.go.jp; "
    "connect-src 'self' https://cyberjapandata.gsi.go.jp; worker-src 'self'; "
    "manifest-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'; frame-ancestors 'none'"
)
PLAIN, NOTHING = PAGE.replace(" NONCE", ""), "default-src 'none'; frame-ancestors 'none'"
PHOTO = "default-src 'none'; sandbox"
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"
OWN = "private, no-store"

# path | who | content-type | cache-control | content-security-policy
GOLDEN = [
    ("/", "", "text/html", NEVER, PLAIN),
    ("/i/quake/", "", "text/html", "no-cache", PAGE),
    ("/i/quake/list/", "", "text/html", "no-cache", PLAIN),
    ("/i/quake/paper/", "", "text/html", "no-cache", PLAIN),
    ("/i/quake/layers/layer-public.atom", "", "application/atom+xml", "public, max-age=5", PLAIN),
    ("/api/v1/layers/layer-public/download.csv", "", "text/csv", "public, max-age=5", PLAIN),
    ("/api/v1/layers/layer-public/download.gpkg", "hq", "application/geopackage+sqlite3",
     "private, max-age=0, no-cache", PLAIN),
    ("/hq/quake/", "session", "text/html", NEVER, PAGE),
    ("/m/", "crew", "text/html", "no-cache", PLAIN),
    ("/m/sw.js", "", "text/javascript", "no-cache", PLAIN),
    ("/m/manifest.webmanifest", "", "application/manifest+json", "no-cache", PLAIN),
    ("/m/words/ja.json", "", "application/json", "no-cache", PLAIN),
    ("/m/icon-192.png", "", "image/png", "public, max-age=86400", PLAIN),
    ("/m/form/", "crew", "text/html", NEVER, PLAIN),
    ("/accounts/login/", "", "text/html", NEVER, PLAIN),
    ("/admin/login/", "", "text/html", NEVER, PLAIN),
    ("/api/v1/docs", "", "text/html", "", PLAIN),
    ("/no/such/page", "", "text/html", "", PLAIN),
    ("/api/v1/openapi.json", "", "application/json", "", PLAIN),
    ("/api/v1/vocabulary", "", "application/json", "public, max-age=300", PLAIN),
    ("/api/v1/incidents/quake/reports", "", "application/geo+json", OWN, PLAIN),
    ("/api/v1/incidents/quake/changes", "crew", "application/json", OWN, PLAIN),
    ("/api/v1/reports/{plain}", "crew", "application/geo+json", OWN, PLAIN),
    ("/api/v1/reports/{none}", "crew", "application/problem+json", "no-store", PLAIN),
    ("/api/v1/no/such", "", "application/problem+json", "no-store", NOTHING),
    ("/api/v1/layers/%00", "", "application/problem+json", "no-store", NOTHING),
    ("/api/v1/photos/{photo}", "crew", "application/json", OWN, PLAIN),
    ("/api/v1/photos/{photo}/preview", "crew", "image/jpeg", "private, max-age=3600", PHOTO),
    ("/api/v1/photos/{photo}/thumb", "crew", "image/jpeg", "private, max-age=3600", PHOTO),
    ("/api/v1/photos/{photo}/display", "crew", "image/jpeg", "private, max-age=3600", PHOTO),
    ("/api/v1/photos/{photo}/original", "hq", "application/octet-stream", OWN, PHOTO),
    ("/tiles/layers/layer-public/10/883/414.mvt", "", "application/vnd.mapbox-vector-tile",
     "public, max-age=5", PLAIN),
    ("/tiles/layers/layer-public/10/883/414.mvt", "hq", "application/vnd.mapbox-vector-tile",
     "private, max-age=0, must-revalidate", PLAIN),
    ("/tiles/layers/layer-public.json", "", "application/json", "public, max-age=5", PLAIN),
    ("/tiles/reports/quake/10/883/414.mvt", "", "application/vnd.mapbox-vector-tile",
     "public, max-age=5", PLAIN),
    ("/tiles/reports/quake/10/883/414.mvt", "hq", "application/vnd.mapbox-vector-tile",
     "private, max-age=0, must-revalidate", PLAIN),
    ("/tiles/basemap/5/27/12.mvt", "", "application/vnd.mapbox-vector-tile",
     "public, max-age=604800", PLAIN),
    ("/health/live", "", "application/json", "", PLAIN),
    ("/static/css/page.css", "", "text/css", "max-age=60, public", ""),
    ("/static/leaflet/leaflet.js", "", "text/javascript", "max-age=60, public", ""),
]  # fmt: skip


class Asker:
    """Asks as somebody; `world` as in the access matrix."""

    def __init__(self, server: str) -> None:
        self.world = World()
        session = self.world.clients["operator"].cookies[configured.SESSION_COOKIE_NAME].value
        self.who = {
            "": {},
            "crew": builders.bearer(self.world.tokens["field"]),
            "hq": builders.bearer(self.world.tokens["operator"]),
            "session": {"Cookie": f"{configured.SESSION_COOKIE_NAME}={session}"},
        }
        self.http = httpx.Client(base_url=server, timeout=60)

    def ask(self, path: str, who: str) -> httpx.Response:
        plain = self.world.reports["plain"]
        path = path.format(plain=plain, none=uuid.uuid4(), photo=self.world.photo(plain))
        # cookies of one answer must not travel with the next question
        self.http.cookies.clear()
        return self.http.get(path, headers=self.who[who])


@pytest.fixture
def asker(server: str) -> Asker:
    return Asker(server)


def policy(answer: httpx.Response) -> str:
    """The CSP in the order of PAGE, its nonce by name."""
    text = re.sub(r"'nonce-[^']{20,}'", "NONCE", answer.headers.get("content-security-policy", ""))
    order = [part.split(" ")[0] for part in PAGE.split("; ")]
    parts = [part for part in text.split("; ") if part]
    known = [*order, "sandbox"]
    return "; ".join(sorted(parts, key=lambda part: known.index(part.split(" ")[0])))


def test_every_kind_of_answer_carries_its_headers(asker: Asker) -> None:
    wrong = []
    for path, who, kind, cache, csp in GOLDEN:
        answer = asker.ask(path, who)
        told = (
            answer.headers["content-type"].split(";")[0],
            answer.headers.get("cache-control", ""),
            policy(answer),
        )
        if told != (kind, cache, csp):
            wrong.append(f"{path} as {who or 'nobody'}:\n  {told}\n  {(kind, cache, csp)}")
    assert not wrong, "\n".join(wrong)


def test_the_same_protections_are_on_all_of_them(asker: Asker) -> None:
    for path, who, *_ in GOLDEN:
        headers = asker.ask(path, who).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin", path
        assert "camera=(self)" in headers["permissions-policy"], path
        assert "unsafe" not in headers.get("content-security-policy", ""), path
        assert "server" not in headers or "uvicorn" in headers["server"], path
        if not path.startswith("/static/"):
            assert headers["x-frame-options"] == "DENY", path
            assert headers["cross-origin-resource-policy"] == "same-origin", path


def test_uploads_and_refusals_before_django_are_protected_too(asker: Asker) -> None:
    path = f"/api/v1/photos/{uuid.uuid4()}/original"
    for headers in ({}, {"Repr-Digest": "sha-256=:" + "A" * 43 + "=:"}):
        answer = asker.http.put(path, content=b"x", headers=headers)
        assert answer.status_code in (401, 422)
        assert policy(answer) == NOTHING and answer.headers["x-content-type-options"] == "nosniff"
    answer = asker.http.put("/api/v1/reports/x", content=b"x" * 20_000)
    assert answer.status_code == 413 and policy(answer) == NOTHING


def test_a_nonce_is_used_once(asker: Asker) -> None:
    nonces = {asker.ask("/i/quake/", "").headers["content-security-policy"] for _ in range(3)}
    assert len(nonces) == 3


def test_the_original_is_offered_as_a_file_of_our_naming(asker: Asker) -> None:
    told = asker.ask("/api/v1/photos/{photo}/original", "hq").headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="[0-9A-Z]{6}-1\.jpg"', told)


WATCH = """window.broken = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""


@pytest.fixture
def context(browser: Browser, server: str, asker: Asker) -> Iterator[BrowserContext]:
    found = browser.new_context(base_url=server, locale="ja")
    name, _, value = asker.who["session"]["Cookie"].partition("=")
    found.add_cookies([{"name": name, "value": value, "url": server}])
    found.add_init_script(WATCH)
    yield found
    found.close()


def violations(page: Page, path: str) -> list[str]:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page.evaluate("window.broken") + [s for s in said if "Content Security Policy" in s]


@pytest.mark.e2e
@pytest.mark.parametrize(
    "path",
    ["/", "/i/quake/", "/i/quake/?list=reports", "/i/quake/?signage=1", "/i/quake/data/",
     "/hq/quake/", "/m/", "/m/form/", "/m/join/x",
     "/accounts/password/change/", "/no/such/page", "/api/v1/docs"],
)  # fmt: skip
def test_normal_use_violates_no_policy(context: BrowserContext, path: str) -> None:
    assert violations(context.new_page(), path) == []


@pytest.mark.e2e
def test_the_login_violates_no_policy(context: BrowserContext) -> None:
    context.clear_cookies()
    assert violations(context.new_page(), "/accounts/login/") == []


@pytest.mark.e2e
def test_the_watch_bites(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    page.evaluate("document.body.append(Object.assign(document.createElement('img'),"
                  " {src: 'https://example.invalid/x.png'}))")  # fmt: skip
    page.wait_for_function("window.broken.length > 0", timeout=5000)
