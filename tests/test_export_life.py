"""The life of an export: waiting, being made, ready, gone; and what a dead worker leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions, blobs, exports
from reports.actions.exports import file_name
from reports.models import Report
from reports.outgoing import Export
from tests import builders
from tests.test_exports import ask, made

pytestmark = pytest.mark.django_db
Committing = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def incident(settings: Any, tmp_path: Path) -> Incident:
    settings.MEDIA_ROOT, settings.PARTS_ROOT = tmp_path, tmp_path / "parts"
    return builders.make_incident("quake", time_zone="Asia/Tokyo")


@pytest.fixture
def alice(incident: Incident) -> Caller:
    return builders.operator(incident)


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Committing) -> Committing:
    return django_capture_on_commit_callbacks


def test_it_waits_in_a_queue_of_its_own(incident: Incident, alice: Caller) -> None:
    export = ask(incident, alice, "csv")
    (task,) = DBTaskResult.objects.filter(queue_name="exports")
    assert task.args_kwargs["args"] == [str(export.id)]


def test_the_last_hours_are_those_before_it_was_asked_for(
    incident: Incident, alice: Caller
) -> None:
    """Not those before a worker had time for it."""
    ident, asked_at = builders.make_report(incident), datetime(2026, 7, 28, 12, tzinfo=UTC)
    said: dict[str, Any] = {"incident": incident, "kind": "csv", "photos": "none", "by": alice}
    said |= {"language": "ja", "now": asked_at}
    hours = {"recent": 6, "since": "2026-07-28T05:00:00+09:00"}
    export = actions.export_create(filters=hours, **said)
    assert export.filters == {"since": "2026-07-28T06:00:00+00:00"}
    later = actions.export_create(filters=hours | {"since": "2026-07-28T20:00:00+09:00"}, **said)
    assert later.filters == {"since": "2026-07-28T11:00:00+00:00"}, "the narrower of the two"
    Report.objects.filter(id=ident).update(received_at=asked_at - timedelta(hours=5))
    assert exports.make(export.id) == "ready" and Export.objects.get(id=export.id).done == 1


def test_cancelled_while_it_is_made_it_stops_and_leaves_nothing(
    incident: Incident, alice: Caller, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr("reports.export_making.ROWS_AT_ONCE", 1)
    for _ in range(3):
        builders.make_report(incident)
    export = ask(incident, alice, "csv")
    seen: list[int] = []
    real = actions.export_progress

    def cancel_at_the_first_step(**told: Any) -> bool:
        seen.append(told["done"])
        if told["done"] == 1:
            actions.export_cancel(export_id=export.id, by=alice)
        return real(**told)

    monkeypatch.setattr(actions, "export_progress", cancel_at_the_first_step)
    assert exports.make(export.id) == "cancelled"
    assert seen == [0, 1], "not one report more was read"
    assert Export.objects.get(id=export.id).state == "cancelled"
    assert not blobs.exists(file_name(export))
    assert list(settings.PARTS_ROOT.iterdir()) == []


def test_cancelled_before_it_began_it_is_never_made(incident: Incident, alice: Caller) -> None:
    export = ask(incident, alice, "csv")
    actions.export_cancel(export_id=export.id, by=alice)
    assert exports.make(export.id) == "not waiting"


def test_a_failure_is_told_and_leaves_no_part(
    incident: Incident, alice: Caller, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def broken(making: Any) -> None:
        making.path.write_bytes(b"half")
        raise RuntimeError

    monkeypatch.setitem(exports.WRITERS, "csv", broken)
    export = ask(incident, alice, "csv")
    with pytest.raises(RuntimeError):
        exports.make(export.id)
    assert Export.objects.get(id=export.id).state == "failed"
    assert list(settings.PARTS_ROOT.iterdir()) == []


def test_the_file_goes_after_its_hours_and_the_row_stays(
    incident: Incident, alice: Caller, settings: Any, committing: Committing
) -> None:
    export = made(incident, alice, "csv")
    later = datetime.now(UTC) + timedelta(hours=settings.LIMIT_EXPORT_HOURS, minutes=1)
    with committing(execute=True):
        assert actions.exports_expire() == 0
        assert actions.exports_expire(now=later) == 1
        assert blobs.exists(file_name(export)), "with the commit, not before"
    assert not blobs.exists(file_name(export))
    assert Export.objects.get(id=export.id).state == "removed"


def test_what_is_erased_leaves_with_the_file(
    incident: Incident, alice: Caller, committing: Committing
) -> None:
    ident = builders.make_report(incident)
    export = made(incident, alice, "csv")
    actions.report_erase(report_id=ident, by=alice)
    with pytest.raises(Problem) as refused:
        exports.file_of(export)
    assert refused.value.code == "export_gone", "at once, not when the clock next comes by"
    with committing(execute=True):
        assert actions.exports_expire() == 1
    assert not blobs.exists(file_name(export))


def test_one_whose_worker_died_has_failed_and_leaves_no_file(
    incident: Incident, alice: Caller, committing: Committing
) -> None:
    export = ask(incident, alice, "csv")
    actions.export_begin(export_id=export.id)
    blobs.write(file_name(export), b"everything")
    Export.objects.update(touched_at=datetime.now(UTC) - timedelta(hours=1))
    with committing(execute=True):
        actions.exports_expire()
    assert Export.objects.get(id=export.id).reason == "lost"
    assert not blobs.exists(file_name(export)), "it died before the row said `ready`"


def test_one_whose_task_is_gone_waits_no_longer(
    incident: Incident, alice: Caller, settings: Any
) -> None:
    settings.LIMIT_EXPORTS_WAITING = 4
    queued, taken, died, gone = (ask(incident, alice, "csv") for _ in range(4))
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    for export, began in ((taken, datetime.now(UTC)), (died, hour_ago)):
        _task(export).update(status="RUNNING", started_at=began)
    _task(gone).delete()
    actions.exports_expire()
    assert not Export.objects.filter(state="failed").exists(), "not at once"
    Export.objects.update(touched_at=hour_ago)
    actions.exports_expire()
    lost = set(Export.objects.filter(state="failed", reason="lost").values_list("id", flat=True))
    assert lost == {died.id, gone.id}
    ask(incident, alice, "csv")
    assert exports.make(taken.id) == exports.make(queued.id) == "ready"


def _task(export: Export) -> Any:
    return DBTaskResult.objects.filter(args_kwargs__args__0=str(export.id))


def test_only_so_many_are_made_at_once(incident: Incident, alice: Caller, settings: Any) -> None:
    settings.LIMIT_EXPORTS_WAITING = 1
    export = ask(incident, alice, "csv")
    with pytest.raises(Problem) as refused:
        ask(incident, alice, "csv")
    assert refused.value.code == "exports_waiting"
    exports.make(export.id)
    ask(incident, alice, "csv")
