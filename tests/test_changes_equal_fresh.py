"""State before + changes == fresh state, for every action and every audience (Zulip's rule)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from gspace import feed
from gspace.access import BITS, Audience
from gspace.models import FeedEntry
from reports import actions, blobs, queries
from reports.models import Photo, Report
from reports.payload import AuthorEdit, HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

State = dict[str, dict]


def fresh(incident, audience: Audience) -> State:
    text = queries.snapshot(incident, audience, "e", {})
    return {f["id"]: f for f in json.loads(text)["features"]}


def apply(state: State, frame: dict) -> State:
    """What a client does with a frame: whole features, the higher seq wins, gone is gone."""
    after = dict(state)
    for item in frame["items"]:
        if item["kind"] == "report":
            after[item["id"]] = item["feature"]
    for item in frame["gone"]:
        if item["kind"] == "report":
            after.pop(item["id"], None)
    return after


class World:
    """An incident with an operator, an author, a report of theirs and a second report."""

    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.hq = builders.operator(self.incident)
        self.author, _ = builders.device(self.incident)
        self.content = builders.jpeg(7)
        self.announced = builders.announce(self.content)
        self.report = builders.make_report(self.incident, self.author, photos=[self.announced])
        self.other = builders.make_report(self.incident, self.author)

    def seen(self) -> int:
        return Report.objects.get(id=self.report).version

    def change(self, **edit) -> None:
        actions.report_change(
            report_id=self.report, edit=HqEdit(**edit), seen=self.seen(), by=self.hq
        )

    def release(self) -> None:
        self.change(release="public", public_text="通行できません")

    def rule(self, **more) -> None:
        said = {"place": "rounded", "text": "category", "fixed_text": "", "enabled": True} | more
        actions.rule_save(
            incident=self.incident, category="road_blocked", status="verified", by=self.hq, **said
        )

    def show_photo(self) -> None:
        photo = uuid.UUID(self.announced["id"])
        blobs.write(blobs.copy_name(photo, "display"), builders.jpeg(1))
        copy = actions.public_copy_make(photo_id=photo, boxes=[[0, 0, 0.5, 0.5]], by=self.hq)
        self.change(release="public", public_photos=[copy.id])

    def store_photo(self) -> None:
        part: Path = blobs.new_part()
        part.write_bytes(self.content)
        photo = Photo.objects.get(id=self.announced["id"])
        actions.photo_store(
            photo=photo, part=part, sha256=self.announced["sha256"], size=len(self.content)
        )


ACTIONS: dict[str, Callable[[World], object]] = {
    "report_receive": lambda w: builders.make_report(w.incident, w.author),
    "rescue_received": lambda w: builders.make_report(w.incident, w.author, category="rescue"),
    "verify": lambda w: w.change(status="verified"),
    "reject": lambda w: w.change(status="rejected", reason="訓練の写真"),
    "to_rescue": lambda w: w.change(category="rescue"),
    "to_home": lambda w: w.change(private_home=True),
    "move": lambda w: w.change(geometry={"type": "Point", "coordinates": [130.8, 32.8]}),
    "line": lambda w: w.change(
        geometry={"type": "LineString", "coordinates": [[130.8, 32.8], [130.81, 32.81]]}
    ),
    "comment_hq": lambda w: w.change(comment_hq="内部"),
    "hand_over": lambda w: w.change(
        status="handed_over", assigned_to="消防局", due_at=builders.NOON, reason="隊が到着"),
    "handed_over_to_another": lambda w: (
        ACTIONS["hand_over"](w), w.change(assigned_to="自衛隊")),
    "taken_back": lambda w: (
        ACTIONS["hand_over"](w), w.change(status="in_progress", assigned_to="建設班")),
    "hand_over_undone": lambda w: (ACTIONS["hand_over"](w), actions.report_undo(
        report_id=w.report, seen=w.seen(), by=w.hq)),
    "release": World.release,
    "unrelease": lambda w: (w.release(), w.change(release="none")),
    "release_by_rule": lambda w: (w.rule(), w.change(status="verified")),
    "rule_off": lambda w: (ACTIONS["release_by_rule"](w), w.rule(enabled=False)),
    "rule_applied": lambda w: (w.change(status="verified"), w.rule(), actions.rule_apply(
        incident=w.incident, category="road_blocked", status="verified", by=w.hq)),
    "photo_shown": World.show_photo,
    "photo_taken_back": lambda w: (w.show_photo(), w.change(public_photos=[])),
    "undo": lambda w: (w.release(), actions.report_undo(
        report_id=w.report, seen=w.seen(), by=w.hq)),
    "accept": lambda w: actions.report_accept(report_id=w.report, by=w.hq),
    "merge": lambda w: actions.report_merge(
        report_id=w.report, into=w.other, seen=w.seen(), by=w.hq),
    "unmerge": lambda w: (ACTIONS["merge"](w), actions.report_unmerge(
        report_id=w.report, seen=w.seen(), by=w.hq)),
    "amend": lambda w: actions.report_amend(
        report_id=w.report, edit=AuthorEdit(edit_id=uuid.uuid4(), comment="直した"), by=w.author),
    "withdraw": lambda w: actions.report_amend(
        report_id=w.report, edit=AuthorEdit(edit_id=uuid.uuid4(), withdrawn=True), by=w.author),
    "erase": lambda w: actions.report_erase(report_id=w.report, by=w.hq),
    "photo_store": World.store_photo,
    "preview_store": lambda w: actions.preview_store(
        photo=Photo.objects.get(id=w.announced["id"]), content=builders.jpeg(1)),
    "photo_unreadable": lambda w: actions.photo_unreadable(
        photo_id=uuid.UUID(w.announced["id"]), reason="not_an_image"),
    "photo_developed": lambda w: actions.photo_developed(
        photo_id=uuid.UUID(w.announced["id"]), width=2, height=2, dhash="0" * 16, doubts=[]),
    "note": lambda w: actions.note_add(report_id=w.report, kind="note", text="見た", by=w.hq),
}  # fmt: skip


@pytest.mark.parametrize("released", [False, True], ids=["new", "released"])
@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_before_plus_changes_is_fresh(name: str, released: bool) -> None:
    world = World()
    if released:
        world.release()
    before = {a: fresh(world.incident, a) for a in BITS}
    start = feed.head(world.incident.id)
    ACTIONS[name](world)
    for audience in BITS:
        frame = json.loads(feed.read(world.incident.id, audience, start, 200).text)
        assert apply(before[audience], frame) == fresh(world.incident, audience), audience
        assert frame["to"] == frame["head"] == feed.head(world.incident.id)


def test_an_audience_hears_only_of_what_it_could_see() -> None:
    world = World()
    start = feed.head(world.incident.id)
    world.change(comment_hq="内部")
    world.change(status="rejected", reason="対象外")
    frame = json.loads(feed.read(world.incident.id, "public", start, 200).text)
    assert (frame["items"], frame["gone"]) == ([], [])
    assert frame["to"] > start


def test_a_first_reader_is_told_of_nothing_gone() -> None:
    world = World()
    world.change(status="rejected", reason="対象外")
    frame = json.loads(feed.read(world.incident.id, "field", 0, 200).text)
    assert frame["gone"] == []


def test_one_report_is_one_entry() -> None:
    world = World()
    world.store_photo()
    assert FeedEntry.objects.filter(kind="report", oid=str(world.report)).count() == 1
