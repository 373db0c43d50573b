"""P4: whatever people do in whatever order, what a page holds is what a fresh page would get.

Every viewer reads the feed at moments of its own, in frames of its own size; a device also its own
lane. Red when an action changes a row without the feed's trigger hearing of it.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule, run_state_machine_as_test

from gspace import actions as trunk
from gspace import feed, lane
from gspace.access import BITS, Audience, Caller
from layers import actions as layering
from layers import features
from layers.models import Layer
from reports import actions, queries
from reports.payload import AuthorEdit, EnteredIn, HqEdit
from tests import builders
from tests.acting import Acting
from tests.layer_builders import make_layer, publish, spot
from tests.layer_rules import LON, LayerRules
from tests.photo_rules import PICTURES, PhotoRules

pytestmark = pytest.mark.django_db(transaction=True)

CATEGORIES = st.sampled_from(["road_blocked", "rescue", "building", "flooding", "all_clear"])
STEPS = st.sampled_from(["received", "verified", "in_progress", "handed_over", "resolved"])
DUE = "2016-04-16T18:00:00+09:00"
# a layer is not told anew for each place that a hand takes away: its places are, and these follow
# from them (a page that counts asks for the layer)
FROM_ITS_PLACES = ("feature_count", "without_place", "extent")


@dataclass
class Viewer:
    """A page: whole objects by kind and id, and how far it has read.

    read(since, limit) -> a frame. places(slug) -> what a layer holds: read anew whenever the feed
    tells of the layer, because a file's rows are not told one by one.
    """

    read: Any
    places: Any
    at: int = 0
    held: dict[tuple[str, str], Any] = field(default_factory=dict)

    def follow(self, limit: int) -> bool:
        """One frame; whether there is more."""
        frame = json.loads(self.read(self.at, limit))
        assert not frame.get("reset")
        for item in frame["items"]:
            self.held[(item["kind"], item["id"])] = item["feature"]
            if item["kind"] == "layer":
                for name in FROM_ITS_PLACES:
                    del item["feature"][name]
        for item in frame["gone"]:
            self.held.pop((item["kind"], item["id"]), None)
        for item in [*frame["items"], *frame["gone"]]:
            if item["kind"] == "layer":
                self.read_layer(item["id"])
        self.at = frame["to"]
        return bool(frame["more"])

    def read_layer(self, slug: str) -> None:
        for kind, ident in list(self.held):
            if kind == "feature" and ident.startswith(f"{slug}/"):
                del self.held[(kind, ident)]
        if ("layer", slug) in self.held:
            for place in self.places(slug):
                ident = f"{slug}/{place['id']}"
                self.held[("feature", ident)] = place | {"id": ident}

    def caught_up(self) -> dict[tuple[str, str], Any]:
        while self.follow(3):
            pass
        return self.held

    def anew(self) -> dict[tuple[str, str], Any]:
        return Viewer(self.read, self.places).caught_up()


class Incident(PhotoRules, LayerRules):
    """One incident with headquarters, a crew, a volunteer, a publisher; and who looks at it."""

    reports = Acting.reports

    @initialize()
    def begin(self) -> None:
        self.incident = builders.make_incident()
        self.hq = builders.operator(self.incident)
        self.crew, _ = builders.device(self.incident)
        self.volunteer, _ = builders.device(self.incident, "volunteer")
        self.layer, self.publisher = make_layer(self.incident)
        publish(self.layer, self.publisher, [spot("a"), spot("b", 130.76)])
        self.notes: list[uuid.UUID] = []
        self.lines: list[uuid.UUID] = []
        self.broadcasts: list[uuid.UUID] = []
        self.desks = [uuid.uuid4(), uuid.uuid4()]
        self.viewers = {
            audience: Viewer(self.feed_of(audience), places_for(audience)) for audience in BITS
        }
        self.viewers |= {f"lane of {c.key}": Viewer(self.lane_of(c), None)
                         for c in (self.crew, self.volunteer)}  # fmt: skip

    def feed_of(self, audience: Audience) -> Any:
        return lambda since, limit: feed.read(self.incident.id, audience, since, limit).text

    @staticmethod
    def lane_of(caller: Caller) -> Any:
        return lambda since, limit: lane.changes_text(caller, since, limit, feed.epoch())

    # --- who looks ---------------------------------------------------------------------------
    @rule(who=st.integers(0, 5), limit=st.integers(1, 4))
    def somebody_reads_a_frame(self, who: int, limit: int) -> None:
        viewers = list(self.viewers.values())
        viewers[who % len(viewers)].follow(limit)

    @rule()
    def everybody_catches_up(self) -> None:
        for name, viewer in self.viewers.items():
            assert viewer.caught_up() == viewer.anew(), name
        for audience in BITS:
            assert of_kind(self.viewers[audience].held, "report") == self.listed(audience), audience

    def listed(self, audience: Audience) -> dict[str, Any]:
        text = queries.snapshot(self.incident, audience, "e", {})
        return {f["id"]: f for f in json.loads(text)["features"]}

    def teardown(self) -> None:
        if hasattr(self, "viewers"):
            self.everybody_catches_up()

    # --- the field ---------------------------------------------------------------------------
    @rule(target=reports, category=CATEGORIES, by_crew=st.booleans(), lon=LON)
    def a_report_comes(self, category: str, by_crew: bool, lon: float) -> Any:
        by = self.crew if by_crew else self.volunteer
        photos = [builders.announce(PICTURES[by_crew])]
        return self.new(self.attempt(builders.make_report, incident=self.incident, by=by,
                                     category=category, photos=photos,
                                     pin={"lon": lon, "lat": 32.79}))  # fmt: skip

    @staticmethod
    def new(report: uuid.UUID | None) -> Any:
        """Into the bundle, unless a closed incident takes none."""
        return report or multiple()

    @rule(target=reports, category=CATEGORIES, exact=st.booleans(), lon=LON)
    def somebody_phones(self, category: str, exact: bool, lon: float) -> Any:
        ident = uuid.uuid4()
        place = {"geometry": {"type": "Point", "coordinates": [lon, 32.79]}} if exact else {}
        body = EnteredIn(channel="phone", told_by="096", category=category, exact=exact, **place)
        done = self.attempt(actions.report_enter, report_id=ident, incident=self.incident,
                            body=body, by=self.hq)  # fmt: skip
        return self.new(ident if done else None)

    @rule(report=reports, withdrawn=st.booleans())
    def its_author_amends(self, report: uuid.UUID, withdrawn: bool) -> None:
        said: dict[str, Any] = {"withdrawn": True} if withdrawn else {"comment": "直した"}
        edit = AuthorEdit(edit_id=uuid.uuid4(), **said)
        self.attempt(actions.report_amend, report_id=report, edit=edit, by=self.author(report))

    @rule(category=CATEGORIES, status=STEPS, enabled=st.booleans(), at_once=st.booleans())
    def a_rule_releases(self, category: str, status: str, enabled: bool, at_once: bool) -> None:
        given = {"incident": self.incident, "category": category, "status": status, "by": self.hq}
        self.attempt(actions.rule_save, place="rounded", text="category", fixed_text="",
                     enabled=enabled, **given)  # fmt: skip
        if at_once:
            self.attempt(actions.rule_apply, **given)

    @rule(category=CATEGORIES, status=STEPS, enabled=st.booleans())
    def a_rule_is_switched(self, category: str, status: str, enabled: bool) -> None:
        self.attempt(actions.rule_switch, incident=self.incident, category=category,
                     status=status, enabled=enabled, by=self.hq)  # fmt: skip

    @rule(report=reports, kind=st.sampled_from(["note", "question", "answer"]))
    def something_is_said(self, report: uuid.UUID, kind: str) -> None:
        by = self.author(report) if kind == "answer" else self.hq
        self.attempt(actions.note_add, report_id=report, kind=kind, text="どこ", by=by)

    # --- headquarters ------------------------------------------------------------------------
    @rule(report=reports, status=STEPS)
    def it_goes_a_step(self, report: uuid.UUID, status: str) -> None:
        self.change(report, status=status)

    @rule(report=reports, over=st.booleans(), to=st.sampled_from(["", "消防局"]))
    def somebody_is_to_do_it(self, report: uuid.UUID, over: bool, to: str) -> None:
        said = {"status": "handed_over", "reason": "隊が到着"} if over else {}
        self.change(report, assigned_to=to, due_at=builders.NOON, **said)

    @rule(report=reports)
    def it_is_rejected(self, report: uuid.UUID) -> None:
        self.change(report, status="rejected", reason="訓練の写真")

    @rule(report=reports, category=CATEGORIES, home=st.booleans(), lon=LON)
    def it_is_corrected(self, report: uuid.UUID, category: str, home: bool, lon: float) -> None:
        at = {"type": "Point", "coordinates": [lon, 32.8]}
        self.change(report, category=category, private_home=home, geometry=at)

    @rule(report=reports, to=st.sampled_from(["none", "partner", "public"]))
    def it_is_released_or_not(self, report: uuid.UUID, to: str) -> None:
        self.change(report, release=to, public_text="通行できません")

    @rule(report=reports)
    def it_is_accepted(self, report: uuid.UUID) -> None:
        self.attempt(actions.report_accept, report_id=report, by=self.hq)

    @rule(report=reports, into=reports)
    def it_is_merged(self, report: uuid.UUID, into: uuid.UUID) -> None:
        self.attempt(actions.report_merge, report_id=report, into=into,
                     seen=self.seen(report), by=self.hq)  # fmt: skip

    @rule(report=reports, parted=st.booleans())
    def the_last_change_is_taken_back(self, report: uuid.UUID, parted: bool) -> None:
        act = actions.report_unmerge if parted else actions.report_undo
        self.attempt(act, report_id=report, seen=self.seen(report), by=self.hq)

    @rule(report=reports)
    def it_is_erased(self, report: uuid.UUID) -> None:
        self.attempt(actions.report_erase, report_id=report, by=self.hq)

    @rule(report=reports, to=st.sampled_from(["", "東1班"]), due=st.sampled_from([None, DUE]))
    def it_is_given_to_somebody(self, report: uuid.UUID, to: str, due: str | None) -> None:
        self.change(report, assigned_to=to, due_at=due)

    @rule(one=reports, other=reports, confused=st.booleans())
    def they_are_told_apart(self, one: uuid.UUID, other: uuid.UUID, confused: bool) -> None:
        act = actions.report_confuse if confused else actions.report_distinguish
        self.attempt(act, report_id=one, other=other, by=self.hq)

    @rule(state=st.sampled_from(["active", "drill", "active", "closed"]))
    def the_incident_is(self, state: str) -> None:
        """As the administration does."""
        self.incident.state = state
        self.incident.save()

    @rule(later=st.sampled_from([timedelta(), timedelta(days=60)]))
    def the_clock_goes_on(self, later: timedelta) -> None:
        now = datetime.now(UTC) + later
        actions.contexts_take()
        actions.claims_expire(now=now)
        actions.public_copies_expire(now=now)
        actions.uploads_expire(now=now)
        actions.photos_redevelop(now=now)

    @rule(one=reports, other=reports, status=STEPS, undone=st.booleans())
    def many_go_a_step(self, one: uuid.UUID, other: uuid.UUID, status: str, undone: bool) -> None:
        seen = {one: self.seen(one), other: self.seen(other) + 1}
        if undone:
            actions.reports_undo(incident=self.incident, seen=seen, by=self.hq)
            return
        actions.reports_change(
            incident=self.incident, seen=seen, edit=HqEdit(status=status), by=self.hq
        )

    @rule(report=reports, desk=st.integers(0, 1), ends=st.booleans())
    def a_desk_opens_it(self, report: uuid.UUID, desk: int, ends: bool) -> None:
        given = {"incident": self.incident, "desk": self.desks[desk], "by": self.hq}
        if ends:
            self.attempt(actions.claim_end, **given)
        else:
            self.attempt(actions.claim_set, report_id=report, **given)

    @rule(report=reports, correct=st.booleans())
    def the_log_goes_on(self, report: uuid.UUID, correct: bool) -> None:
        corrects = self.lines.pop() if correct and self.lines else None
        done = self.attempt(
            actions.log_write, incident=self.incident, kind="note", text="記録", by=self.hq,
            report_id=report, corrects_id=corrects,
        )  # fmt: skip
        self.lines += [done[0].id] if done else []

    @rule(withdraw=st.booleans())
    def crews_are_told(self, withdraw: bool) -> None:
        if withdraw and self.broadcasts:
            trunk.broadcast_withdraw(broadcast_id=self.broadcasts.pop(), by=self.hq)
            return
        done = self.attempt(
            trunk.broadcast_create, broadcast_id=uuid.uuid4(), incident=self.incident,
            kind="gather", text="集合", area=None, area_name="", by=self.hq,
        )  # fmt: skip
        self.broadcasts += [done[0].id] if done else []


def places_for(audience: Audience) -> Any:
    def places(slug: str) -> list[dict[str, Any]]:
        layer = Layer.objects.get(slug=slug)
        if layer.published_id is None:
            return []
        found: list[dict[str, Any]] = json.loads(features.collection(layer, audience, "e", {}))[
            "features"
        ]
        return found

    return places


def of_kind(held: dict[tuple[str, str], Any], kind: str) -> dict[str, Any]:
    return {ident: feature for (one, ident), feature in held.items() if one == kind}


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Incident,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=QUIET, phases=[Phase.generate], print_blob=True,
        ),
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_what_a_page_holds_is_what_a_fresh_one_gets() -> None:
    run(examples=5, steps=30)


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_what_a_page_holds_is_what_a_fresh_one_gets_through_long_days() -> None:
    run(examples=60, steps=60)


# actions without a rule, and why nothing that a page holds depends on them
NO_RULE = {
    "announced": "only reads",
    "being_read": "a lock of who reads a file",
    "export_begin": "files for one person, on a page of their own",
    "export_cancel": "as export_begin",
    "export_create": "as export_begin",
    "export_fail": "as export_begin",
    "export_finish": "as export_begin",
    "export_opened": "as export_begin",
    "export_originals_taken": "as export_begin",
    "export_progress": "as export_begin",
    "exports_expire": "as export_begin",
    "file_discard": "a file that no row names",
    "incident_looked": "one person's own, told to nobody else",
    "layer_create": "every machine begins with it",
    "link_create": "tiles of the portal are in no feed",
    "link_withdraw": "as link_create",
    "original_discard": "a file that no row names",
    "original_opened": "a log of who opened an original",
    "original_purge": "a file that no row names",
    "photo_share": "upload_open calls it",
    "reports_seen": "one person's own, told to nobody else",
    "situation_report_issue": "a paper of its own, in no feed",
    "upload_finish": "photo_store, with the bytes of an upload",
    "version_resume": "only queues a reading again",
    "view_remove": "one person's own, told to nobody else",
    "view_save": "as view_remove",
}


def test_every_action_has_a_rule_or_a_reason() -> None:
    parts = [Incident, PhotoRules, LayerRules, Acting, builders.make_report, publish]
    called = set()
    for part in parts:
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(part)))):
            called |= {getattr(node, "attr", ""), getattr(node, "id", "")}
    assert {*actions.__all__, *layering.__all__} - called == set(NO_RULE)
