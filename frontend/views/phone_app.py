"""`/m/`: the phone's app. One shell for every address of it, the same bytes for everybody.

Nothing here looks at who asks: the app fetches what is theirs with its own key. So a phone may
keep the answers and start from them in flight mode.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from frontend import phone_files, phone_icon, phone_words
from frontend.ruby_pages import with_readings
from frontend.theme import colour

ANY = "any-word"
TRANSFER = re.compile(r"[\w-]{1,200}", re.ASCII)
# Django's view names -> what frontend/src/phone/page_data.ts calls the same address
PAGES = {"home": "phone", "form": "phone_form", "manifest": "phone_manifest"}
FILES = {
    "map_script": "build/phone-map.js",
    "map_style": "build/phone-map.css",
    "leaflet_script": "leaflet/leaflet.js",
    "leaflet_style": "leaflet/leaflet.css",
    "photo_worker": "build/photo-worker.js",
}


def _shell_tag(request: HttpRequest, **_: Any) -> str:
    return f'"{phone_files.current()}-{_language()}"'


def _build_tag(request: HttpRequest, **_: Any) -> str:
    return f'"{phone_files.current()}"'


@gzip_page
@cache_control(no_cache=True)
@require_safe
@ensure_csrf_cookie
@condition(etag_func=_shell_tag)
def shell(request: HttpRequest, **address: str) -> HttpResponse:
    """The app itself reads its address; here they are all one page."""
    return HttpResponse(_shell(_language(), phone_files.current()))


@lru_cache(maxsize=8)
def _shell(language: str, build: str) -> str:
    context = {
        "files": {name: static(f"build/phone.{name}") for name in ("css", "js")},
        "pieces": phone_files.first_pieces(),
        "touch_icon": phone_files.icon_url(phone_icon.SIZES[0]),
        "manifest": _manifest_url(language),
        "themes": {"light": colour("ground"), "dark": colour("ground", dark=True)},
        "form": reverse("phone_form"),
        "language": language,
        "data": json_script(page_data(language, build), "phone-data", encoder=Readable),
    }
    with override(language):
        return with_readings(render_to_string(phone_files.SHELL, context))


class Readable(DjangoJSONEncoder):
    """Letters as they are: escaped, Japanese takes a tenth more even compressed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


def page_data(language: str, build: str) -> dict[str, Any]:
    """What frontend/src/phone/page_data.ts reads."""
    return {
        **phone_words.words(language),
        "languages": [{"code": code, "name": name} for code, name in settings.LANGUAGES],
        "build": build,
        "urls": urls(language),
    }


def urls(language: str) -> dict[str, str]:
    """Addresses of the app; those of the API begin with `api`. TypeScript fills `{language}`."""
    there = phone_files.names()
    return {
        **{name: reverse(view) for name, view in PAGES.items()},
        **{name: static(file) for name, file in FILES.items() if file in there},
        "api": reverse("api:api-root"),
        "login": reverse("account_login"),
        "manifest": _manifest_url(language),
        "words": phone_files.words_url(ANY).replace(ANY, "{language}"),
        "worker": reverse("phone_worker"),
    }


def _manifest_url(language: str) -> str:
    # browsers ask for a manifest without cookies: it cannot know the page's language by itself
    return f"{reverse('phone_manifest')}?language={language}"


def _language() -> str:
    found = get_language() or ""
    return found if found in phone_words.LANGUAGES else phone_words.LANGUAGES[0]


@gzip_page
@cache_control(no_cache=True)
@require_safe
@condition(etag_func=_build_tag)
def words(request: HttpRequest, language: str) -> HttpResponse:
    """All words of one language, so that the phone changes it without a network."""
    if language not in phone_words.LANGUAGES:
        raise Http404
    answer = {**phone_words.words(language), "build": phone_files.current()}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@gzip_page
@cache_control(no_cache=True)
@require_safe
@condition(etag_func=_build_tag)
def worker(request: HttpRequest) -> HttpResponse:
    return HttpResponse(phone_files.worker_script(), content_type="text/javascript; charset=utf-8")


@cache_control(public=True, max_age=86400)
@require_safe
def icon(request: HttpRequest, size: int) -> HttpResponse:
    if size not in phone_icon.SIZES:
        raise Http404
    return HttpResponse(phone_icon.png(size), content_type="image/png")


@cache_control(no_cache=True)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """`transfer` goes into the start address: an installed app on an iPhone starts without the
    browser's storage, and fetches its key with it."""
    wanted = request.GET.get("language", "")
    language = wanted if wanted in phone_words.LANGUAGES else _language()
    transfer = request.GET.get("transfer", "")
    start = reverse("phone") + (f"?transfer={transfer}" if TRANSFER.fullmatch(transfer) else "")
    with override(language):
        answer = _manifest(language, start)
    return JsonResponse(answer, content_type="application/manifest+json")


def _manifest(language: str, start: str) -> dict[str, Any]:
    home = reverse("phone")
    shortcuts = [(_("List"), "list"), (_("Map"), "map"), (_("Outbox"), "outbox")]
    return {
        "id": home,
        "name": _("G-space: reports from the field"),
        "short_name": "G-space",
        "lang": language,
        "dir": "ltr",
        "start_url": start,
        "scope": home,
        "display": "standalone",
        "background_color": colour("ground"),
        "theme_color": colour("ground"),
        "icons": [_icon(size, purpose) for size in (192, 512) for purpose in ("any", "maskable")],
        "shortcuts": [{"name": name, "url": home + path} for name, path in shortcuts],
    }


def _icon(size: int, purpose: str) -> dict[str, str]:
    return {
        "src": phone_files.icon_url(size),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
