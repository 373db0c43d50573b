"""`/hq/<incident>/shelters/`: the board of all shelters. A shell; its rows follow over the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from frontend import queries
from frontend.area import municipality_names
from frontend.catalogue import catalogue
from frontend.views.desk import urls
from frontend.views.refusals import page
from gspace import access, vocabulary
from gspace.access import Audience
from gspace.models import Incident
from gspace.problems import Problem


@never_cache
@require_safe
@page
def shelters(request: HttpRequest, slug: str) -> HttpResponse:
    caller = access.caller_from_request(request)
    incident = queries.incident(slug)
    audience = access.audience(caller, incident)
    if audience not in ("hq", "partner"):
        if not caller.key:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        raise Problem("not_allowed")
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
