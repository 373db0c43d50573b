"""`/hq/<incident>/release/`: what headquarters releases without looking at each report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import ValidationError

from frontend.desk_links import desk_query
from frontend.views.headquarters import at_headquarters
from frontend.views.refusals import page
from gspace import vocabulary
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions, release
from reports.payload import RuleIn
from reports.releasing import ReleaseRule


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
@at_headquarters()
def release_rules(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    error = _saved(request, incident, caller) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return redirect("release_rules", slug=incident.slug)
    context = {
        "incident": incident,
        "rows": [(row, _desk(incident, row.rule)) for row in release.rules(incident)],
        "error": error,
        "given": request.POST,
        "categories": _but(vocabulary.codes("category"), release.NEVER_BY_RULE),
        "statuses": [c for c in vocabulary.codes("status") if c in release.RULED_STATUSES],
        "places": PLACES,
        "texts": TEXTS,
    }
    return render(request, "frontend/release_rules.html", context, status=422 if error else 200)


FIELDS = {
    "place": gettext_lazy("Place for the public"),
    "text": gettext_lazy("Text for the public"),
    "fixed_text": gettext_lazy("Fixed text"),
}
PLACES, TEXTS = ("rounded", "exact", "municipality"), ("none", "category", "fixed")


def _desk(incident: Incident, rule: ReleaseRule) -> str:
    """The desk with all reports of the rule's category and status: public ones are among them."""
    query = desk_query({}, category=rule.category, status=rule.status)
    return f"{reverse('hq', args=[incident.slug])}?{query}"


def _but(codes: tuple[str, ...], never: list[str]) -> list[str]:
    return [code for code in codes if code not in never]


def _saved(request: HttpRequest, incident: Incident, caller: Caller) -> str:
    """Save what was sent; why it cannot be, or nothing."""
    given = request.POST
    try:
        save = _save if "place" in given else _switch
        rule = save(incident, caller, given)
    except ValidationError as error:
        return _why(error)
    except Problem as problem:
        return str(problem.body()["detail"])
    waiting = release.waiting_for(rule).count()
    if not rule.enabled:
        messages.success(request, _("The rule is off. What was public by it is taken back."))
    elif waiting:
        messages.success(request, _("The rule holds from now on. Older reports are as they were."))
    else:
        messages.success(request, _("The rule holds from now on."))
    return ""


def _why(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "too_long":
        return _("The text may have 500 characters at most.")
    field = FIELDS[str(first["loc"][0])]
    return _("This cannot be taken: {field}.").format(field=field)


def _save(incident: Incident, caller: Caller, given: QueryDict) -> ReleaseRule:
    said = RuleIn.model_validate(_rule(given))
    return actions.rule_save(
        incident=incident,
        category=given.get("category", ""),
        status=given.get("status", ""),
        by=caller,
        **said.model_dump(),
    )


def _switch(incident: Incident, caller: Caller, given: QueryDict) -> ReleaseRule:
    """What it says stays as it is by now, whatever the page said that was looked at."""
    return actions.rule_switch(
        incident=incident,
        category=given.get("category", ""),
        status=given.get("status", ""),
        enabled=given.get("enabled") != "0",
        by=caller,
    )


def _rule(given: QueryDict) -> dict[str, Any]:
    return {
        "place": given.get("place", "rounded"),
        "text": given.get("text", "none"),
        # browsers send CRLF, and count one character in the field
        "fixed_text": given.get("fixed_text", "").replace("\r\n", "\n"),
        "enabled": given.get("enabled") != "0",
    }


@never_cache
@require_POST
@page
@at_headquarters("release_rules")
def release_apply(
    request: HttpRequest, incident: Incident, caller: Caller, category: str, status: str
) -> HttpResponse:
    n = actions.rule_apply(incident=incident, category=category, status=status, by=caller)
    told = ngettext("{n} report is public now.", "{n} reports are public now.", n)
    messages.success(request, told.format(n=n))
    return redirect("release_rules", slug=incident.slug)
