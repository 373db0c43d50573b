"""`/hq/<incident>/`: the headquarters' desk. The page is a shell; its data follows over the API."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from frontend.area import area_name, covered
from frontend.catalogue import catalogue
from frontend.views.headquarters import at_the_desk
from frontend.views.refusals import page
from gspace import access, vocabulary
from gspace.access import Audience, Caller
from gspace.models import Incident
from reports.counts import exceed
from reports.outlines import known

ANY_ID = uuid.UUID(int=0)
ANY_SLUG = "any-slug"
ANY_FEATURE = "any-feature"


@never_cache
@require_safe
@ensure_csrf_cookie
@page
@at_the_desk
def desk(
    request: HttpRequest, incident: Incident, caller: Caller, audience: Audience
) -> HttpResponse:
    context = {
        "incident": incident,
        "caller": caller,
        "map_settings": map_settings(incident),
        "page_data": page_data(request, incident, caller, audience),
    }
    return render(request, "frontend/hq.html", context)


def map_settings(incident: Incident) -> dict[str, Any]:
    """Overrides for django-leaflet: opens at the incident's default view, free to pan anywhere."""
    centre = incident.centre
    view = {"DEFAULT_CENTER": (centre.y, centre.x)} if centre else {}
    free = {"SPATIAL_EXTENT": None, "SCALE": None, "RESET_VIEW": False}
    return {**view, **free, "DEFAULT_ZOOM": incident.zoom}


def page_data(
    request: HttpRequest, incident: Incident, caller: Caller, audience: Audience
) -> dict[str, Any]:
    """What frontend/src/hq/page_data.ts reads."""
    language = get_language() or "en"
    area = access.default_area(caller, incident)
    return {
        "incident": {
            "slug": incident.slug,
            "name": incident.name,
            "time_zone": incident.time_zone,
            "state": incident.state,
            "demo": incident.demo,
        },
        "language": language,
        "catalogue": catalogue(language),
        "csrf": get_token(request),
        "vocabulary": vocabulary.as_json(),
        "audience": audience,
        "user": caller.key,
        "review": review(),
        "area": covered(area),
        "area_name": area_name(area, language),
        "live_reports": settings.LIMIT_DESK_LIVE_REPORTS,
        "large": exceed(incident, audience, settings.LIMIT_DESK_LIVE_REPORTS),
        "organisations": organisations(incident, caller),
        "outlines": known() > 0,
        "urls": urls(incident, request.path) | _own_doors(incident, audience),
    }


def _own_doors(incident: Incident, audience: Audience) -> dict[str, str]:
    """Addresses that partners are not shown."""
    if audience != "hq":
        return {}
    return {name: reverse(name, args=[incident.slug]) for name in ("broadcasts", "situation")}


def review() -> dict[str, Any]:
    """How long reports may wait; now: the server's, as a desk's own clock may be wrong."""
    return {
        "now": timezone.now().isoformat(),
        "warn_min": settings.REVIEW_WARN_MIN,
        "alarm_min": settings.REVIEW_ALARM_MIN,
        "alarm_after_s": settings.ALARM_AFTER_S,
        "bulk": settings.LIMIT_BULK,
        "situation": settings.LIMIT_SITUATION_REPORTS,
        "due_soon_min": settings.LIMIT_DUE_SOON_MIN,
    }


def organisations(incident: Incident, caller: Caller) -> list[dict[str, Any]]:
    """Those of the incident. mine: the caller sits at its desk."""
    own = access.colleagues(caller)
    parts = incident.parts.select_related("organisation").order_by("organisation__name")
    return [
        {"slug": o.slug, "name": o.name, "name_en": o.name_en, "mine": o.id in own}
        for o in (part.organisation for part in parts)
    ]


def urls(incident: Incident, here: str) -> dict[str, str]:
    """Addresses by their names, never retyped in TypeScript, which fills `{id}` and `{slug}`."""
    slug = incident.slug
    report = reverse("api:get_report", args=[ANY_ID])
    public_photo = reverse("api:get_public_photo", args=[ANY_ID])
    features = reverse("api:get_features", args=[ANY_SLUG])
    here_only = f"?incident={slug}"
    return {
        "state": reverse("api:get_state", args=[slug]),
        "reports": reverse("api:get_reports", args=[slug]),
        "claims": reverse("api:get_claims", args=[slug]),
        "bulk": reverse("api:post_bulk", args=[slug]),
        "counts": reverse("api:get_counts", args=[slug]),
        "report_tiles": f"/tiles/reports/{slug}/{{z}}/{{x}}/{{y}}.mvt",
        "changes": reverse("api:get_changes", args=[slug]),
        "socket": f"/ws/incidents/{slug}/",
        "report": report.replace(str(ANY_ID), "{id}"),
        "public_photo": public_photo.replace(str(ANY_ID), "{id}"),
        "release_rules": reverse("release_rules", args=[slug]),
        "duplicates": reverse("api:get_incident_duplicates", args=[slug]),
        "seen": reverse("api:get_seen", args=[slug]),
        "views": reverse("api:get_views", args=[slug]),
        "municipalities": reverse("api:get_municipalities", args=[slug]),
        "assignees": reverse("api:get_assignees", args=[slug]),
        "layers": reverse("api:get_layers") + here_only,
        "features": features.replace(ANY_SLUG, "{slug}") + here_only,
        "feature": _of_place("get_feature") + here_only,
        "situations": _of_place("get_situations") + here_only,
        "series": _of_place("get_series") + here_only,
        "nearest": reverse("api:get_nearest", args=[slug]),
        "coverage": reverse("api:get_coverage", args=[slug]),
        "numbers": reverse("numbers", args=[slug]),
        "places": reverse("api:get_places", args=[slug]),
        "here": reverse("api:get_here", args=[slug]),
        "areas": reverse("api:get_areas", args=[slug]),
        "entered": reverse("api:put_entered", args=[slug, ANY_ID]).replace(str(ANY_ID), "{id}"),
        "shelters": reverse("shelters", args=[slug]),
        "log": reverse("log", args=[slug]),
        "login": f"{reverse('account_login')}?next={here}",
    }


def _of_place(name: str) -> str:
    """An operation on one feature, for TypeScript to fill `{slug}` and `{id}`."""
    found = reverse(f"api:{name}", args=[ANY_SLUG, ANY_FEATURE])
    return found.replace(ANY_SLUG, "{slug}").replace(ANY_FEATURE, "{id}")
