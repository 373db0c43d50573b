"""Which files the phone's app consists of, and its build: one short hash over all of them.

In production a file's address holds the hash of its content; in development and tests it does
not, and the hash stands beside the address. Both ways the list tells exactly what to keep.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from frontend import phone_icon, phone_words

BUNDLES = ("phone", "phone-map", "photo-worker")
# pieces of phone.js; they import one another by these names, which hold a hash of their own
PIECE = re.compile(r"build/phone-\w+-\w+\.js")
LEAFLET_IMAGES = (
    "layers.png",
    "layers-2x.png",
    "marker-icon.png",
    "marker-icon-2x.png",
    "marker-shadow.png",
)
WORKER = "build/service-worker.js"
SHELL = "frontend/phone_app.html"
CODE_LENGTH = 16


def names() -> list[str]:
    """Static files of the app, as they are called in templates."""
    built = [f"build/{bundle}.{kind}" for bundle in BUNDLES for kind in ("css", "js")]
    leaflet = ["leaflet.css", "leaflet.js", *(f"images/{image}" for image in LEAFLET_IMAGES)]
    listed = ["icons/position_pin.svg", *built, *pieces()]
    # not every bundle has a style
    return [n for n in [*listed, *(f"leaflet/{n}" for n in leaflet)] if finders.find(n)]


def pieces() -> list[str]:
    found = (f"build/{file.name}" for file in Path(finders.find("build") or "").glob("phone-*.js"))
    return sorted(name for name in found if PIECE.fullmatch(name))


def first_pieces() -> list[str]:
    """Addresses of what phone.js needs at once: fetched beside it instead of after it."""
    return [address(name) for name in pieces() if "-chunk-" in name]


def address(name: str) -> str:
    """Where a browser finds a file; the pieces are asked for by the name that was built."""
    return f"{settings.STATIC_URL}{name}" if PIECE.fullmatch(name) else static(name)


def precache() -> list[dict[str, str | None]]:
    """What the service worker keeps: `{url, revision}`; no revision where the address tells."""
    build = current()
    pages = [reverse("phone"), *(words_url(code) for code in phone_words.LANGUAGES)]
    icons = [
        {"url": icon_url(size), "revision": _code(phone_icon.png(size))}
        for size in phone_icon.SIZES
    ]
    return [
        *({"url": url, "revision": build} for url in pages),
        *({"url": address(name), "revision": _revision(name)} for name in names()),
        *icons,
    ]


def words_url(language: str) -> str:
    return reverse("phone_words", args=[language])


def icon_url(size: int) -> str:
    return reverse("phone_icon", args=[size])


def worker_script() -> str:
    """`const PRECACHE = [...]` and the bundle that reads it."""
    return f"const PRECACHE = {json.dumps(precache())};\n{_bundle()}"


def current() -> str:
    """Changes whenever any byte or word of the app does."""
    return _build(tuple(_stamp(name) for name in [*names(), WORKER]))


def _stamp(name: str) -> tuple[Any, ...]:
    """Changes with the file; cheap enough for every request."""
    url = address(name)
    if _is_hashed(name, url):
        return (url,)
    found = _path(name).stat()
    return (name, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _build(stamps: tuple[tuple[Any, ...], ...]) -> str:
    parts = [f"{address(name)} {_revision(name)}" for name in names()]
    parts += [phone_words.text(code) for code in phone_words.LANGUAGES]
    parts += [_bundle(), (settings.BASE_DIR / "frontend" / "templates" / SHELL).read_text("utf-8")]
    return _code("\0".join(parts).encode())


def _bundle() -> str:
    # the map's address would be looked for beside /m/sw.js
    return re.sub(r"\n//# sourceMappingURL=.*", "", _path(WORKER).read_text("utf-8"))


def _revision(name: str) -> str | None:
    return None if _is_hashed(name, address(name)) else _code(_path(name).read_bytes())


def _is_hashed(name: str, url: str) -> bool:
    return not url.endswith(f"/{name}")


def _path(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"{name} is not there: build the front end.")
    return Path(found)


def _code(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:CODE_LENGTH]
