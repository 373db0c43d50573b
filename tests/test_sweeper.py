"""Every row of the table of crashes: what is left behind, and that sweeping puts it right."""

from __future__ import annotations

import hashlib
import io
import json
import os
import threading
import time
import uuid
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command, get_commands
from django.db import connection, connections, transaction
from django_tasks_db.models import DBTaskResult

from gspace import clock, serve
from reports import actions, blobs, parts, sweeper
from reports.actions.exports import file_name
from reports.actions.originals import lock_original
from reports.models import Photo, Upload
from reports.outgoing import Export
from reports.sweeper import sweep
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
NOTHING = sweeper.Swept(0, 0, 0, 0, 0, 0)


def now() -> datetime:
    return datetime.now(UTC)


def days(number: float) -> timedelta:
    return timedelta(days=number)


class Crew:
    """A device that has announced one photo."""

    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.caller, _ = builders.device(self.incident)
        self.content = builders.jpeg(1)
        self.sha256 = hashlib.sha256(self.content).hexdigest()
        self.name = blobs.original_name(self.sha256)
        self.report, self.photo = self.announce()

    def announce(self) -> tuple[uuid.UUID, Photo]:
        announced = builders.announce(self.content)
        report = builders.make_report(self.incident, self.caller, photos=[announced])
        return report, Photo.objects.get(id=announced["id"])

    def part(self) -> os.PathLike:
        part = blobs.new_part()
        part.write_bytes(self.content)
        return part

    def store(self, photo: Photo | None = None) -> Photo:
        return actions.photo_store(
            photo=photo or self.photo, part=self.part(), sha256=self.sha256, size=len(self.content)
        )

    def orphan(self) -> None:
        """What a crash between the rename and COMMIT leaves."""
        blobs.adopt(self.part(), self.name)

    def open_upload(self, bytes_sent: int) -> Upload:
        upload = actions.upload_open(
            photo_id=self.photo.id, length=len(self.content), by=self.caller
        )
        parts.path_of(upload.id).write_bytes(self.content[:bytes_sent])
        return upload


@pytest.fixture(autouse=True)
def own_storage(own_media: None, settings) -> None:
    """Assigning STORAGES makes them anew: nothing of other tests lies in the folder."""
    settings.STORAGES = {**settings.STORAGES}


@pytest.fixture
def crew(transactional_db: None) -> Crew:
    return Crew()


def state(photo: Photo) -> str:
    return Photo.objects.values_list("state", flat=True).get(id=photo.id)


# --- part of a PATCH ------------------------------------------------------------------------
def test_an_upload_that_nobody_goes_on_with_ends_after_seven_days(crew: Crew) -> None:
    upload = crew.open_upload(50)
    assert sweep(now() + days(6.9)) == NOTHING
    assert parts.path_of(upload.id).exists()
    assert sweep(now() + days(7.1)).expired == 1
    assert not Upload.objects.exists() and not parts.entries()
    assert state(crew.photo) == "awaited", "the client still has it"


def test_an_upload_that_still_grows_does_not_expire(crew: Crew) -> None:
    upload = crew.open_upload(50)
    Upload.objects.update(created_at=now() - days(30))
    assert sweep(now()) == NOTHING and parts.path_of(upload.id).exists()


def test_the_row_of_a_finished_upload_goes_after_seven_days(crew: Crew) -> None:
    crew.store()
    upload = crew.open_upload(0)
    parts.remove(upload.id)
    assert upload.completed_at is not None
    Upload.objects.update(created_at=now() - days(8))
    sweep(now() + days(6.9))
    assert Upload.objects.exists()
    assert sweep(now() + days(7.1)).expired == 0, "life as usual, nothing to tell"
    assert not Upload.objects.exists()


def test_parts_of_direct_uploads_go_after_seven_days(crew: Crew) -> None:
    part = crew.part()
    assert sweep(now() + days(6.9)) == NOTHING and part.exists()
    assert sweep(now() + days(7.1)).expired == 1 and not part.exists()


# --- rename, before COMMIT ------------------------------------------------------------------
def test_a_file_without_a_row_goes_to_the_trash_and_later_away(crew: Crew) -> None:
    crew.orphan()
    assert sweep(now() + timedelta(hours=47)) == NOTHING
    assert sweep(now() + timedelta(hours=49)).discarded == 1
    assert not blobs.exists(crew.name) and blobs.exists(blobs.trash_name(crew.sha256))
    assert sweep(now() + days(6.9)).purged == 0, "the trash counts from when it came there"
    assert sweep(now() + days(7.1)).purged == 1
    assert not blobs.exists(blobs.trash_name(crew.sha256))


def test_a_client_that_comes_back_attaches_the_file_again(crew: Crew) -> None:
    crew.orphan()
    assert crew.store().state == "stored"
    assert sweep(now() + days(30)).discarded == 0 and blobs.exists(crew.name)


def test_a_file_that_a_photo_names_is_never_touched(crew: Crew) -> None:
    crew.store()
    done = sweep(now() + days(400))
    assert (done.discarded, done.purged) == (0, 0) and blobs.exists(crew.name)


def test_what_is_named_again_comes_back_from_the_trash(crew: Crew) -> None:
    crew.store()
    blobs.move(crew.name, blobs.trash_name(crew.sha256))
    assert sweep(now() + days(30)).purged == 0
    assert blobs.exists(crew.name) and not blobs.exists(blobs.trash_name(crew.sha256))


def test_files_that_are_not_ours_stay(crew: Crew) -> None:
    names = ("blobs/ab/README", "copies/ab/notes.txt", "trash/keep", "exports/ab/README")
    for name in names:
        blobs.write(name, b"x")
    assert sweep(now() + days(400)) == NOTHING
    assert all(blobs.exists(name) for name in names)


# --- attach and sweep at once ---------------------------------------------------------------
def test_the_sweeper_that_was_quicker_gives_the_file_back(crew: Crew) -> None:
    """Between the rename and the row; on a slow disk a file can grow old there."""
    adopt = blobs.adopt

    def adopted_then_swept(part, name) -> None:
        adopt(part, name)
        in_thread(sweep, now() + days(3)).join(10)
        assert not blobs.exists(name)

    blobs.adopt = adopted_then_swept
    try:
        assert crew.store().state == "stored"
    finally:
        blobs.adopt = adopt
    assert blobs.exists(crew.name) and not blobs.exists(blobs.trash_name(crew.sha256))


def test_sweeper_and_attach_wait_for_each_other(crew: Crew) -> None:
    crew.orphan()
    with transaction.atomic():
        lock_original(crew.sha256)
        sweeping = in_thread(sweep, now() + days(3))
        sweeping.join(1.0)
        assert sweeping.is_alive(), "somebody attaches this file"
        Photo.objects.filter(id=crew.photo.id).update(stored_at=now(), state="stored")
    sweeping.join(10)
    assert blobs.exists(crew.name), "it looks again once it has the lock"


def test_erasing_takes_the_lock_and_the_trash_too(crew: Crew) -> None:
    crew.store()
    blobs.write(blobs.trash_name(crew.sha256), crew.content)
    actions.report_erase(report_id=crew.report, by=crew.caller)
    assert not blobs.exists(crew.name) and not blobs.exists(blobs.trash_name(crew.sha256))


def in_thread(function, *args) -> threading.Thread:
    def run() -> None:
        try:
            function(*args)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


# --- row, before its copies -----------------------------------------------------------------
def test_a_photo_whose_task_was_lost_is_developed(crew: Crew, work_off) -> None:
    crew.store()
    DBTaskResult.objects.all().delete()
    assert sweep(now() + timedelta(minutes=9)).redeveloped == 0
    assert sweep(now() + timedelta(minutes=11)).redeveloped == 1
    assert sweep(now() + timedelta(minutes=12)).redeveloped == 0, "it stands in the queue"
    work_off()
    assert state(crew.photo) == "ready"
    assert sweep(now() + days(30)).redeveloped == 0


def test_a_photo_whose_worker_was_killed_is_developed(crew: Crew, work_off) -> None:
    crew.store()
    DBTaskResult.objects.update(status="RUNNING", started_at=now())
    assert sweep(now() + timedelta(minutes=9)).redeveloped == 0
    assert sweep(now() + timedelta(minutes=11)).redeveloped == 1
    work_off()
    assert state(crew.photo) == "ready"


def test_a_photo_that_stands_in_a_long_queue_is_not_enqueued_twice(crew: Crew) -> None:
    crew.store()
    assert sweep(now() + days(3)).redeveloped == 0


def test_a_photo_that_fails_again_and_again_is_tried_less_and_less(crew: Crew) -> None:
    crew.store()
    when, tries = now(), 0
    for _ in range(48):
        DBTaskResult.objects.filter(status="READY").update(status="FAILED", enqueued_at=when)
        when += timedelta(minutes=10, seconds=1)
        tries += sweep(when).redeveloped
    assert 4 <= tries <= 6, "8 hours of a broken disk are a handful of tries, not 48"
    assert sweep(when + days(2)).redeveloped == 1, "and it is never given up"


def test_what_was_never_sent_stays_awaited(crew: Crew) -> None:
    assert sweep(now() + days(400)) == NOTHING
    assert state(crew.photo) == "awaited"


def test_copies_that_outlived_the_erasing_go(crew: Crew, work_off) -> None:
    crew.store()
    work_off()
    copy = blobs.copy_name(crew.photo.id, "display")
    with blobs.open_file(copy) as stream:
        kept = stream.read()
    _, photo = crew.announce()
    crew.store(photo)
    work_off()
    actions.report_erase(report_id=crew.report, by=crew.caller)
    assert not blobs.exists(copy)
    blobs.write(copy, kept)
    assert sweep(now() + timedelta(hours=47)).copies == 0
    assert sweep(now() + timedelta(hours=49)).copies == 1
    assert not blobs.exists(copy)
    assert blobs.exists(blobs.copy_name(photo.id, "display")), "another report's"


# --- an export, between its file and its row --------------------------------------------------
@pytest.mark.parametrize(
    ("state", "count"), [("working", 0), ("ready", 0), ("failed", 1), ("cancelled", 1)]
)
def test_the_file_of_an_export_that_ended_otherwise_goes_at_once(
    crew: Crew, state: str, count: int
) -> None:
    export = actions.export_create(
        incident=crew.incident, kind="csv", filters={}, photos="none", language="ja",
        by=builders.operator(crew.incident),
    )  # fmt: skip
    actions.export_begin(export_id=export.id)
    blobs.write(file_name(export), b"everything")
    Export.objects.update(state=state)
    assert sweep().exports == count
    assert blobs.exists(file_name(export)) == (count == 0)


# --- who calls it ---------------------------------------------------------------------------
def test_the_workers_clock_calls_it(crew: Crew, settings, monkeypatch) -> None:
    assert settings.CLOCK["reports.sweeper.sweep"] == 600
    crew.orphan()
    os.utime(settings.MEDIA_ROOT / crew.name, (0, 0))
    settings.CLOCK = {"reports.sweeper.sweep": 3600}
    monkeypatch.setattr(clock, "FIRST_AFTER_S", 0.0)
    clock.start()
    until = time.monotonic() + 10
    while blobs.exists(crew.name) and time.monotonic() < until:
        time.sleep(0.05)
    assert blobs.exists(blobs.trash_name(crew.sha256))


def test_the_worker_that_make_run_starts_has_the_clock() -> None:
    assert get_commands()["db_worker"] == "gspace"
    assert serve.WORKER[1] == "db_worker"
    # what is due is called once: by the worker of all queues
    assert serve.WORKER[3] == "*" and serve.READER[3] == "layers"


def test_an_operator_can_call_it(crew: Crew) -> None:
    out = io.StringIO()
    call_command("sweep", stdout=out)
    assert json.loads(out.getvalue()) == asdict(NOTHING)


def test_a_failing_call_does_not_stop_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")

    clock.call(fails)
    assert "called again later" in caplog.text


def test_finished_tasks_are_forgotten(work_off, crew: Crew) -> None:
    from django_tasks_db.models import DBTaskResult

    crew.store()
    work_off()
    assert DBTaskResult.objects.finished().exists()
    clock.prune_tasks()
    assert DBTaskResult.objects.finished().exists(), "not at once"
    DBTaskResult.objects.update(finished_at=now() - timedelta(days=3))
    clock.prune_tasks()
    assert not DBTaskResult.objects.exists()
