"""`/hq/<incident>/devices/`: headquarters invites phones, sees who joined, and locks phones out."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frontend import devices as rows
from frontend import queries
from frontend.invite_form import InviteForm
from frontend.views.headquarters import to_sign_in
from frontend.views.refusals import page
from gspace import access, actions
from gspace.checks import is_loopback
from gspace.models import Incident
from gspace.problems import Problem

Managed = Callable[..., HttpResponse]


def managed(view: Managed) -> Managed:
    """Calls view(request, incident, ids of the caller's own headquarters in it, ...)."""

    @functools.wraps(view)
    def run(request: HttpRequest, slug: str, **rest: object) -> HttpResponse:
        caller = access.caller_from_request(request)
        incident = queries.incident(slug)
        if not caller.key:
            return to_sign_in(request, reverse("devices", args=[slug]))
        mine = access.device_organisations(caller, incident)
        if not mine:
            raise Problem("not_allowed")
        return view(request, incident, mine, **rest)

    return run


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
@managed
def devices(request: HttpRequest, incident: Incident, mine: set[int]) -> HttpResponse:
    organisations = rows.organisations(mine)
    sent = request.POST if request.method == "POST" else None
    form = InviteForm(sent, organisations=organisations)
    if form.is_valid():
        return _made(request, incident, form)
    context = {
        "incident": incident,
        "form": form,
        "several": len(organisations) > 1,
        "invites": rows.open_invites(mine),
        "joined": rows.joined(mine),
    }
    return render(request, "frontend/devices.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, incident: Incident, form: InviteForm) -> HttpResponse:
    """The one page that shows the code: it answers the making, as nothing keeps the code."""
    invite, code = actions.invite_create(**form.words())
    link = address(request, reverse("join", args=[code]))
    context = {
        "incident": incident,
        "invite": invite,
        "link": link,
        "form_link": address(request, reverse("phone")),
        "qr": qr(link),
        "only_here": is_loopback(urlsplit(link).hostname or ""),
    }
    return render(request, "frontend/invitation.html", context)


def address(request: HttpRequest, path: str) -> str:
    """What phones type: the configured site; where none is, the address of this very request."""
    if is_loopback(urlsplit(settings.SITE_URL).hostname or ""):
        return request.build_absolute_uri(path)
    return settings.SITE_URL.rstrip("/") + path


def qr(text: str) -> SafeString:
    """Black on white with its quiet zone, whatever the theme; level M stands a crease."""
    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return mark_safe(svg)  # noqa: S308


@never_cache
@require_POST
@page
@managed
def invite_revoke(
    request: HttpRequest, incident: Incident, mine: set[int], invite_id: int
) -> HttpResponse:
    invite = rows.invite(mine, invite_id)
    actions.invite_revoke(invite=invite)
    said = _("The invitation “{label}” is revoked. Phones that joined with it stay.")
    messages.success(request, said.format(label=invite))
    return redirect("devices", slug=incident.slug)


@never_cache
@require_POST
@page
@managed
def device_revoke(
    request: HttpRequest, incident: Incident, mine: set[int], device_id: uuid.UUID
) -> HttpResponse:
    device = rows.device(mine, device_id)
    actions.device_revoke(device=device)
    messages.success(request, _("“{label}” is locked out.").format(label=device.label))
    return redirect("devices", slug=incident.slug)
