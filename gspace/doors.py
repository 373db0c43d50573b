"""What every HTTP door shares: who is calling, CSRF for cookies, problems as answers."""

from __future__ import annotations

import json
import logging
import time
from inspect import iscoroutinefunction
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware
from ninja import NinjaAPI
from ninja.errors import ValidationError as NinjaValidationError
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem

log = logging.getLogger("gspace.doors")
SAFE = {"GET", "HEAD", "OPTIONS"}


def caller(request: HttpRequest) -> Caller:
    """Ninja's auth callable for every operation: whoever it is, also nobody.

    A cookie is sent by the browser on its own, so it may change things only with a CSRF token; a
    bearer token is proof enough.
    """
    who = access.caller_from_request(request)
    by_cookie = not request.headers.get("Authorization", "")
    if by_cookie and who.key and request.method not in SAFE:
        _check_csrf(request)
    if who.device:
        device_seen(who.device)
    return who


class _Csrf(CsrfViewMiddleware):
    """Django's check with the reason as its answer, instead of an HTML page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _check_csrf(request: HttpRequest) -> None:
    check = _Csrf(lambda _: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check.process_request(request)
    if reason := check.process_view(request, lambda: None, (), {}):
        raise Problem("csrf_failed", str(reason))


# device -> when this process last wrote it; only spares the statement, the row decides
_last_seen: dict[str, float] = {}


def device_seen(device: str) -> None:
    """At most one write a minute and device: HQ wants to know who was last heard when."""
    if time.monotonic() - _last_seen.get(device, -60) < 60:
        return
    _last_seen[device] = time.monotonic()
    sql = """UPDATE gspace_device SET last_seen_at = %(now)s WHERE id = %(id)s
      AND (last_seen_at IS NULL OR last_seen_at < %(now)s - interval '1 minute')"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": device, "now": timezone.now()})


def signed_in(request: HttpRequest) -> Caller:
    """The caller of this request. Raises Problem not_signed_in for nobody."""
    who = access.caller_from_request(request)
    if not who.key:
        raise Problem("not_signed_in")
    return who


def incident_of(slug: str) -> Incident:
    found = Incident.objects.filter(slug=slug).first()
    if found is None:
        raise Problem("incident_unknown", field="incident")
    return found


def body_as(model: type[BaseModel], request: HttpRequest) -> Any:
    """The JSON body checked against a model; the problem names the field at fault."""
    try:
        return model.model_validate(json_body(request.body))
    except ValidationError as error:
        raise invalid(error) from None


def json_body(raw: bytes) -> Any:
    """JSON as RFC 8259, plus NaN (sensors send it; the models turn it into null)."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise Problem("invalid", f"Not JSON: {reason}", field="body") from None


def invalid(error: ValidationError) -> Problem:
    """The first fault as the problem, all of them in `errors`."""
    found = [
        {"field": ".".join(str(part) for part in e["loc"]) or "body", "message": e["msg"]}
        for e in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    time = any("offset" in item["message"] for item in found[:1])
    first = found[0]
    code = "time_without_offset" if time else "invalid"
    return Problem(code, first["message"], field=first["field"], errors=found)


# what Django itself answers, before or beside the handlers
PLAIN = {400: "invalid", 404: "not_found", 405: "method_unknown", 500: "failed"}
API_ROOT = "/api/v1/"


@sync_and_async_middleware
def problems_of_the_api(get_response: Any) -> Any:
    """Middleware: under /api/v1/ an unknown address or method is problem+json, too, not HTML."""

    def put_right(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
        code = PLAIN.get(answer.status_code)
        kind = answer.headers.get("Content-Type", "")
        if code is None or "json" in kind or not request.path.startswith(API_ROOT):
            return answer
        told = Problem(code).response()
        if allowed := answer.headers.get("Allow"):
            told["Allow"] = allowed
        return told

    async def awaited(request: HttpRequest) -> HttpResponseBase:
        return put_right(request, await get_response(request))

    def called(request: HttpRequest) -> HttpResponseBase:
        return put_right(request, get_response(request))

    return awaited if iscoroutinefunction(get_response) else called


def answer_problems(api: NinjaAPI) -> None:
    """One error shape for the whole API."""

    def told(request: HttpRequest, problem: Problem) -> HttpResponse:
        return problem.response()

    def not_valid(request: HttpRequest, error: NinjaValidationError) -> HttpResponse:
        places = [".".join(str(p) for p in e["loc"][1:]) for e in error.errors]
        first = error.errors[0]["msg"] if error.errors else ""
        return Problem("invalid", first, field=places[0] if places else None).response()

    def busy(request: HttpRequest, error: Exception) -> HttpResponse:
        log.warning("database: %s", error)
        return Problem("busy").response()

    api.exception_handler(Problem)(told)
    api.exception_handler(NinjaValidationError)(not_valid)
    api.exception_handler(OperationalError)(busy)
    api.exception_handler(PoolTimeout)(busy)


def geojson(text: str, *, status: int = 200, etag: str = "") -> HttpResponse:
    """A GeoJSON answer; never kept by shared caches, as it depends on who asks."""
    answer = HttpResponse(text, status=status, content_type="application/geo+json")
    answer["Cache-Control"] = "private, no-store"
    if etag:
        answer["ETag"] = etag
    return answer


def as_json(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/json")
    answer["Cache-Control"] = "private, no-store"
    return answer
