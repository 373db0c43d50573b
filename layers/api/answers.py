"""What the layers' handlers answer with."""

from __future__ import annotations

import json
from typing import Any

from django.core.files import File
from django.http import HttpResponse, StreamingHttpResponse

from gspace.access import Caller
from gspace.attachments import attachment
from gspace.doors import as_json
from gspace.problems import Problem
from layers import queries, sight
from layers.models import Layer


def answer(value: Any, *, status: int = 200) -> HttpResponse:
    """JSON; moments as in RFC 3339."""
    found = as_json(json.dumps(value, default=_plain, ensure_ascii=False))
    found.status_code = status
    return found


def download(content: File, name: str) -> StreamingHttpResponse:
    """Somebody's bytes as they are: never shown, never guessed at by a browser."""
    kind = "application/octet-stream"
    found = attachment(lambda: content, name=name, kind=kind, size=content.size)
    found["Cache-Control"] = "private, no-store"
    return found


def own_layer(slug: str, by: Caller) -> Layer:
    """A layer that the caller writes. Raises Problem layer_unknown, not_allowed."""
    layer, _ = queries.layer_for(slug, by)
    if not sight.is_own(by, layer.publisher_id):
        raise Problem("not_allowed")
    return layer


def known(feature_id: str) -> str:
    """A feature's id out of an address. Raises Problem feature_unknown."""
    if "\x00" in feature_id:
        raise Problem("feature_unknown")
    return feature_id


def _plain(value: Any) -> str:
    return str(value.isoformat())
