"""`/publish/links/`: tiles of the public portal that lead to other people's maps."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontend import publishing
from frontend.own_links import LinkForm, own_links
from frontend.views.publish.frame import publisher
from gspace.access import Caller
from layers import actions


@require_http_methods(["GET", "HEAD", "POST"])
@publisher
def links(request: HttpRequest, caller: Caller) -> HttpResponse:
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        publishers=publishing.publishers(caller),
        incidents=publishing.incidents(caller),
        language=get_language() or "ja",
    )
    if form.is_valid():
        link = actions.link_create(by=caller, **form.words())
        messages.success(request, _("“{title}” is on the portal.").format(title=link.title))
        return redirect("publish_links")
    context = {"form": form, "links": own_links(caller)}
    status = 422 if form.errors else 200
    return render(request, "frontend/publish_links.html", context, status=status)


@require_POST
@publisher
def link_withdraw(request: HttpRequest, caller: Caller, link_id: uuid.UUID) -> HttpResponse:
    actions.link_withdraw(link_id=link_id, by=caller)
    messages.success(request, _("The link is withdrawn."))
    return redirect("publish_links")
