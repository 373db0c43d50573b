"""`/i/<incident>/layers/<slug>.atom`: what is new in a layer, for readers and programs."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontend import queries
from frontend.asked import for_everybody
from frontend.atom import GeoAtom, Pages, plain, tag
from frontend.page_number import whole_number
from frontend.views.devices import address
from gspace import vocabulary
from gspace.models import Incident
from gspace.problems import Problem
from layers import hours
from layers.downloads import Taken
from layers.latest import Told, latest
from layers.models import Layer

PAGES = 99_999


@require_safe
@for_everybody
def atom(request: HttpRequest, slug: str, layer_slug: str) -> HttpResponse:
    try:
        incident = queries.incident(slug)
        layer = queries.public_layer(incident, layer_slug)
        number = _number(request)
    except Problem as problem:
        return problem.response()
    taken = Taken(layer, "public")
    etag = f'{taken.etag[:-1]}-{number}-{get_language()}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        text = _feed(request, incident, taken, number).writeString("utf-8")
        answer = HttpResponse(text, content_type=GeoAtom.content_type)
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=5"
    return answer


def _number(request: HttpRequest) -> int:
    number = whole_number(request.GET.get("page", "1"), PAGES)
    if number is None:
        raise Problem("invalid", "page is a whole number from 1.", field="page")
    return number


def _feed(request: HttpRequest, incident: Incident, taken: Taken, number: int) -> GeoAtom:
    layer, about = taken.layer, taken.about
    told, total = latest(layer, "public", number, settings.LIMIT_ATOM_ENTRIES)
    pages = _pages(request, incident, layer, number, total)
    newest = told[0].told_at if told else layer.created_at
    english = (get_language() or "ja") == "en"
    feed = GeoAtom(
        title=plain(_titled(incident, layer, english=english)),
        link=pages.about,
        description="",
        subtitle=plain(_subtitle(about)),
        feed_url=pages.here,
        feed_guid=tag(layer),
        author_name=plain(layer.publisher.name),
        feed_copyright=plain(_rights(about)),
        categories=[layer.kind],
        language=get_language(),
        pages=pages,
        stands_at=newest,
    )
    for one in told:
        _add(feed, one, layer, pages.about)
    return feed


def _pages(
    request: HttpRequest, incident: Incident, layer: Layer, number: int, total: int
) -> Pages:
    here = address(request, reverse("layer_atom", args=[incident.slug, layer.slug]))
    language = request.GET.get("lang", "")
    lang = f"&lang={language}" if language in dict(settings.LANGUAGES) else ""
    at = lambda n: f"{here}?page={n}{lang}"  # noqa: E731
    more = number * settings.LIMIT_ATOM_ENTRIES < total
    return Pages(
        here=at(number) if number > 1 or lang else here,
        first=at(1),
        before=at(number - 1) if number > 1 else "",
        after=at(number + 1) if more else "",
        about=address(request, reverse("public_layer", args=[incident.slug, layer.slug])),
        source=layer.source_url,
    )


def _titled(incident: Incident, layer: Layer, *, english: bool) -> str:
    title = (english and layer.title_en) or layer.title
    if incident.demo:
        return _("[Demo, not current] {title}").format(title=title)
    if incident.state == "drill":
        return _("[Drill] {title}").format(title=title)
    return title


def _subtitle(about: dict[str, Any]) -> str:
    parts = [
        _("Source: {source}").format(source=about["source_name"] or _("not given")),
        _("as of {time}").format(time=about["source_as_of"] or _("not given")),
        about["coverage"],
    ]
    return " / ".join(part for part in parts if part)


def _rights(about: dict[str, Any]) -> str:
    reuse = {True: _("may be reused"), False: _("may not be reused")}.get(about["reuse"])
    parts = [about["attribution"], about["licence"], reuse]
    return " / ".join(part for part in parts if part) or _("Licence not given")


def _add(feed: GeoAtom, one: Told, layer: Layer, about: str) -> None:
    said = one.feature["properties"]
    feature_id = str(one.feature["id"])
    feed.add_item(
        title=plain(_entry_title(said, layer)),
        link=about,
        description=plain(_entry_words(said)),
        unique_id=tag(layer, feature_id),
        updateddate=one.told_at,
        pubdate=None,
        author_name=plain(said["source_name"] or layer.publisher.name),
        item_copyright=plain(said["licence"] or "") or None,
        categories=[layer.kind],
        geometry=one.feature["geometry"],
    )


def _entry_title(said: dict[str, Any], layer: Layer) -> str:
    language = get_language() or "ja"
    english = language == "en"
    kind = vocabulary.label("layer_kind", layer.kind, language)
    name = (english and said["name_en"]) or said["name"] or kind
    words = [_state(layer.kind, field, said, language) for field in ("operation", "traffic")]
    words.append(_state(layer.kind, "congestion", said, language))
    told = ", ".join(word for word in words if word)
    return f"{name}: {told}" if told else str(name)


def _state(kind: str, field: str, said: dict[str, Any], language: str) -> str:
    codes, code = vocabulary.STATES.get(kind, {}).get(field), said["state"].get(field)
    if not codes or not code:
        return ""
    try:
        return vocabulary.label(codes, code, language)
    except KeyError:
        return str(code)


def _entry_words(said: dict[str, Any]) -> str:
    state = said["state"]
    lines = [
        said["address"],
        _hours(state.get("hours")),
        state.get("note"),
        _("People: {n}").format(n=state["persons"]) if state.get("persons") is not None else None,
        _("Checked {time}").format(time=state["checked_at"]) if state.get("checked_at") else None,
        _("Sources disagree.") if said["conflict"] else None,
        _("The place is estimated.") if said["estimated"] else None,
        _("Source: {source}").format(source=said["source_name"] or _("not given")),
        _("as of {time}").format(time=said["source_as_of"]) if said["source_as_of"] else None,
        _("Published by {who}").format(who=said["publisher"]),
    ]
    return "\n".join(line for line in lines if line)


def _hours(said: Any) -> str:
    return hours.plain(said if isinstance(said, str) else json.dumps(said)) if said else ""
