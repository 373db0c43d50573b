"""Headquarters' log: written line by line, never changed, corrected by lines of their own."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import NotSupportedError

from reports import actions
from reports.models import LogEntry
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {
    "kind": "instruction",
    "sender": "本部",
    "receiver": "東1班",
    "text": "県道28号を通行止めにしてください。",
    "at": "2016-04-16T14:05:00+09:00",
}
FAILED = (InternalError, NotSupportedError)
NOBODYS = "00000000-0000-4000-8000-000000000000"


class World:
    """Headquarters with a report; a crew of its own, a partner and a stranger's headquarters."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.incident = builders.make_incident()
        home = builders.headquarters(self.incident)
        self.by = builders.operator(self.incident)
        self.hq = self.client(builders.api_token(home, "operator"))
        crew, token = builders.device(self.incident)
        self.crew = self.client(token)
        self.report = str(builders.make_report(self.incident, crew))
        liaison = builders.make_organisation()
        builders.join(self.incident, liaison, "partner")
        self.partner = self.client(builders.api_token(liaison, "partner"))
        self.elsewhere = builders.make_incident()
        other = builders.headquarters(self.elsewhere)
        self.stranger = self.client(builders.api_token(other, "operator"))

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=f"{self.server}/api/v1", headers=builders.bearer(token))

    @property
    def path(self) -> str:
        return f"/incidents/{self.incident.slug}/log"

    def write(self, **more: Any) -> httpx.Response:
        return self.hq.post(self.path, json={**SAID, **more})

    def written(self, **more: Any) -> dict[str, Any]:
        answer = self.write(**more)
        assert answer.is_success, answer.text
        return answer.json()

    def read(self, **filters: Any) -> list[dict[str, Any]]:
        answer = self.hq.get(self.path, params=filters)
        assert answer.is_success, answer.text
        return answer.json()["items"]

    def texts(self, **filters: Any) -> list[str]:
        return [entry["text"] for entry in self.read(**filters)]

    def changes(self, by: httpx.Client, since: int = 0, epoch: str = "") -> dict[str, Any]:
        path = f"/incidents/{self.incident.slug}/changes"
        return by.get(path, params={"since": since, "epoch": epoch}).json()


@pytest.fixture
def world(server: str) -> World:
    return World(server)


# --- writing ---------------------------------------------------------------------------------
def test_a_line_says_who_told_what_to_whom_and_when(world: World) -> None:
    answer = world.write(report=world.report)
    told = answer.json()
    assert answer.status_code == 201
    assert {name: told[name] for name in SAID if name != "at"} == {
        name: value for name, value in SAID.items() if name != "at"
    }
    assert datetime.fromisoformat(told["at"]) == datetime(2016, 4, 16, 5, 5, tzinfo=UTC)
    written = datetime.fromisoformat(told["written_at"])
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)
    assert told["report"] == world.report and len(told["receipt"]) == 6
    assert told["author"] == "test" and told["incident"] == world.incident.slug
    assert told["corrects"] is told["corrected"] is told["settles"] is told["settled"] is None
    assert world.read() == [told]


def test_without_a_time_it_happens_now(world: World) -> None:
    told = world.written(at=None)
    assert told["at"] == told["written_at"]


def test_once_for_one_id(world: World) -> None:
    ident = str(uuid.uuid4())
    first, again = world.write(id=ident), world.write(id=ident)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() and first.json()["id"] == ident
    others = ({"text": "別"}, {"kind": "note"}, {"sender": "x"}, {"report": world.report},
              {"at": "2016-04-16T14:06:00+09:00"})  # fmt: skip
    for other in others:
        answer = world.write(**{"id": ident, **other})
        assert (answer.status_code, answer.json()["code"]) == (409, "log_differs"), other
    assert LogEntry.objects.count() == 1


def test_pressed_many_times_at_once_it_is_one_line(world: World) -> None:
    first = world.written(kind="request")
    body = {"id": str(uuid.uuid4()), "at": None, "corrects": first["id"]}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.write(**body), range(4)))
    assert sorted(a.status_code for a in answers) == [200, 200, 200, 201]
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": ""}, "text"), ({"text": " \n"}, "text"), ({"text": "x" * 4001}, "text"),
     ({"kind": "party"}, "kind"), ({"sender": "x" * 121}, "sender"), ({"id": "1"}, "id"),
     ({"receiver": "a\x00"}, "receiver"), ({"report": "1"}, "report"), ({"who": "me"}, "who")],
)  # fmt: skip
def test_what_is_wrong_is_named(world: World, wrong: dict, field: str) -> None:
    answer = world.write(**wrong)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not LogEntry.objects.exists()


def test_a_time_needs_an_offset_and_is_not_to_come(world: World, settings: Any) -> None:
    assert world.write(at="2016-04-16T14:05:00").json()["code"] == "time_without_offset"
    soon = datetime.now(UTC) + timedelta(minutes=settings.LIMIT_LOG_AHEAD_MIN)
    ahead = world.write(at=(soon + timedelta(minutes=1)).isoformat())
    assert (ahead.status_code, ahead.json()["field"]) == (422, "at")
    assert world.write(at=(soon - timedelta(minutes=1)).isoformat()).status_code == 201


def test_a_report_of_another_incident_is_unknown(world: World) -> None:
    other = str(builders.make_report(world.elsewhere))
    for ident in (other, str(uuid.uuid4())):
        assert world.write(report=ident).json()["code"] == "report_unknown"


def test_what_was_said_of_a_report_outlives_it(world: World) -> None:
    before = world.written(report=world.report)
    actions.report_erase(report_id=uuid.UUID(world.report), by=world.by)
    assert world.read() == [before]
    assert world.written(report=world.report)["receipt"] == before["receipt"]


def test_a_closed_incidents_log_goes_on(world: World) -> None:
    world.incident.state = "closed"
    world.incident.save()
    assert world.write().status_code == 201


# --- corrections -----------------------------------------------------------------------------
def test_a_correction_is_a_line_of_its_own_and_the_first_stays(world: World) -> None:
    wrong = world.written(text="県道82号")
    right = world.written(text="県道28号", corrects=wrong["id"])
    newest, oldest = world.read()
    assert (newest, right["corrects"]) == (right, wrong["id"])
    assert oldest == wrong | {
        "corrected": {"id": right["id"], "at": right["written_at"], "author": "test"}
    }


def test_a_line_is_corrected_once(world: World) -> None:
    wrong = world.written()
    right = world.written(text="一度目", corrects=wrong["id"])
    again = world.write(text="二度目", corrects=wrong["id"])
    assert (again.status_code, again.json()["code"]) == (409, "log_corrected")
    assert world.write(text="二度目", corrects=right["id"]).status_code == 201


def test_of_two_who_correct_at_once_one_is_told(world: World) -> None:
    wrong = world.written()["id"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: world.write(text=f"{n}", corrects=wrong), range(4)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]


def test_only_a_line_of_this_log_is_corrected(world: World) -> None:
    other, _ = actions.log_write(
        incident=world.elsewhere, kind="note", text="x", by=builders.operator(world.elsewhere)
    )
    for ident in (str(other.id), str(uuid.uuid4())):
        for link in ("corrects", "settles"):
            assert world.write(**{link: ident}).json()["code"] == "log_unknown"


def test_what_settles_a_request_is_named_at_it(world: World) -> None:
    asked = world.written(kind="request")
    done = world.written(kind="report", text="完了", settles=asked["id"])
    settled = world.read(kind="request")[0]["settled"]
    assert settled == {"id": done["id"], "at": done["at"], "author": "test"}
    # said in error after all
    world.written(kind="note", text="未完了", corrects=done["id"])
    assert world.read(kind="request")[0]["settled"] is None


def test_only_a_request_is_settled(world: World) -> None:
    told = world.written(kind="instruction")
    answer = world.write(settles=told["id"])
    assert (answer.status_code, answer.json()["field"]) == (422, "settles")


@pytest.mark.parametrize(
    "sql",
    ["UPDATE reports_logentry SET text = 'x'", "UPDATE reports_logentry SET by_name = 'x'",
     "DELETE FROM reports_logentry", "DELETE FROM reports_logentry WHERE kind = 'instruction'"],
)  # fmt: skip
def test_not_even_sql_changes_a_line(world: World, sql: str) -> None:
    told = world.written()
    with pytest.raises(FAILED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert world.read() == [told]


def test_not_even_the_models_change_a_line(world: World) -> None:
    world.written()
    entry = LogEntry.objects.get()
    with pytest.raises(FAILED), transaction.atomic():
        LogEntry.objects.update(text="x")
    with pytest.raises(FAILED), transaction.atomic():
        entry.delete()
    assert LogEntry.objects.get().text == SAID["text"]


# --- reading ---------------------------------------------------------------------------------
def fill(world: World) -> None:
    lines: tuple[dict[str, Any], ...] = (
        {"text": "一", "at": "2016-04-16T10:00:00+09:00"},
        {"text": "断水の対応 ｶﾞｽ", "at": "2016-04-16T12:00:00+09:00", "kind": "decision",
         "sender": "市長", "receiver": ""},
        {"text": "三", "at": "2016-04-16T11:00:00+09:00", "kind": "report", "sender": "東2班",
         "receiver": "本部", "report": world.report},
    )  # fmt: skip
    for line in lines:
        world.written(**line)


@pytest.mark.parametrize(
    ("filters", "found"),
    [({}, "断三一"), ({"order": "oldest"}, "一三断"), ({"kind": "report,decision"}, "断三"),
     ({"since": "2016-04-16T11:00:00+09:00"}, "断三"), ({"q": "断水"}, "断"), ({"q": "ガス"}, "断"),
     ({"until": "2016-04-16T11:00:00+09:00"}, "一"), ({"q": "100%"}, ""), ({"q": "２班"}, "三"),
     ({"party": "本部"}, "三一"), ({"party": "班"}, "三一"), ({"party": "市長"}, "断"),
     ({"limit": 1}, "断"), ({"kind": "note"}, ""), ({"q": "test"}, "断三一")],
)  # fmt: skip
def test_the_log_is_filtered(world: World, filters: dict, found: str) -> None:
    fill(world)
    assert "".join(text[0] for text in world.texts(**filters)) == found


def test_the_lines_of_one_report(world: World) -> None:
    fill(world)
    assert world.texts(report=world.report) == ["三"]
    receipt = world.read(report=world.report)[0]["receipt"]
    assert world.texts(q=receipt.lower()) == ["三"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("since", "yesterday"), ("until", "2016-04-16T11:00:00"), ("kind", "party"), ("limit", "0"),
     ("report", "1"), ("cursor", "1"), ("cursor", NOBODYS), ("order", "up"),
     ("q", "\x00"), ("party", "\x00"), ("limit", "many")],
)  # fmt: skip
def test_a_wrong_filter_is_named(world: World, name: str, value: str) -> None:
    answer = world.hq.get(world.path, params={name: value})
    assert (answer.status_code, answer.json()["field"]) == (422, name)


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_page_by_page_every_line_comes_once(world: World, order: str) -> None:
    for n in range(7):
        # three of one moment stand in the order of their writing
        world.written(text=str(n), at=f"2016-04-16T14:0{n // 3}:00+09:00")
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = world.hq.get(world.path, params={"limit": 2, "order": order, **cursor}).json()
        found += [entry["text"] for entry in answer["items"]]
        if answer["cursor"] is None:
            break
        cursor = {"cursor": answer["cursor"]}
        if len(found) == 2:
            world.written(text="new")
    kept = [text for text in found if text != "new"]
    assert kept == sorted("0123456", reverse=order == "newest")


# --- the feed --------------------------------------------------------------------------------
def test_the_feed_tells_headquarters_and_nobody_else(world: World) -> None:
    told = world.written()
    frame = world.changes(world.hq)
    (item,) = [i for i in frame["items"] if i["kind"] == "log"]
    assert (item["id"], item["version"], item["feature"]) == (told["id"], 1, told)
    for other in (world.crew, world.partner, world.stranger):
        heard = world.changes(other)
        assert not [i for i in heard["items"] + heard["gone"] if i["kind"] == "log"]
        assert SAID["text"] not in str(heard)


def test_a_line_tells_of_those_it_corrects_and_settles(world: World) -> None:
    asked = world.written(kind="request")
    done = world.written(kind="report", settles=asked["id"])
    start = world.changes(world.hq)
    again = world.written(kind="note", corrects=done["id"])
    after = world.changes(world.hq, start["head"], start["epoch"])
    features = {i["id"]: i["feature"] for i in after["items"]}
    assert set(features) == {asked["id"], done["id"], again["id"]}
    assert features[asked["id"]]["settled"] is None
    assert features[done["id"]]["corrected"]["id"] == again["id"]
    versions = [{i["id"]: i["version"] for i in f["items"]}[asked["id"]] for f in (start, after)]
    assert versions[0] < versions[1]
    assert sorted(features.values(), key=str) == sorted(world.read(), key=str)


# --- who -------------------------------------------------------------------------------------
def test_others_neither_write_nor_read(world: World) -> None:
    world.written()
    for by in (world.crew, world.partner, world.stranger):
        assert by.post(world.path, json=SAID).status_code == 403
        assert by.get(world.path).status_code == 403
    assert httpx.get(f"{world.server}/api/v1{world.path}").status_code == 401
    assert LogEntry.objects.count() == 1
