"""The log as the page shows it: filters as a person types them, lines with their local times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from frontend.log_form import local_time
from gspace.models import Incident
from gspace.problems import Problem
from reports import log

# written down later than this, the line says when
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Line:
    """said: as reports.log tells it. day: the first of its day; written: where that was later."""

    said: dict[str, Any]
    at: datetime
    day: bool
    written: datetime | None


@dataclass(frozen=True)
class Listed:
    """asked: the filters as typed. more: to go on from the last line; "" at the end."""

    asked: dict[str, str]
    lines: list[Line]
    more: str

    @property
    def filtered(self) -> bool:
        return any(self.asked.get(name) for name in log.FILTERS if name not in ("order", "limit"))


def listed(incident: Incident, query: QueryDict) -> Listed:
    """Raises Problem invalid for a filter that makes no sense."""
    asked = {name: query[name].strip() for name in log.FILTERS if query.get(name, "").strip()}
    filters: dict[str, Any] = dict(asked)
    for name in ("since", "until"):
        if name in asked:
            filters[name] = _moment(asked[name], name, incident)
    found = log.page(incident, filters)
    zone = ZoneInfo(incident.time_zone)
    return Listed(asked, lines(found["items"], zone), found["cursor"] or "")


def lines(items: list[dict[str, Any]], zone: ZoneInfo) -> list[Line]:
    made: list[Line] = []
    for said in items:
        at, written = (
            timezone.localtime(datetime.fromisoformat(said[name]), zone)
            for name in ("at", "written_at")
        )
        first = not made or made[-1].at.date() != at.date()
        made.append(Line(said, at, first, written if written - at > LATE else None))
    return made


def _moment(text: str, field: str, incident: Incident) -> str:
    try:
        return local_time(text, incident).isoformat()
    except ValueError:
        raise Problem("invalid", _("A date and time is expected."), field=field) from None
