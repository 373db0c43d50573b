"""The body every benchmark sends: what a phone says about one blocked road."""

from __future__ import annotations

import json
import random
from typing import Any


def report_body(incident: str, **more: Any) -> bytes:
    """JSON of PUT /reports/{uuid}, somewhere around Kumamoto."""
    place = {"lon": 130.7 + random.random() * 0.2, "lat": 32.7 + random.random() * 0.2}
    fix = {**place, "accuracy_m": 12, "fixed_at": "2016-04-16T02:10:50+09:00"}
    body = {
        "incident": incident,
        "category": "road_blocked",
        "severity": "serious",
        "comment": "土砂で片側が通れません。手前で折り返してください。",
        "captured_at": "2016-04-16T02:11:00+09:00",
        "sent_at": "2016-04-16T02:11:20+09:00",
        "device_fix": fix,
        "bearing_deg": 123.0,
        "photos": [],
    }
    return json.dumps({**body, **more}, ensure_ascii=False).encode()
