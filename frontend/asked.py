"""What an address of the public pages asks for: from where, which kind, which frame, which words.

Everything is in the address, so that a page works without cookies: in another site's frame, on a
screen in a hall, from a QR code.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from frontend import nearest, towns
from frontend.page_number import whole_number
from gspace.models import Incident, Municipality, Place
from gspace.problems import Problem

LANGUAGES = [code for code, _ in settings.LANGUAGES]
PAGES = 9_999
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Near:
    """From where distances count. place: the named place; text: as typed; town: as picked."""

    lon: float | None = None
    lat: float | None = None
    place: Municipality | Place | None = None
    text: str = ""
    town: str = ""

    @property
    def known(self) -> bool:
        """True when it is the person's own choice and not the middle of the incident."""
        return self.place is not None or (self.lon is not None and not self.text)

    def query(self) -> dict[str, str]:
        if self.town or self.text:
            return {"town": self.town} if self.town else {"place": self.text}
        return {"near": f"{self.lon:.3f},{self.lat:.3f}"} if self.lon is not None else {}

    def origin(self, incident: Incident) -> tuple[float | None, float | None]:
        if self.lon is None and incident.centre is not None:
            return incident.centre.x, incident.centre.y
        return self.lon, self.lat


@dataclass(frozen=True)
class Asked:
    """kind "": the overview. lang "": the browser's choice. The rest of an address is ignored."""

    near: Near
    kind: str = ""
    page: int = 1
    lang: str = ""
    embed: bool = False
    signage: bool = False

    def query(self, **more: str) -> str:
        """A query string that keeps the place, the frame and the language."""
        kept = self.near.query() | ({"lang": self.lang} if self.lang else {})
        kept |= {name: "1" for name in ("embed", "signage") if getattr(self, name)}
        return urlencode(more | kept)

    @property
    def tail(self) -> str:
        """The same to follow another parameter: "" or "&near=..."."""
        return f"&{query}" if (query := self.query()) else ""

    @property
    def frame(self) -> str:
        """To follow another parameter: frame and language without the place."""
        kept = {name: "1" for name in ("embed", "signage") if getattr(self, name)}
        kept |= {"lang": self.lang} if self.lang else {}
        return f"&{urlencode(kept)}" if kept else ""

    @property
    def here(self) -> str:
        """The query string of this very page."""
        own = {"kind": self.kind} if self.kind else {}
        return self.query(**own, **({"page": str(self.page)} if self.page > 1 else {}))


def asked_of(request: HttpRequest, incident: Incident) -> Asked:
    """Raises Problem not_found for a kind that there is not; other nonsense is nothing."""
    kind = request.GET.get("kind", "")
    if kind and kind not in nearest.KINDS:
        raise Problem("not_found")
    return Asked(
        near=near_of(request, incident),
        kind=kind,
        page=whole_number(request.GET.get("page"), PAGES) or 1,
        lang=language_of(request),
        embed=bool(request.GET.get("embed")),
        signage=bool(request.GET.get("signage")),
    )


def near_of(request: HttpRequest, incident: Incident) -> Near:
    """`town=code-name` (picked), `place=words` (typed) or `near=lon,lat` (from the device)."""
    town = request.GET.get("town", "").replace("\x00", "")[:140]
    if town and (found := towns.town(town)):
        return Near(found.location.x, found.location.y, found, town=town)
    if text := request.GET.get("place", "").replace("\x00", "").strip()[:60]:
        place = towns.find_place(text, incident)
        if place is None:
            return Near(text=text)
        return Near(place.location.x, place.location.y, place, text)
    try:
        lon, lat = (round(float(part), 3) for part in request.GET.get("near", "").split(","))
    except (ValueError, OverflowError):
        return Near()
    inside = math.isfinite(lon + lat) and abs(lon) <= 180 and abs(lat) <= 90
    return Near(lon, lat) if inside else Near()


def language_of(request: HttpRequest) -> str:
    lang = request.GET.get("lang", "")
    return lang if lang in LANGUAGES else ""


def for_everybody(view: View) -> View:
    """A page that anybody may look at, in the language of its address, and frame with `embed=1`."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        lang = language_of(request)
        if lang:
            translation.activate(lang)
            request.LANGUAGE_CODE = lang  # type: ignore[attr-defined]
        answer = view(request, *args, **kwargs)
        if request.GET.get("embed"):
            _may_be_framed(answer)
        elif lang and not request.GET.get("signage"):
            # where cookies are kept, the choice holds for the next pages too
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, lang, max_age=31_536_000, samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )  # fmt: skip
        return answer

    return run


def _may_be_framed(answer: HttpResponse) -> None:
    """Anybody's page may show it: it has no form that changes anything and knows nobody."""
    answer._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    answer.xframe_options_exempt = True  # type: ignore[attr-defined]
