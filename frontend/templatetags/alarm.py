"""The alarm and the queue on pages of headquarters: what their script needs to know."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from gspace import access
from gspace.models import Incident

register = template.Library()


@register.inclusion_tag("frontend/_alarm.html", takes_context=True)
def hq_alarm(context: dict[str, Any]) -> dict[str, Any]:
    """For whoever has a desk at the page's incident; nothing on any other page."""
    request, incident = context.get("request"), context.get("incident")
    if request is None or not isinstance(incident, Incident) or not _at_desk(request.path):
        return {}
    caller = access.caller_from_request(request)
    audience = access.audience(caller, incident)
    if audience not in ("hq", "partner"):
        return {}
    return {"alarm_data": {
        "now": timezone.now().isoformat(),
        # partners read the queue and cannot accept: no alarm, as at the desk
        "after_s": settings.ALARM_AFTER_S if audience == "hq" else None,
        "patience": {
            "warn_min": settings.REVIEW_WARN_MIN,
            "alarm_min": settings.REVIEW_ALARM_MIN,
        },
        "area": access.default_area(caller, incident),
        "owner": f"{caller.key}.{incident.slug}",
        "language": get_language() or "en",
        "urls": {
            "reports": reverse("api:get_reports", args=[incident.slug]),
            "counts": reverse("api:get_counts", args=[incident.slug]),
            "desk": reverse("hq", args=[incident.slug]),
            "words": reverse("catalogue"),
        },
    }}  # fmt: skip


def _at_desk(path: str) -> bool:
    """Operators read public pages, too, and show them to others."""
    return path.startswith("/hq/")
