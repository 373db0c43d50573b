"""What was published around a report: noted as it came in, and computed when somebody looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gspace.models import Incident
from layers import actions as layer_actions
from layers.models import Layer
from reports import actions
from reports.models import Report, ReportContext
from reports.payload import HqEdit
from tests import builders
from tests.layer_builders import make_layer, publish, published_layer, spot

pytestmark = pytest.mark.django_db
OPEN, CLOSED, RUNNING = ({"operation": code} for code in ("open", "closed", "running"))
HERE = {"pin": {"lon": 130.75, "lat": 32.79}}


def road(ident: str, lon: float, traffic: str | None) -> dict[str, Any]:
    found = spot(ident, state={"traffic": traffic} if traffic else None)
    return found | {"geometry": {"type": "LineString", "coordinates": [[lon, 32.70], [lon, 32.90]]}}


class Town:
    """An incident with a shelter, water and roads around 130.75, 32.79."""

    def __init__(self) -> None:
        self.incident: Incident = builders.make_incident()
        shelters = [spot("shut", 130.7501, state=CLOSED), spot("gym", 130.76, state=OPEN)]
        self.shelters, self.by = published_layer(self.incident, shelters)
        published_layer(self.incident, [spot("tank", 130.77, state=RUNNING)], kind="water")
        closures = [road("lifted", 130.7502, "reopened"), road("slide", 130.751, "closed")]
        published_layer(self.incident, closures, kind="road_closure")
        passable = [road("barred", 130.7501, "closed"), road("driven", 130.752, None)]
        published_layer(self.incident, passable, kind="passable")
        home = builders.headquarters(self.incident)
        self.hq = builders.api_token(home, "operator")
        liaison = builders.make_organisation("prefecture")
        builders.join(self.incident, liaison, "partner")
        self.partner = builders.api_token(liaison, "partner")

    def report(self, **more: Any) -> Report:
        return Report.objects.get(id=builders.make_report(self.incident, **HERE, **more))

    def get(self, report: Report, token: str = "") -> dict[str, Any]:
        url = f"/api/v1/reports/{report.id}/context"
        answer = Client().get(url, headers=builders.bearer(token or self.hq))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def close_the_gym(self) -> None:
        layer_actions.state_set(
            layer=self.shelters, feature_id="gym", values=CLOSED, source_as_of=None, by=self.by
        )


@pytest.fixture
def town() -> Town:
    return Town()


def ids(told: dict[str, Any] | None) -> dict[str, str]:
    assert told is not None
    return {item["kind"]: item["feature_id"] for item in told["items"]}


AROUND = {"shelter": "gym", "water": "tank", "road_closure": "slide", "passable": "driven"}


def test_it_tells_the_nearest_open_shelter_water_and_roads_in_metres(town: Town) -> None:
    told = town.get(town.report())
    assert ids(told["fresh"]) == AROUND
    metres = {item["kind"]: item["distance_m"] for item in told["fresh"]["items"]}
    # 0.01 and 0.001 degrees of longitude at 32.79 N on the ellipsoid (geod: 936.9 m, 93.7 m)
    assert metres["shelter"] == pytest.approx(936.9, abs=0.2)
    assert metres["road_closure"] == pytest.approx(93.7, abs=0.2)
    assert told["stored"] is None


def test_what_was_noted_at_intake_stays_as_it_was(town: Town) -> None:
    report = town.report()
    assert actions.contexts_take() == 1
    noted = ReportContext.objects.get(report=report)
    assert timedelta(0) <= noted.at - report.received_at < timedelta(seconds=60)
    town.close_the_gym()
    told = town.get(report)
    assert ids(told["stored"]) == AROUND
    assert ids(told["fresh"]) == {k: v for k, v in AROUND.items() if k != "shelter"}
    assert actions.contexts_take() == 0
    assert datetime.fromisoformat(told["stored"]["at"]) == noted.at
    assert datetime.fromisoformat(told["fresh"]["at"]) > noted.at


def test_without_a_place_nothing_is_noted_until_it_has_one(town: Town) -> None:
    report = Report.objects.get(id=builders.make_report(town.incident, device_fix=None))
    assert actions.contexts_take() == 0
    assert town.get(report) == {"stored": None, "fresh": None}
    edit = HqEdit(geometry={"type": "Point", "coordinates": [130.75, 32.79]})
    by = builders.operator(town.incident)
    actions.report_change(report_id=report.id, edit=edit, seen=report.version, by=by)
    assert actions.contexts_take() == 1
    assert ids(town.get(report)["stored"]) == AROUND


def test_an_old_report_is_not_given_todays_surroundings(town: Town) -> None:
    report = town.report()
    later = datetime.now(UTC) + timedelta(hours=25)
    assert actions.contexts_take(now=later) == 0
    assert actions.contexts_take(now=later, since=report.received_at - timedelta(1)) == 1


def test_a_line_is_measured_from_a_point_on_it(town: Town) -> None:
    report = town.report()
    shape = {"type": "LineString", "coordinates": [[130.75, 32.78], [130.75, 32.79]]}
    by = builders.operator(town.incident)
    edit = HqEdit(geometry=shape)
    actions.report_change(report_id=report.id, edit=edit, seen=report.version, by=by)
    assert ids(town.get(report)["fresh"]) == AROUND


# --- who is told what ----------------------------------------------------------------------
def hidden_shelter(town: Town) -> Layer:
    """Nearer than the gym, for headquarters' eyes only."""
    layer, by = make_layer(town.incident, audience="hq")
    publish(layer, by, [spot("hidden", 130.7505, state=OPEN)])
    return layer


def test_partners_get_the_nearest_of_what_they_may_see(town: Town) -> None:
    hidden_shelter(town)
    report = town.report()
    actions.contexts_take()
    for_hq, for_partner = town.get(report), town.get(report, town.partner)
    for which in ("stored", "fresh"):
        assert ids(for_hq[which])["shelter"] == "hidden"
        assert ids(for_partner[which]) == AROUND


def test_what_is_closed_to_partners_later_is_gone_from_the_note_too(town: Town) -> None:
    report = town.report()
    actions.contexts_take()
    layer_actions.layer_change(layer=town.shelters, audience="hq", by=town.by)
    assert "shelter" not in ids(town.get(report, town.partner)["stored"])
    assert "shelter" in ids(town.get(report)["stored"])


def test_an_erased_report_takes_its_surroundings_along(town: Town) -> None:
    report = town.report()
    actions.contexts_take()
    actions.report_erase(report_id=report.id, by=builders.operator(town.incident))
    assert not ReportContext.objects.exists()
