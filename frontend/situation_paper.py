"""How a situation report and a wall map read: headings, the picture, legend."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gspace import era, map_picture, vocabulary
from gspace.map_picture import Frame
from gspace.models import Incident
from reports import situation_report
from reports.situation_report import Draft


def title_line(number: int | None, as_of: datetime, incident: Incident, language: str) -> str:
    """`第3報 令和8年7月28日 18時00分現在`; without a number it is a draft."""
    line = as_of_line(as_of, incident, language)
    if language.startswith("ja"):
        return f"{f'第{number}報' if number else '（案）'} {line}"
    return f"{f'No. {number}' if number else _('Draft')} – {line}"


def as_of_line(as_of: datetime, incident: Incident, language: str) -> str:
    """`令和8年7月28日 18時00分現在`, in the incident's zone."""
    local = timezone.localtime(as_of, ZoneInfo(incident.time_zone))
    if language.startswith("ja"):
        return era.as_of(local)
    return _("as of {time} on {date}").format(
        time=f"{local:%H:%M}", date=formats.date_format(local, "j F Y")
    )


def picture(frame: Frame, draft: Draft, incident: Incident, language: str) -> SafeString:
    """The map with the marks that are still there."""
    told = [*draft.content["picture"]["clusters"], *draft.marks]
    rank = list(vocabulary.codes("severity"))
    # the worst are drawn last, on top
    told.sort(key=lambda m: -rank.index(m["severity"]))
    marks = [situation_report.as_mark(mark, language) for mark in told]
    title = _("Map of the open reports: {incident}").format(incident=incident.name)
    drawn = map_picture.draw(frame, marks, language=language, title=title)
    return mark_safe(drawn)  # noqa: S308


def counted_categories(draft: Draft) -> list[dict[str, Any]]:
    return [
        {"code": code, "counted": counted, "open": still}
        for code, counted, still in draft.content["counts"]["category"]
    ]


def context(
    incident: Incident, draft: Draft, number: int | None, by: str, language: str
) -> dict[str, Any]:
    """What frontend/_situation_paper.html shows."""
    frame = situation_report.frame_of(draft.content)
    return {
        "incident": incident,
        "draft": draft,
        "content": draft.content,
        "number": number,
        "title_line": title_line(number, draft.as_of, incident, language),
        "by": by,
        "picture": picture(frame, draft, incident, language),
        "picture_sources": map_picture.sources(frame),
        "severities": vocabulary.terms("severity"),
        "categories": counted_categories(draft),
        "not_real": incident.demo or incident.state == "drill",
    }
