"""A file is kept before it is numbered, read by a worker, and read again when the worker dies."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from gspace import access
from gspace.problems import Problem
from layers import actions, files, intake, sweeper
from layers.models import LayerVersion
from tests import builders
from tests.layer_builders import make_layer, publish, publisher, read_files, send, spot

pytestmark = pytest.mark.django_db(transaction=True)
CSV = "名称,緯度,経度\n東小学校,32.794222,130.748408\n".encode()


@pytest.fixture
def layer():
    return make_layer(builders.make_incident(), slug="hinanjo")


def version() -> LayerVersion:
    return LayerVersion.objects.latest("id")


def later(seconds: float = 60) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def in_queue() -> int:
    return DBTaskResult.objects.filter(status="READY").count()


def reader_died() -> None:
    """Its task is left as running, for ever."""
    DBTaskResult.objects.update(status="RUNNING")


def test_a_file_is_kept_byte_by_byte_before_it_is_read(layer) -> None:
    found = send(*layer, CSV, filename="避難\x00所.csv")
    assert (found.state, found.number, found.raw_size) == ("reading", 1, len(CSV))
    assert found.raw_sha256 == hashlib.sha256(CSV).hexdigest()
    assert found.filename == "避難\ufffd所.csv"
    assert files.open_file(found.raw_sha256).read() == CSV
    assert found.asked == {"publish": True, "crs": "", "by": layer[1].key}
    assert in_queue() == 1


def test_a_stream_is_taken_as_well_and_too_much_of_it_is_not(layer, settings) -> None:
    assert send(*layer, io.BytesIO(CSV)).raw_size == len(CSV)
    settings.LIMIT_LAYER_BYTES = 10
    for raw, code in ((io.BytesIO(CSV), "too_large"), (b"", "invalid"), (io.BytesIO(), "invalid")):
        with pytest.raises(Problem) as refused:
            send(*layer, raw)
        assert refused.value.code == code
    assert LayerVersion.objects.count() == 1
    assert not list(settings.PARTS_ROOT.iterdir())


def test_an_older_file_that_is_read_late_does_not_replace_a_newer_one(layer) -> None:
    """Its reader has died; the file sent after it was public before it was read again."""
    older = send(*layer, CSV)
    newer = publish(*layer, [spot("a"), spot("b", 130.71, 32.8)])
    read_files()
    older.refresh_from_db()
    assert (older.state, [one["code"] for one in older.holds]) == ("quarantined", ["overtaken"])
    assert "version 2" in older.reason
    layer[0].refresh_from_db()
    assert layer[0].published == newer
    actions.version_publish(layer=layer[0], number=older.number, by=layer[1])
    layer[0].refresh_from_db()
    assert layer[0].published == older, "a person has looked"


def test_a_place_added_by_hand_meanwhile_holds_no_file_back(layer) -> None:
    found = send(*layer, CSV)
    actions.feature_add(
        layer=layer[0],
        values={"name": "公民館", "geometry": {"type": "Point", "coordinates": [130.7, 32.8]}},
        state={},
        source_as_of=None,
        by=layer[1],
    )
    read_files()
    found.refresh_from_db()
    assert (found.state, found.feature_count) == ("published", 2)


def test_who_may_not_publish_leaves_no_version(layer) -> None:
    for by in (access.NOBODY, publisher()[0]):
        with pytest.raises(Problem) as refused:
            send(layer[0], by, CSV)
        assert refused.value.code == "not_allowed"
    assert not LayerVersion.objects.exists() and not in_queue()


def test_the_worker_reads_it_and_who_sent_it_is_named(layer, work_off) -> None:
    send(*layer, CSV)
    work_off()
    found = version()
    assert (found.state, found.feature_count, found.progress) == ("published", 1, None)
    assert found.uploaded_by == layer[1].name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.metadata->>'key' FROM layers_layerevent e JOIN pghistory_context c"
            " ON c.id = e.pgh_context_id ORDER BY e.pgh_id DESC LIMIT 1"
        )
        assert cursor.fetchone() == (layer[1].key,)


def test_what_is_read_only_is_ready(layer) -> None:
    send(*layer, CSV, publish=False)
    read_files()
    assert version().state == "ready"
    layer[0].refresh_from_db()
    assert layer[0].published is None


def test_reading_twice_changes_nothing(layer) -> None:
    send(*layer, CSV)
    read_files()
    before = version().features.count()
    assert intake.read(version().id) == "read meanwhile"
    assert (version().features.count(), version().state) == (before, "published")


def test_two_readers_do_not_read_one_file(layer) -> None:
    found = send(*layer, CSV)
    with second_session() as cursor:
        cursor.execute("SELECT pg_advisory_lock(9, %s)", [found.id])
        assert intake.read(found.id) == "being read"
    assert version().state == "reading"


def test_a_file_that_stands_in_the_queue_is_left_there(layer) -> None:
    send(*layer, CSV)
    assert sweeper.sweep(later()) == 0
    assert in_queue() == 1


def test_a_reader_that_is_alive_is_left_alone(layer) -> None:
    found = send(*layer, CSV)
    reader_died()
    with second_session() as cursor:
        cursor.execute("SELECT pg_advisory_lock(9, %s)", [found.id])
        assert sweeper.sweep(later()) == 0


def test_a_file_whose_reader_died_is_read_again(layer, work_off) -> None:
    publish(*layer, [spot("a")])
    send(*layer, CSV)
    reader_died()
    assert sweeper.sweep() == 0, "not at once"
    assert (sweeper.sweep(later()), in_queue()) == (1, 1)
    layer[0].refresh_from_db()
    assert layer[0].published.number == 1
    work_off()
    assert version().state == "published"


def test_a_file_that_kills_its_readers_is_refused_and_the_good_version_stays(layer) -> None:
    publish(*layer, [spot("a")])
    send(*layer, CSV)
    for _ in range(2):
        reader_died()
        assert sweeper.sweep(later()) == 1
    found = version()
    assert (found.state, found.findings[0]["code"]) == ("refused", "reader_died")
    assert "made the reader stop" in found.reason
    layer[0].refresh_from_db()
    assert (layer[0].published.number, in_queue()) == (1, 0)
    assert sweeper.sweep(later()) == 0


def test_a_file_that_is_gone_is_said(layer) -> None:
    found = send(*layer, CSV)
    assert files.delete_older(found.raw_sha256, later())
    read_files()
    assert (version().state, version().findings[0]["code"]) == ("refused", "file_gone")


def test_only_old_files_without_a_row_are_swept(layer, settings) -> None:
    named = send(*layer, CSV).raw_sha256
    orphan = files.keep(b"nobody's").sha256
    assert sweeper.sweep_files() == 0
    assert sweeper.sweep_files(later(49 * 3600)) == 1
    assert files.exists(named) and not files.exists(orphan)


def test_a_file_that_was_swept_before_its_row_is_not_numbered(layer) -> None:
    kept = files.keep(CSV)
    assert actions.file_discard(sha256=kept.sha256, oldest=later())
    with pytest.raises(Problem) as refused:
        actions.version_receive(
            layer=layer[0], kept=kept, filename="a", asked={}, source_as_of=None, by=layer[1]
        )
    assert refused.value.code == "busy"


def second_session():
    """A cursor of a connection of its own, closed (and its locks gone) afterwards."""
    from contextlib import contextmanager

    import psycopg2

    @contextmanager
    def opened():
        known = connection.get_connection_params()
        known.pop("cursor_factory", None)
        other = psycopg2.connect(**known)
        try:
            yield other.cursor()
        finally:
            other.close()

    return opened()
