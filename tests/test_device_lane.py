"""A device's own lane: state before + changes == fresh state; nobody else's, ever."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gspace import actions as trunk
from gspace import feed
from gspace.models import Device, Incident, IncidentOrganisation
from reports import actions
from reports.models import Report
from reports.payload import AuthorEdit, HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/devices/me/changes"
State = dict[tuple[str, str], dict]


class Crew:
    """A phone that keeps what its lane tells it, as the app does."""

    def __init__(self, token: str) -> None:
        self.http = Client(headers=builders.bearer(token))
        self.state: State = {}
        self.cursor, self.epoch = 0, ""

    def ask(self, **query: Any) -> dict[str, Any]:
        return self.http.get(PATH, query).json()

    def follow(self, limit: int = 1000) -> int:
        """Reads on to the head; how many frames it took."""
        for frames in range(1, 100):
            frame = self.ask(since=self.cursor, epoch=self.epoch, limit=limit)
            assert frame["from"] == self.cursor and frame["audience"] == "device"
            apply(self.state, frame)
            assert frame["to"] > self.cursor or not frame["more"]
            self.cursor, self.epoch = frame["to"], frame["epoch"]
            if not frame["more"]:
                assert frame["to"] == frame["head"]
                return frames
        raise AssertionError("it does not end")

    def fresh(self) -> State:
        return apply({}, self.ask(since=0))

    def ids(self, kind: str) -> set[str]:
        return {ident for found, ident in self.state if found == kind}


def apply(state: State, frame: dict) -> State:
    """Whole objects; gone is gone, and takes along what hangs on it."""
    for item in frame["items"]:
        state[item["kind"], item["id"]] = item["feature"]
    for gone in frame["gone"]:
        state.pop((gone["kind"], gone["id"]), None)
        for key, value in list(state.items()):
            if gone["id"] in (value.get("report"), value.get("incident")) and key[0] != "report":
                del state[key]
    return state


class World:
    """A crew with two reports; another crew of the same headquarters; Alice at its desk."""

    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.hq = builders.operator(self.incident)
        self.by, token = builders.device(self.incident)
        self.crew = Crew(token)
        self.other_by, token = builders.device(self.incident)
        self.other = Crew(token)
        self.report = builders.make_report(self.incident, self.by, category="rescue")
        self.second = builders.make_report(self.incident, self.by)
        self.ask = actions.note_add(
            report_id=self.report, kind="question", text="何人ですか", by=self.hq
        )
        self.told = self.tell()

    def tell(self, **more: Any) -> Any:
        said = {"kind": "withdraw", "text": "撤収してください", "by": self.hq}
        return trunk.broadcast_create(incident=self.incident, **(said | more))[0]

    def change(self, **edit: Any) -> None:
        seen = Report.objects.get(id=self.report).version
        actions.report_change(report_id=self.report, edit=HqEdit(**edit), seen=seen, by=self.hq)

    def amend(self, **edit: Any) -> None:
        said = AuthorEdit(edit_id=uuid.uuid4(), **edit)
        actions.report_amend(report_id=self.report, edit=said, by=self.by)

    def note(self, kind: str, by: Any) -> None:
        actions.note_add(report_id=self.report, kind=kind, text="三人です", by=by)

    def close(self) -> None:
        self.incident.state = "closed"
        self.incident.save()

    def open_another(self) -> Incident:
        """An incident that has been told about before this organisation joins it."""
        found = builders.make_incident()
        by = builders.operator(found)
        trunk.broadcast_create(incident=found, kind="info", text="集合場所", by=by)
        self.crew.follow()
        builders.join(found, builders.headquarters(self.incident), "hq")
        return found

    def leave(self) -> None:
        IncidentOrganisation.objects.filter(incident=self.incident).delete()


CHANGES: dict[str, Callable[[World], object]] = {
    "receive": lambda w: builders.make_report(w.incident, w.by),
    "verify": lambda w: w.change(status="verified"),
    "reject": lambda w: w.change(status="rejected", reason="訓練の写真"),
    "accept": lambda w: actions.report_accept(report_id=w.report, by=w.hq),
    "merge": lambda w: actions.report_merge(report_id=w.report, into=w.second, seen=1, by=w.hq),
    "comment_hq": lambda w: w.change(comment_hq="内部"),
    "amend": lambda w: w.amend(comment="直した"),
    "withdraw_report": lambda w: w.amend(withdrawn=True),
    "erase": lambda w: actions.report_erase(report_id=w.report, by=w.hq),
    "question": lambda w: w.note("question", w.hq),
    "answer": lambda w: w.note("answer", w.by),
    "inner_note": lambda w: w.note("note", w.hq),
    "broadcast": lambda w: w.tell(kind="tsunami"),
    "withdraw_broadcast": lambda w: trunk.broadcast_withdraw(broadcast_id=w.told.id, by=w.hq),
    "close": World.close,
    "open_another": World.open_another,
    "leave": World.leave,
}


@pytest.mark.parametrize("limit", [1, 1000], ids=["a-row-a-time", "at-once"])
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_before_plus_changes_is_fresh(name: str, limit: int) -> None:
    world = World()
    world.crew.follow(limit)
    assert world.crew.state == world.crew.fresh()
    CHANGES[name](world)
    world.crew.follow(limit)
    assert world.crew.state == world.crew.fresh(), name


def test_all_that_is_ones_own_is_there_from_the_beginning() -> None:
    world = World()
    world.crew.follow()
    assert world.crew.ids("report") == {str(world.report), str(world.second)}
    assert world.crew.ids("note") == {str(world.ask.id)}
    assert world.crew.ids("broadcast") == {str(world.told.id)}
    assert world.crew.ids("incident") == {world.incident.slug}
    asked = world.crew.state["note", str(world.ask.id)]
    assert (asked["kind"], asked["text"], asked["report"]) == (
        "question", "何人ですか", str(world.report),
    )  # fmt: skip


def test_never_anybody_elses() -> None:
    world = World()
    world.other.follow()
    start = world.other.cursor
    for name in ("receive", "verify", "question", "inner_note", "erase"):
        CHANGES[name](world)
    assert world.other.ids("report") == world.other.ids("note") == set()
    frame = world.other.ask(since=start, epoch=world.other.epoch)
    assert (frame["items"], frame["gone"]) == ([], [])
    assert frame["to"] == frame["head"] > start, "an empty frame advances, too"


def test_inner_notes_stay_at_headquarters() -> None:
    world = World()
    CHANGES["inner_note"](world)
    world.change(comment_hq="本部だけの話")
    told = json.dumps(world.crew.ask(since=0), ensure_ascii=False)
    assert "三人です" not in told and "本部だけの話" not in told


def test_an_erased_report_and_a_withdrawn_broadcast_are_gone() -> None:
    world = World()
    world.crew.follow()
    start = world.crew.cursor
    CHANGES["erase"](world)
    CHANGES["withdraw_broadcast"](world)
    frame = world.crew.ask(since=start, epoch=world.crew.epoch)
    assert {(g["kind"], g["id"]) for g in frame["gone"]} == {
        ("report", str(world.report)), ("broadcast", str(world.told.id)),
    }  # fmt: skip
    assert world.crew.ask(since=0)["gone"] == [], "a first reader had nothing to lose"


def test_what_holds_in_an_incident_is_found_by_whom_it_is_opened_to() -> None:
    world = World()
    found = world.open_another()
    world.crew.follow()
    assert found.slug in world.crew.ids("incident")
    assert {b["text"] for (k, _), b in world.crew.state.items() if k == "broadcast"} == {
        "撤収してください", "集合場所",
    }  # fmt: skip


def test_a_page_is_never_cut_between_what_came_in_one_step() -> None:
    """Closing ends all broadcasts of the incident at one position."""
    world = World()
    for _ in range(5):
        world.tell()
    world.crew.follow()
    world.close()
    assert world.crew.follow(limit=2) <= 2
    assert world.crew.ids("broadcast") == set()


def test_a_volunteer_has_a_lane_too() -> None:
    world = World()
    by, token = builders.device(world.incident, "volunteer")
    report = builders.make_report(world.incident, by, comment="動けません")
    crew = Crew(token)
    crew.follow()
    assert crew.ids("report") == {str(report)} and crew.ids("broadcast")
    assert crew.state["report", str(report)]["properties"]["comment"] == "動けません"


def test_a_crew_of_a_supporting_organisation_has_no_part_in_it() -> None:
    world = World()
    helper = builders.make_organisation()
    builders.join(world.incident, helper, "support")
    _, token = trunk.device_create(organisation=helper, label="x", audience="field")
    crew = Crew(token)
    crew.follow()
    assert crew.state == {}


def test_another_history_is_a_reset() -> None:
    world = World()
    world.crew.follow()
    ahead = world.crew.ask(since=world.crew.cursor + 1000, epoch=world.crew.epoch)
    other = world.crew.ask(since=world.crew.cursor, epoch="another")
    for frame in (ahead, other):
        assert frame["reset"] is True and frame["items"] == []
        assert frame["head"] == world.crew.cursor
    assert "reset" not in world.crew.ask(since=0, epoch="another")


def test_a_lane_is_a_device_s() -> None:
    world = World()
    token = builders.api_token(builders.headquarters(world.incident), "operator")
    assert Client().get(PATH).status_code == 401
    assert Client(headers=builders.bearer(token)).get(PATH).status_code == 403
    refused = world.crew.http.get(PATH, {"since": "-1"})
    assert (refused.status_code, refused.json()["field"]) == (422, "since")
    trunk.device_revoke(device=Device.objects.get(id=world.by.device))
    assert world.crew.http.get(PATH).json()["code"] == "token_invalid"


def test_it_costs_the_same_beside_a_thousand_reports_of_others() -> None:
    """Read from the own side: the plan touches no more rows than are one's own."""
    world = World()
    world.crew.follow()
    before = cost(world)
    builders_many(world, 1000)
    assert cost(world) <= before + 2


def builders_many(world: World, number: int) -> None:
    for _ in range(3):
        builders.make_report(world.incident, world.other_by)
    sql = """
INSERT INTO feed (kind, oid, incident_id, seq, deleted, shown_to)
SELECT 'report', gen_random_uuid()::text, %s, nextval('feed_seq'), false, 7
  FROM generate_series(1, %s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [world.incident.id, number])
        cursor.execute("ANALYZE feed")


def cost(world: World) -> int:
    """Rows of `feed` that one question reads."""
    with CaptureQueriesContext(connection) as asked:
        world.crew.ask(since=world.crew.cursor, epoch=world.crew.epoch)
    (scan,) = [q["sql"] for q in asked.captured_queries if "WITH TIES" in q["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {scan}")
        return sum(rows_of(cursor.fetchone()[0][0]["Plan"]))


def rows_of(plan: dict) -> list[int]:
    found = [part for child in plan.get("Plans", []) for part in rows_of(child)]
    if plan.get("Relation Name") == "feed":
        found.append((plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
                     * plan["Actual Loops"])  # fmt: skip
    return found


def test_the_heads_agree() -> None:
    world = World()
    world.crew.follow()
    assert world.crew.cursor == feed.head(world.incident.id)
    assert world.crew.epoch == feed.epoch()
