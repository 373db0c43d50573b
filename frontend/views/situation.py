"""`/hq/<incident>/situation/` and its numbered papers, `/hq/<incident>/wallmap/`."""

from __future__ import annotations

import math
import re
import unicodedata
import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from frontend import pdf, situation_paper
from frontend.desk_links import desk_query
from frontend.log_form import local_time
from frontend.views.devices import address, qr
from frontend.views.headquarters import at_headquarters
from frontend.views.refusals import page
from gspace import vocabulary
from gspace.access import Caller
from gspace.map_picture import Frame, sources
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions
from reports import situation_report as rows
from reports.situation_report import Draft
from reports.statuses import OPEN

OFFERED, TICKED = 40, 10
GRAVE = ("critical", "serious")
MOST_WORDS = 4000
# A3 landscape without its margins, in pixels of the drawing
WALL = (1480, 1080)
# a desk's map is about half as wide: so much further out it holds all that the paper shows
DESK_FURTHER_OUT = 1


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
@at_headquarters()
def situation(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    """Choose, look at it, issue it; works without scripts."""
    given = request.POST if request.method == "POST" else request.GET
    problem = draft = None
    if request.method == "POST":
        try:
            draft = _draft(incident, given)
        except Problem as found:
            if found.status != 422:
                raise
            problem = found
    if draft and "issue" in given:
        made = actions.situation_report_issue(
            incident=incident, draft=draft, by=caller, report_id=_uuid(given.get("id", ""))
        )
        messages.success(request, _("Issued as number {n}.").format(n=made.number))
        return redirect("situation_paper", slug=incident.slug, number=made.number)
    chosen = draft.chosen if draft else rows.features(incident, _chosen(given))
    context = _form(incident, given, problem, chosen)
    if draft:
        context |= situation_paper.context(incident, draft, None, caller.name, _language())
    return render(request, "frontend/situation.html", context, status=422 if problem else 200)


def _form(
    incident: Incident, given: QueryDict, problem: Problem | None, chosen: list[dict[str, Any]]
) -> dict[str, Any]:
    """chosen: stand first, also when they are resolved or many are worse."""
    known = {f["id"] for f in chosen}
    offered = chosen + [f for f in rows.suggested(incident, OFFERED) if f["id"] not in known]
    grave = [f["id"] for f in offered if f["properties"]["severity"] in GRAVE][:TICKED]
    return {
        "incident": incident,
        "problem": problem.body() if problem else None,
        "ident": _uuid(given.get("id", "")) or uuid.uuid4(),
        "offered": offered,
        "ticked": known if {"id", "reports"} & given.keys() else grave,
        # what was found stands ticked above; with a problem the words stay
        "codes": given.get("codes", "") if problem else "",
        "given": given,
        "issued": [
            {"number": p.number, "by": p.by_name, "issued_at": p.issued_at,
             "title": situation_paper.title_line(p.number, p.as_of, incident, _language())}
            for p in rows.issued(incident)
        ],
        "most": settings.LIMIT_SITUATION_REPORTS,
    }  # fmt: skip


def _draft(incident: Incident, given: QueryDict) -> Draft:
    words = {name: _words(given, name) for name in ("overview", "outlook")}
    chosen = list(dict.fromkeys([*_chosen(given), *_by_codes(incident, given)]))
    return rows.draft(
        incident, now=timezone.now(), chosen=chosen, words=words, box=given.get("bbox", ""),
        log_since=_since(given.get("log_since", ""), incident), language=_language(),
    )  # fmt: skip


def _chosen(given: QueryDict) -> list[uuid.UUID]:
    return [i for i in dict.fromkeys(map(_uuid, given.getlist("reports"))) if i]


def _by_codes(incident: Incident, given: QueryDict) -> list[uuid.UUID]:
    """Of receipt codes as people type them: full or half width, by commas, spaces or lines."""
    text = unicodedata.normalize("NFKC", _words(given, "codes")).upper()
    codes = [code for code in re.split(r"[\s,;、]+", text) if code]
    known = rows.by_receipts(incident, codes)
    if unknown := [code for code in dict.fromkeys(codes) if code not in known]:
        words = _("No report of this incident has the receipt code {codes}.")
        raise Problem("invalid", words.format(codes=", ".join(unknown)), field="codes")
    return [known[code] for code in codes]


def _words(given: QueryDict, name: str) -> str:
    # a form sends each line break as two characters, and counts it as one
    text = given.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    if len(text) > MOST_WORDS:
        raise Problem("invalid", _("This text is too long."), field=name)
    return text


def _since(value: str, incident: Incident) -> datetime | None:
    if not value.strip():
        return None
    try:
        return timezone.localtime(local_time(value, incident), ZoneInfo(incident.time_zone))
    except ValueError:
        raise Problem("invalid", _("A date and time is expected."), field="log_since") from None


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def _language() -> str:
    return get_language() or "ja"


@never_cache
@require_safe
@page
@at_headquarters()
def paper(request: HttpRequest, incident: Incident, caller: Caller, number: int) -> HttpResponse:
    """A situation report as it was issued; prints as A4."""
    found = rows.one(incident, number)
    context = situation_paper.context(
        incident, rows.as_draft(found), found.number, found.by_name, _language()
    )
    return render(request, "frontend/situation_paper.html", context | {"pdf": pdf.available()})


@never_cache
@require_safe
@page
@at_headquarters()
def paper_pdf(
    request: HttpRequest, incident: Incident, caller: Caller, number: int
) -> HttpResponse:
    """The same as a file, where the service can make one."""
    found = rows.one(incident, number)
    draft = rows.as_draft(found)
    context = situation_paper.context(incident, draft, found.number, found.by_name, _language())
    photos = {p["id"] for f in draft.chosen for p in f["properties"]["photos"]}
    html = render_to_string("frontend/situation_pdf.html", context, request)
    if (content := pdf.made(html, photos)) is None:
        raise Problem("pdf_missing")
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"{incident.slug}-{found.number:03}.pdf"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@never_cache
@require_safe
@page
@at_headquarters()
def wallmap(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    """The map for the wall: prints as A3 landscape. `bbox`: what it shows."""
    now = timezone.now()
    frame = Frame.around(rows.box_of(incident, request.GET.get("bbox", "")), *WALL)
    clusters, marks, outside, without = rows.picture_marks(incident, frame, now)
    content = {"picture": {"clusters": clusters}}
    desk = reverse("hq", args=[incident.slug])
    context = {
        "incident": incident,
        "title_line": situation_paper.as_of_line(now, incident, _language()),
        "picture": situation_paper.picture(
            frame, Draft(now, content, [], marks), incident, _language()
        ),
        "picture_sources": sources(frame),
        "outside": outside,
        "without_place": without,
        "open": sum(m["count"] for m in [*clusters, *marks]) + outside + without,
        "severities": vocabulary.terms("severity"),
        "categories": vocabulary.terms("category"),
        "live": address(request, desk),
        "qr": qr(address(request, f"{desk}?{_shown(frame)}")),
        "not_real": incident.demo or incident.state == "drill",
    }
    return render(request, "frontend/wallmap.html", context)


def _shown(frame: Frame) -> str:
    """What the wall map shows, as the desk's address says it: the open reports, this part."""
    zoom = max(0, math.floor(frame.zoom) - DESK_FURTHER_OUT)
    lon, lat = frame.middle
    return f"{desk_query({'status': ','.join(OPEN)})}&map={zoom}/{lat:.5f}/{lon:.5f}"
