"""The table of the plain Django REST framework service: as wide and as indexed as ours."""

from __future__ import annotations

import json
import random
import uuid

TABLE = "bench_drf_report"


def create() -> None:
    """Same columns, indexes, checks and generated column; none of our triggers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (LIKE reports_report INCLUDING ALL)")


def body() -> bytes:
    """The same report in the form a ModelSerializer takes it: one member per column."""
    lon, lat = 130.7 + random.random() * 0.2, 32.7 + random.random() * 0.2
    report = {
        "id": str(uuid.uuid4()),
        "incident": 1,
        "category": "road_blocked",
        "severity": "serious",
        "comment": "土砂で片側が通れません。手前で折り返してください。",
        "captured_at": "2016-04-16T02:11:00+09:00",
        "sent_at": "2016-04-16T02:11:20+09:00",
        "accuracy_m": 12,
        "bearing_deg": 123.0,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }
    return json.dumps(report, ensure_ascii=False).encode()
