"""`/hq/<incident>/shelters/`: the board of all shelters. A shell; its rows follow over the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from frontend.area import municipality_names
from frontend.catalogue import catalogue
from frontend.views.desk import urls
from frontend.views.headquarters import at_the_desk
from frontend.views.refusals import page
from gspace import vocabulary
from gspace.access import Audience, Caller
from gspace.models import Incident


@never_cache
@require_safe
@page
@at_the_desk
def shelters(
    request: HttpRequest, incident: Incident, caller: Caller, audience: Audience
) -> HttpResponse:
    context = {
        "incident": incident,
        "silence_h": settings.LIMIT_SHELTER_SILENCE_H,
        "page_data": page_data(request, incident, audience),
    }
    return render(request, "frontend/shelters.html", context)


def page_data(request: HttpRequest, incident: Incident, audience: Audience) -> dict[str, Any]:
    """What frontend/src/shelters/page_data.ts reads."""
    language = get_language() or "en"
    kinds = [k for k, fields in vocabulary.STATES.items() if "congestion" in fields]
    addresses = urls(incident, request.path)
    wanted = ("state", "changes", "socket", "layers", "features", "series", "login")
    return {
        "time_zone": incident.time_zone,
        "language": language,
        "catalogue": catalogue(language),
        "csrf": get_token(request),
        "vocabulary": vocabulary.as_json(),
        "audience": audience,
        "silence_h": settings.LIMIT_SHELTER_SILENCE_H,
        "municipalities": municipality_names(incident, audience, kinds, language),
        "urls": {name: addresses[name] for name in wanted}
        | {"desk": reverse("hq", args=[incident.slug])},
    }
