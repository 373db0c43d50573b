"""An incident as large as a desk must bear, built by SQL: varied copies of one report."""

from __future__ import annotations

from django.db import connection

REPORTS = 200_000
# towns of the Kumamoto plain and the mountains around: (lon, lat)
TOWNS = (
    "(130.741, 32.790)", "(130.708, 32.803)", "(130.811, 32.791)", "(130.764, 32.886)",
    "(130.903, 32.835)", "(131.121, 32.952)", "(130.602, 32.507)", "(130.688, 32.689)",
)  # fmt: skip
SAID = (
    "水が出ません", "断水しています", "停電のまま", "ガスの臭いがする", "家が倒壊", "橋が落ちた",
    "通行止めです", "人が閉じ込められている", "土砂で道がふさがれている", "異常なし",
)  # fmt: skip


def fill(ident: str, number: int = REPORTS - 1, prefix: str = "large") -> None:
    """`number` copies of the report `ident`, of a week until now; 2 in 100 without a place.

    prefix: another one makes other ids and receipts.
    """
    # for copies, the model's one row: see there
    from benchmarks.geojson import _copies
    from reports.models import Report

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_copies(Report._meta.db_table, _varied(prefix)), [number, ident])
        cursor.execute("ANALYZE reports_report")
        cursor.execute("ANALYZE feed")


def _varied(prefix: str) -> dict[str, str]:
    place = f"""(SELECT ST_SetSRID(ST_MakePoint(
      lon + (random() + random() + random() - 1.5) * 0.12,
      lat + (random() + random() + random() - 1.5) * 0.1), 4326)
      FROM (VALUES {", ".join(TOWNS)}) town (lon, lat) OFFSET n %% {len(TOWNS)} LIMIT 1)"""
    return {
        "id": f"md5('{prefix} ' || n)::uuid",
        "receipt": f"upper(left(md5('{prefix}'), 2) || lpad(to_hex(n), 5, '0'))",
        "received_at": "now() - interval '7 days' * (1 - n / 200000.0) - interval '1 minute'",
        "geometry": f"CASE WHEN n %% 50 = 0 THEN NULL ELSE {place} END",
        "category": _of({"water_cut": 20, "road_blocked": 20, "building": 20, "power": 15, "gas": 5,
                         "bridge": 3, "landslide": 10, "rescue": 2, "fire": 5}),
        "severity": _of({"critical": 2, "serious": 18, "moderate": 30, "minor": 35, "unknown": 15}),
        "status": _of({"received": 10, "verified": 30, "in_progress": 15, "resolved": 35,
                       "rejected": 5, "duplicate": 5}),
        "accepted_at": "CASE WHEN random() < 0.98 THEN now() END",
        "comment": f"(ARRAY[{', '.join(map(_quoted, SAID))}])[1 + n %% {len(SAID)}] || n",
    }  # fmt: skip


def _of(weights: dict[str, int]) -> str:
    """One of these codes, each as often as it weighs; `+ 0 * n` so that each row draws anew."""
    drawn = [code for code, weight in weights.items() for _ in range(weight)]
    listed = ", ".join(map(_quoted, drawn))
    return f"(ARRAY[{listed}])[1 + floor(random() * {len(drawn)} + 0 * n)::int]"


def _quoted(text: str) -> str:
    return f"'{text}'"
