"""`/health/live`: the process answers. `/health/ready`: it can do its work."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gspace import disk


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """503 when the database is out of reach; a full disk is told but keeps accepting words."""
    found = {"database": _database(), "disk": "full" if disk.is_full() else "ok"}
    found["status"] = "ready" if found["database"] == "ok" else "not ready"
    return JsonResponse(found, status=200 if found["database"] == "ok" else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM feed LIMIT 1")
    except (Error, PoolTimeout):
        return "out of reach"
    return "ok"
