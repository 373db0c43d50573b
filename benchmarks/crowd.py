"""One incident with 200,000 varied reports, for whoever measures in it; made once a run."""

from __future__ import annotations

from benchmarks import geojson
from benchmarks.report_body import report_body
from benchmarks.scratch import Site, opened

INCIDENT = "bench-crowd"
REPORTS = 200_000


def fill(site: Site) -> None:
    """REPORTS reports, as varied copies of one that came in really: most of them in towns, some
    without a place, a third of them released."""
    from django.db import connection

    from gspace import access
    from gspace.models import Incident
    from reports.actions import report_receive
    from reports.models import Report
    from reports.payload import ReportIn

    if Incident.objects.filter(slug=INCIDENT).exists():
        return
    ident = "00000000-0000-4000-8000-00000000000f"
    opened(INCIDENT)
    body = ReportIn.model_validate_json(report_body(INCIDENT, photos=[]))
    report_receive(report_id=ident, body=body, by=access.caller_from_token(site.token))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(geojson._copies(Report._meta.db_table, VARIED), [REPORTS - 1, ident])
        cursor.execute("VACUUM ANALYZE")


def _one_of(*values: str) -> str:
    listed = ", ".join("'" + value + "'" for value in values)
    return f"(ARRAY[{listed}])[1 + (random() * {len(values)} - 0.5)::integer %% {len(values)}]"


SAID = (
    "水が出ません", "断水しています", "停電のまま", "ｶﾞｽの臭いがする", "家が倒壊", "橋が落ちた",
    "通行止めです", "人が閉じ込められている", "土砂で道がふさがれている", "異常なし",
)  # fmt: skip
WHERE = (
    "健軍本町", "西原村の入口", "益城町役場の前", "阿蘇大橋のたもと", "水前寺公園", "白川沿い",
    "小学校の体育館", "国道57号", "熊本駅の東口", "田んぼの中",
)  # fmt: skip
# twenty towns, each a kilometre or two wide, and a third of them anywhere
TOWNS = """ST_SetSRID(CASE WHEN random() < 0.35
  THEN ST_MakePoint(130.6 + random() * 0.4, 32.6 + random() * 0.4)
  ELSE ST_MakePoint(130.62 + n %% 20 %% 5 * 0.09 + (random() + random() - 1) * 0.03,
    32.62 + n %% 20 / 5 * 0.09 + (random() + random() - 1) * 0.02) END, 4326)"""
VARIED = {
    "id": "md5('find ' || n)::uuid",
    "receipt": "lpad(to_hex(n), 6, '0')",
    "received_at": "'2016-04-16T02:00:00+09:00'::timestamptz + n * interval '1 second'",
    "geometry": f"CASE WHEN random() > 0.02 THEN {TOWNS} END",
    "category": _one_of("water_cut", "road_blocked", "building", "power", "gas", "bridge"),
    "severity": _one_of("critical", "serious", "moderate", "minor", "unknown"),
    "release": _one_of("none", "none", "public"),
    "status": _one_of("received", "received", "verified", "resolved"),
    "comment": f"{_one_of(*WHERE)} || 'で' || {_one_of(*SAID)} || '。' || {_one_of(*SAID)} || n",
}
