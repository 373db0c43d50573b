"""What the layers' handlers answer with."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from gspace.doors import as_json


def answer(value: Any, *, status: int = 200) -> HttpResponse:
    """JSON; moments as in RFC 3339."""
    found = as_json(json.dumps(value, default=_plain, ensure_ascii=False))
    found.status_code = status
    return found


def _plain(value: Any) -> str:
    return str(value.isoformat())
