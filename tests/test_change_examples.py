"""fixtures/changes: the frames the front end is tested with are the frames the server sends."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from gspace import access, feed, lane, live
from gspace import actions as trunk
from gspace.models import Incident
from layers import actions as layer_actions
from reports import actions
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = Path(__file__).resolve().parent.parent / "fixtures" / "changes"


def example(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


def missing(wanted: Any, sent: Any, path: str = "") -> list[str]:
    """What the example has and the real frame has not; the server may always say more."""
    if isinstance(wanted, dict):
        if sent is None:
            return []
        if not isinstance(sent, dict):
            return [path]
        return [m for k, v in wanted.items() for m in (
            missing(v, sent[k], f"{path}.{k}") if k in sent else [f"{path}.{k}"])]  # fmt: skip
    if isinstance(wanted, list) and wanted and isinstance(sent, list) and sent:
        return missing(wanted[0], sent[0], f"{path}[]")
    return []


class World:
    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.hq = builders.operator(self.incident)
        photo = builders.announce(builders.jpeg(1))
        self.report = builders.make_report(self.incident, photos=[photo])
        self.start = feed.head(self.incident.id)

    def frame(self) -> dict[str, Any]:
        return json.loads(feed.read(self.incident.id, "hq", self.start, 200).text)

    def item(self, kind: str) -> dict[str, Any]:
        (found,) = [i for i in self.frame()["items"] if i["kind"] == kind]
        return found


def check(world: World, name: str) -> None:
    (wanted,) = example(name)["items"]
    assert missing(wanted, world.item(wanted["kind"])) == []
    assert missing({**example(name), "items": []}, world.frame()) == []


def layer_of(world: World) -> Any:
    layer = layer_actions.layer_create(
        slug="example-shelters",
        title="避難所",
        kind="shelter",
        publisher=builders.headquarters(world.incident),
        incident=world.incident,
        audience="public",
        by=world.hq,
    )
    feature = {
        "type": "Feature",
        "id": "a",
        "geometry": {"type": "Point", "coordinates": [130.7, 32.8]},
        "properties": {"name": "体育館"},
    }
    layer_actions.version_load(
        layer=layer,
        features=[feature],
        filename="a.geojson",
        raw=None,
        source_as_of=builders.NOON,
        by=world.hq,
    )
    return layer


def test_report() -> None:
    world = World()
    Incident.objects.filter(id=world.incident.id).update(name="x")
    actions.note_add(report_id=world.report, kind="note", text="見た", by=world.hq)
    world.start = 0
    for name in ("report", "note", "incident"):
        check(world, name)


def test_broadcast_lane_and_doorbell() -> None:
    world = World()
    trunk.broadcast_create(incident=world.incident, kind="withdraw", text="撤収", by=world.hq)
    check(world, "broadcast")
    _, token = builders.device(world.incident)
    told = json.loads(lane.changes_text(access.caller_from_token(token), 0, 200, ""))
    wanted = example("lane")
    (sent,) = [item for item in told["items"] if item["kind"] == "broadcast"]
    assert missing({**wanted, "items": [], "gone": []}, told) == []
    assert missing(wanted["items"][0], sent) == []
    assert told["audience"] == wanted["audience"]
    assert example("doorbell") == json.loads(live.DOORBELL)


def test_log() -> None:
    world = World()
    log = {"incident": world.incident, "by": world.hq, "text": "給水車を"}
    asked, _ = actions.log_write(kind="request", **log)
    world.start = feed.head(world.incident.id) - 1
    check(world, "log")
    start = feed.head(world.incident.id)
    actions.log_write(kind="report", settles_id=asked.id, **log)
    frame = json.loads(feed.read(world.incident.id, "hq", start, 200).text)
    (settled,) = [item for item in frame["items"] if item["id"] == str(asked.id)]
    assert missing(example("log")["items"][0], settled) == []


def test_claim() -> None:
    world = World()
    actions.claim_set(
        incident=world.incident, desk=uuid.uuid4(), report_id=world.report, by=world.hq
    )
    check(world, "claim")


def test_layer_and_feature() -> None:
    world = World()
    layer = layer_of(world)
    check(world, "layer")
    layer_actions.state_set(
        layer=layer,
        feature_id="a",
        values={"operation": "open", "persons": 240},
        source_as_of=builders.NOON,
        by=world.hq,
    )
    check(world, "feature")


def test_gone_and_empty() -> None:
    world = World()
    actions.report_erase(report_id=world.report, by=world.hq)
    wanted, sent = example("report_gone"), world.frame()
    assert missing(wanted["gone"][0], sent["gone"][0]) == []
    assert set(example("empty")) <= set(sent)
    assert set(example("reset")) <= set(json.loads(feed.reset_text("e", "hq", 1)))
