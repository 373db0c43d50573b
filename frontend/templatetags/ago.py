"""When something was last heard: the clock, and how long ago that is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from frontend.templatetags.words import DEFAULT_ZONE, when

register = template.Library()


@register.filter
def ago(moment: datetime, incident: Any = None) -> str:
    """`14:05 (3 min ago)`, `14:05（3分前）`; with its date once it is another day's."""
    now = timezone.now()
    zone = ZoneInfo(getattr(incident, "time_zone", None) or DEFAULT_ZONE)
    local = timezone.localtime(moment, zone)
    today = local.date() == timezone.localtime(now, zone).date()
    clock = f"{local:%H:%M}" if today else when(moment, incident)
    distance = _distance(now - moment)
    return gettext("{time} ({ago})").format(time=clock, ago=distance) if distance else clock


def _distance(age: timedelta) -> str:
    """In words up to a day; beyond, the date says more."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("{n} min ago", "{n} min ago", minutes).format(n=minutes)
    hours = minutes // 60
    return ngettext("{n} h ago", "{n} h ago", hours).format(n=hours) if hours < 24 else ""
