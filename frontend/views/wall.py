"""`/hq/<incident>/wall/`: the screen on headquarters' wall. A shell; its data follows over the API.

It takes the desk's addresses: what a desk shows, a wall shows with the same text after "?".
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from frontend.views.desk import map_settings, page_data
from frontend.views.headquarters import at_the_desk
from frontend.views.refusals import page
from gspace.access import Audience, Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import saved_views

# what the browser has loaded of us; a new release gives these new names
LOADED = ("build/wall.js", "build/wall.css", "css/tokens.css")


@never_cache
@require_safe
@page
@at_the_desk
def wall(
    request: HttpRequest, incident: Incident, caller: Caller, audience: Audience
) -> HttpResponse:
    """`part=build` answers the build alone: a wall asks whether it is still the newest."""
    if request.GET.get("part") == "build":
        return JsonResponse({"build": build()})
    shown = _view(incident, caller, request.GET.get("view", ""))
    context = {
        "incident": incident,
        "view": shown,
        "map_settings": map_settings(incident),
        "page_data": _page_data(request, incident, caller, audience, shown),
    }
    return render(request, "frontend/wall.html", context)


def build() -> str:
    names = "\n".join(static(name) for name in LOADED)
    return hashlib.sha256(names.encode()).hexdigest()[:12]


def _view(incident: Incident, caller: Caller, ident: str) -> dict[str, Any] | None:
    """The saved view that was asked for. Raises Problem not_found: it is gone, or another's."""
    if not ident:
        return None
    try:
        wanted = str(uuid.UUID(ident))
    except ValueError:
        raise Problem("not_found") from None
    found = [view for view in saved_views.views(incident, caller) if view["id"] == wanted]
    if not found:
        raise Problem("not_found")
    return found[0]


def _page_data(
    request: HttpRequest,
    incident: Incident,
    caller: Caller,
    audience: Audience,
    view: dict[str, Any] | None,
) -> dict[str, Any]:
    """What frontend/src/wall/main.ts reads: the desk's, and the wall's own."""
    own = {"build": build(), "query": view["query"] if view else request.GET.urlencode()}
    # a browser may show both: what is new at the desk stays new there
    desk = page_data(request, incident, caller, audience)
    return desk | {"user": f"{caller.key}.wall", "wall": own}
