"""report_receive: stored exactly once, acknowledged after the commit."""

from __future__ import annotations

import json
import uuid

import pytest

from gspace.models import FeedEntry
from gspace.problems import Problem
from reports import actions, receipts
from reports.models import Report
from reports.payload import ReportIn
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident():
    return builders.make_incident()


def receive(incident, ident, by, **more):
    body = ReportIn.model_validate(builders.report_body(incident, **more))
    return actions.report_receive(report_id=ident, body=body, by=by)


def test_it_works(incident) -> None:
    by, _ = builders.device(incident)
    received = receive(incident, uuid.uuid4(), by)
    feature = json.loads(received.feature)
    told = feature["properties"]
    assert received.created
    assert feature["geometry"] == {"type": "Point", "coordinates": [130.75, 32.79]}
    assert told["positions"]["chosen"] == "device"
    assert told["accuracy_m"] == 12
    assert (told["status"], told["version"], told["category"]) == ("received", 1, "road_blocked")
    assert told["seq"] > 0
    assert receipts.valid(told["receipt"])


def test_again_is_the_same_and_no_change(incident) -> None:
    by, _ = builders.device(incident)
    ident = uuid.uuid4()
    first = receive(incident, ident, by, sent_at="2016-04-16T02:15:00+09:00")
    again = receive(incident, ident, by, sent_at="2016-04-16T09:00:00+09:00")
    assert (first.created, again.created) == (True, False)
    assert json.loads(first.feature) == json.loads(again.feature)
    assert FeedEntry.objects.filter(kind="report").count() == 1


def test_again_after_an_edit_is_still_the_same(incident) -> None:
    by, _ = builders.device(incident)
    ident = uuid.uuid4()
    receive(incident, ident, by)
    Report.objects.filter(id=ident).update(comment="HQ was here", version=2)
    assert not receive(incident, ident, by).created


@pytest.mark.parametrize(
    ("change", "code"),
    [({"comment": "other"}, "report_differs"), ({"severity": "minor"}, "report_differs")],
)
def test_other_content_is_a_conflict(incident, change, code) -> None:
    by, _ = builders.device(incident)
    ident = uuid.uuid4()
    receive(incident, ident, by)
    with pytest.raises(Problem) as refused:
        receive(incident, ident, by, **change)
    assert refused.value.code == code


def test_other_author_learns_nothing(incident) -> None:
    ident = uuid.uuid4()
    receive(incident, ident, builders.device(incident)[0])
    with pytest.raises(Problem) as refused:
        receive(incident, ident, builders.device(incident)[0])
    assert refused.value.status == 404


def test_erased_is_gone_for_its_author(incident) -> None:
    by, _ = builders.device(incident)
    ident = uuid.uuid4()
    receive(incident, ident, by)
    actions.report_erase(report_id=ident, by=by)
    with pytest.raises(Problem) as refused:
        receive(incident, ident, by)
    assert refused.value.status == 410
    with pytest.raises(Problem) as refused:
        receive(incident, ident, builders.device(incident)[0])
    assert refused.value.status == 404


@pytest.mark.parametrize(
    "fix",
    [
        {"lon": 0, "lat": 0},
        {"lon": 4294967295, "lat": 4294967295},
        {"lon": float("nan"), "lat": 32.0},
        {"lon": None, "lat": None},
    ],
)
def test_a_fix_that_is_none_needs_a_place(incident, fix) -> None:
    by, _ = builders.device(incident)
    received = receive(incident, uuid.uuid4(), by, device_fix=fix)
    feature = json.loads(received.feature)
    assert feature["geometry"] is None
    assert feature["properties"]["needs_place"] is True
    assert feature["properties"]["positions"]["chosen"] == "none"


def test_the_pin_wins_and_the_disagreement_is_told(incident) -> None:
    by, _ = builders.device(incident)
    received = receive(incident, uuid.uuid4(), by, pin={"lon": 130.76, "lat": 32.79})
    positions = json.loads(received.feature)["properties"]["positions"]
    assert positions["chosen"] == "pin"
    assert positions["disagreement_m"] == pytest.approx(937, abs=2)


def test_a_stranger_cannot_report(incident) -> None:
    other = builders.make_incident()
    with pytest.raises(Problem) as refused:
        receive(incident, uuid.uuid4(), builders.device(other)[0])
    assert refused.value.code == "incident_unknown"


def test_the_future_is_kept_and_flagged(incident) -> None:
    by, _ = builders.device(incident)
    received = receive(incident, uuid.uuid4(), by, captured_at="2099-01-01T00:00:00+09:00")
    assert json.loads(received.feature)["properties"]["captured_in_future"] is True
