"""Numbers of reports: what is counted, that everything adds up, and how long it took."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import Point

from gspace import vocabulary
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions, hours
from reports.models import Report
from reports.numbers import numbers
from reports.payload import HqEdit
from reports.statuses import NOT_COUNTED
from tests import builders

pytestmark = pytest.mark.django_db
MUNICIPALITIES = ("", "431010", "431028", "431001", "434434", "432024")
START = datetime(2016, 4, 14, 12, 40, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def some(incident: Incident, count: int, seed: int) -> list[Report]:
    """Rows of every kind, of which half lie within three days."""
    dice = random.Random(seed)
    made: list[Report] = []
    for n in range(count):
        status = dice.choice(vocabulary.codes("status")) if made else "received"
        made.append(
            Report(
                id=uuid.UUID(int=dice.getrandbits(128), version=4),
                incident=incident,
                author_key="device:x",
                body_sha256="0",
                receipt=f"{n:05}",
                category=dice.choice(vocabulary.codes("category")),
                severity=dice.choice(vocabulary.codes("severity")),
                status=status,
                merged_into=made[0] if status == "duplicate" else None,
                municipality_code=dice.choice(MUNICIPALITIES),
                geometry=dice.choice([None, Point(130.7, 32.8), Point(130.8, 32.9)]),
                received_at=START + timedelta(seconds=dice.expovariate(1 / 50_000)),
                accepted_at=None,
            )
        )
    return Report.objects.bulk_create(made)


@pytest.mark.parametrize("filters", [{}, {"severity": "critical,minor"}, {"needs_place": "1"},
                                     {"status": "rejected,received"}], ids=str)  # fmt: skip
@pytest.mark.parametrize("seed", [1, 2])
def test_every_breakdown_adds_up(seed: int, filters: dict[str, str]) -> None:
    incident = builders.make_incident()
    reports = some(incident, 300, seed)
    found = numbers(incident, "hq", filters)
    kept = [r for r in reports if passes(r, filters)]
    counted = kept if "status" in filters else [r for r in kept if r.status not in NOT_COUNTED]
    total = found["total"]
    assert total == len(counted)
    assert found["received"] == len(kept) == total + sum(found["left_out"].values())
    for name in ("category", "severity", "status", "municipality"):
        assert sum(one["total"] for one in found[name]) == total, name
        assert sum(one["open"] for one in found[name]) == found["open"], name
    assert all(sum(c["severity"].values()) == c["total"] for c in found["category"])
    assert all(sum(w["total"] for w in a["wards"]) in (0, a["total"])
               for a in found["municipality"])  # fmt: skip
    assert sum(bar["total"] for bar in found["hours"]["items"]) == total
    for bar in found["hours"]["items"]:
        inside = [r for r in counted if bar["since"] <= r.received_at.isoformat() < bar["until"]]
        assert bar["severity"] == {c: n for c, n in bar["severity"].items()
                                   if n == sum(r.severity == c for r in inside)}  # fmt: skip
    for stage in found["response"]:
        assert stage["done"] + stage["waiting"] + stage["unmeasured"] == total
    assert found["without_place"] == sum(r.geometry is None for r in counted)
    assert Counter({s["code"]: s["total"] for s in found["status"]}) == Counter(
        r.status for r in counted
    )


def passes(report: Report, filters: dict[str, str]) -> bool:
    return (
        report.severity in filters.get("severity", report.severity).split(",")
        and report.status in filters.get("status", report.status).split(",")
        and (report.geometry is None or "needs_place" not in filters)
    )


def test_a_city_counts_with_its_wards() -> None:
    incident = builders.make_incident()
    for code in ("431010", "431028", "431028", "431001", "434434"):
        ident = builders.make_report(incident)
        Report.objects.filter(id=ident).update(municipality_code=code)
    areas = {area["code"]: area for area in numbers(incident, "hq", {})["municipality"]}
    assert {code: area["total"] for code, area in areas.items()} == {"431001": 4, "434434": 1}
    wards = {ward["code"]: ward["total"] for ward in areas["431001"]["wards"]}
    assert wards == {"431001": 1, "431010": 1, "431028": 2}
    assert areas["434434"]["wards"] == []


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def worked() -> Callable[..., Any]:
    """A report that came in at START and whose status became `steps` after so many minutes."""
    incident = builders.make_incident(demo=True)
    hq = builders.operator(incident)

    def run(steps: dict[str, float], **more: Any) -> Report:
        ident = builders.make_report(incident, **more)
        Report.objects.filter(id=ident).update(received_at=START)
        for version, (status, minutes) in enumerate(steps.items(), start=1):
            edit = HqEdit(status=status, reason="x")
            actions.report_change(report_id=ident, edit=edit, seen=version, by=hq, now=at(minutes))
        return Report.objects.get(id=ident)

    run.incident = incident  # type: ignore[attr-defined]
    return run


def stages(incident: Incident, **filters: str) -> dict[str, tuple]:
    found = numbers(incident, "hq", filters)["response"]
    return {s["to"]: (s["done"], s["waiting"], s["median_s"], s["p90_s"]) for s in found}


def test_how_long_it_took(worked: Any) -> None:
    worked({})
    worked({"verified": 10})
    worked({"verified": 20, "in_progress": 30, "resolved": 60})
    worked({"resolved": 30})
    assert stages(worked.incident) == {
        "accepted": (3, 1, 20 * 60, pytest.approx(28 * 60)),
        "verified": (3, 1, 20 * 60, pytest.approx(28 * 60)),
        "resolved": (2, 2, 45 * 60, pytest.approx(57 * 60)),
    }


def test_what_was_taken_back_counts_from_its_last_time(worked: Any) -> None:
    worked({"verified": 10, "received": 12, "in_progress": 40})
    assert stages(worked.incident)["verified"] == (1, 0, 40 * 60, 40 * 60)


def test_a_word_added_afterwards_does_not_make_it_slower(worked: Any) -> None:
    done = worked({"verified": 10, "resolved": 30})
    hq = builders.operator(worked.incident)
    edit = HqEdit(comment_hq="後で")
    actions.report_change(report_id=done.id, edit=edit, seen=3, by=hq, now=at(900))
    assert stages(worked.incident)["resolved"] == (1, 0, 1800, 1800)


def test_what_came_as_verified_is_told_apart(worked: Any) -> None:
    done = worked({})
    Report.objects.filter(id=done.id).update(status="verified")
    # changed without the clock of an action, as an import does
    from reports.models import ReportEvent  # type: ignore[attr-defined]

    ReportEvent.objects.all().delete()
    stage = numbers(worked.incident, "hq", {})["response"][1]
    assert (stage["done"], stage["waiting"], stage["unmeasured"]) == (0, 0, 1)
    assert stage["median_s"] is None


def test_a_real_incident_goes_by_our_own_clock() -> None:
    incident = builders.make_incident()
    ident = builders.make_report(incident)
    edit = HqEdit(status="verified")
    hq = builders.operator(incident)
    actions.report_change(report_id=ident, edit=edit, seen=1, by=hq)
    (_, verified, _) = numbers(incident, "hq", {})["response"]
    assert (verified["done"], verified["waiting"]) == (1, 0)
    assert 0 <= verified["median_s"] < 60


@pytest.mark.parametrize(
    ("span_h", "step_h"), [(0, 1), (90, 1), (200, 3), (500, 6), (2_000, 24), (90_000, 24 * 365)]
)
def test_bars_are_as_narrow_as_they_can_be(span_h: int, step_h: int) -> None:
    quarters = [(START, "critical", 3), (START + timedelta(hours=span_h), "minor", 2)]
    step, bars = hours.bars(quarters, TOKYO)
    assert step == step_h * 3600
    assert len(bars) <= hours.MOST_BARS
    assert (bars[0].total, sum(bar.total for bar in bars)) == (3 if span_h else 5, 5)
    assert all(a.until == b.since for a, b in zip(bars, bars[1:], strict=False))
    assert bars[0].since <= START < bars[0].until
    if step_h >= 24:
        assert {bar.since.astimezone(TOKYO).hour for bar in bars} == {0}


def test_bars_add_up_where_a_clock_is_put_back() -> None:
    zone = ZoneInfo("Europe/Berlin")
    night = datetime(2026, 10, 24, 20, tzinfo=UTC)
    quarters = [(night + timedelta(minutes=15 * n), "minor", 1) for n in range(60)]
    step, bars = hours.bars(quarters, zone)
    assert step == hours.HOUR
    assert [bar.total for bar in bars] == [4] * 15


def test_a_bad_filter_is_named() -> None:
    with pytest.raises(Problem) as refused:
        numbers(builders.make_incident(), "hq", {"category": "volcano"})
    assert refused.value.field == "category"


def test_no_reports_at_all() -> None:
    found = numbers(builders.make_incident(), "hq", {})
    assert (found["total"], found["received"], found["hours"]["items"]) == (0, 0, [])
    assert {s["total"] for s in found["status"]} == {0}
    assert not {s["code"] for s in found["status"]} & set(NOT_COUNTED)
    assert set(found["definitions"]) >= {"total", "open", "hours", "response"}
