"""A file is stored as it is read: columns say what rows say, nobody waits, crashes lose nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings as configured
from django.db import IntegrityError, connection, transaction

from gspace import serve
from gspace.access import Caller
from layers import plain, progress, sandbox, sweeper
from layers.models import Feature, Layer, LayerVersion
from layers.plain import Plain
from layers.reading import Reading
from tests import builders
from tests.layer_builders import make_layer, publish, read_files, send, spot
from tests.table_builders import sheet

pytestmark = pytest.mark.django_db(transaction=True)
CHECKOUT = Path(__file__).resolve().parent.parent
CONTEXT = {"kind": "shelter", "zone": "Asia/Tokyo"}
HEAD = "名称,住所,緯度,経度,避難者数,更新日時,団体コード,備考"


def rows(number: int, **more: str) -> str:
    lines = [
        f"第{i}校,熊本県熊本市東区健軍{i},{32.7 + i % 100 / 1000:.6f},{130.7 + i % 90 / 1000:.6f},"
        f"{i % 7 or ''},2016-04-16T0{i % 9}:00:00+09:00,431028,{more.get('note', '')}"
        for i in range(number)
    ]
    return sheet(HEAD, *lines)


@pytest.fixture
def layer() -> Layer:
    return make_layer(builders.make_incident(), slug="hinanjo")[0]


def owner(layer: Layer) -> Caller:
    return Caller("test", "test", ((layer.publisher_id, "publisher"),))


def heard(raw: str) -> list[sandbox.Batch]:
    with tempfile.TemporaryFile() as source:
        source.write(raw.encode())
        source.seek(0)
        return list(sandbox.stream(source, CONTEXT, sandbox.Told()))


# --- columns ---------------------------------------------------------------------------------
ODD = {
    "nothing": "",
    "tab and backslash": "\\N\tおわり",
    "quotes": '""引用""',
    "braces": "{[(",
    "many braces": "[" * 40,
    "emoji": "🏫",
    "nan": "NaN",
}


@pytest.mark.parametrize("note", ODD.values(), ids=ODD)
def test_columns_say_what_the_rows_say(layer: Layer, note: str) -> None:
    batches = heard(rows(40, note=f'"{note}"'))
    columns = [one for one in batches if isinstance(one, Plain)]
    if note in ("", ODD["quotes"], ODD["emoji"], ODD["tab and backslash"], ODD["braces"]):
        assert sum(map(len, columns)) == 40
    plainly, singly = Reading(layer), Reading(layer)
    for batch in batches:
        items = batch.features() if isinstance(batch, Plain) else batch
        assert without_ids(plainly.take(batch)) == without_ids(singly.take(items))
    assert (plainly.count, plainly.extent) == (singly.count, singly.extent) == (40, singly.extent)
    assert plainly.told() == singly.told()


def without_ids(lines: Any) -> list[list[str]]:
    """Cells of each line; attributes as objects, for their order is none."""
    found = []
    for line in lines:
        cells = line.split("\t")[1:]
        assert cells[10] == "\\N" or cells[10].endswith("+09:00")
        found.append([json.loads(c) if c.startswith("{") and "\\" not in c else c for c in cells])
    return found


def test_a_row_that_is_not_plain_takes_its_batch_along() -> None:
    item = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [130.7, 32.7]}}
    good = item | {"properties": {"name": "東", "階": 2}}
    for bad in (
        item | {"properties": {"name": "西", "estimated": True}},
        item | {"properties": {"name": 3}},
        item | {"properties": {}, "geometry": None},
        item | {"properties": {}, "geometry": {"type": "Point", "coordinates": [130, 32.7]}},
    ):
        assert plain.columns_of([(1, json.loads(json.dumps(good))), (2, bad)]) is None
    head = plain.columns_of([(1, good)])
    assert head and head["texts"] == {"name": ["東"]} and good["properties"] == {"階": 2}


HEADS: dict[str, dict[str, Any]] = {
    "another number of rows": {"rows": [1, 2]},
    "no number": {"rows": ["1"]},
    "a row below none": {"rows": [-1]},
    "a text that is none": {"texts": {"name": [5]}},
    "a text that is not ours": {"texts": {"state": ["x"]}},
    "no position": {"lon": ["130"]},
    "no time": {"moments": [5]},
    "no columns": {"lon": 3},
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_columns_of_a_stranger_are_refused(
    head: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"rows": [2], "ids": [None], "lon": [130.7], "lat": [32.7], "texts": {"name": ["東"]},
            "moments": None, "states": None}  # fmt: skip
    assert said(monkeypatch, {"plain": good}, '{"a": 1}').rows == 1
    with pytest.raises(sandbox.Refused) as refused:
        said(monkeypatch, {"plain": good | head}, '{"a": 1}')
    assert refused.value.code == "reader_died"
    for properties in ("[1]", "3", "", '{"a": 1'):
        with pytest.raises(sandbox.Refused):
            said(monkeypatch, {"plain": good}, properties)


def said(monkeypatch: pytest.MonkeyPatch, *lines: Any) -> sandbox.Told:
    """What becomes of these lines of a child."""
    last = {"read": {"rows": 1, "header": 1, "findings": [], "format": "CSV", "encoding": "utf-8",
                     "crs": "", "source_as_of": None, "held": None, "columns": None}}  # fmt: skip
    texts = [one if isinstance(one, str) else json.dumps(one) for one in [*lines, last]]
    monkeypatch.setattr(sandbox, "_START", f"print({chr(10).join(texts)!r})")
    return sandbox.read(b"x", CONTEXT)


def test_json_that_the_database_does_not_take_costs_one_refusal(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"rows": [2], "ids": [None], "lon": [130.7], "lat": [32.7], "texts": {},
            "moments": None, "states": None}  # fmt: skip
    send(layer, owner(layer), b"a,b\n1,2\n")
    with pytest.raises(sandbox.Refused):
        said(monkeypatch, {"plain": good}, '{"a": nothing}')
    read_files()
    version = LayerVersion.objects.get()
    assert (version.state, version.findings[0]["code"]) == ("refused", "reader_died")
    assert not Feature.objects.exists()


# --- ids -------------------------------------------------------------------------------------
def ids_of(layer: Layer, keys: list[Any], batch: int = 4) -> dict[str, str]:
    """name -> id of a version with these keys, in batches."""
    reading = Reading(layer)
    items = [(n, spot(key, 130 + n / 1000, name=f"n{n}")) for n, key in enumerate(keys, start=1)]
    lines = [
        line for at in range(0, len(items), batch) for line in reading.take(items[at:][:batch])
    ]
    lines += reading.rest()
    return {cells[1]: cells[0] for cells in (line.split("\t") for line in lines)}


def test_numbers_that_count_to_the_last_row_are_no_keys(layer: Layer) -> None:
    counting = ids_of(layer, list(range(1, 12)))
    assert all(len(ident) == 36 for ident in counting.values())
    broken = ids_of(layer, [*range(1, 11), 99])
    assert broken == {f"n{n}": str(n) for n in range(1, 11)} | {"n11": "99"}
    assert ids_of(layer, [1]) == {"n1": "1"}
    late = ids_of(layer, [1, 2, 3, None, 5])
    assert [late[f"n{n}"] for n in (1, 2, 3, 5)] == ["1", "2", "3", "5"]


def test_a_row_without_a_key_is_not_given_one_that_comes_later(layer: Layer) -> None:
    by = owner(layer)
    publish(layer, by, [spot("k", 130.001, name="n1")])
    layer.refresh_from_db()
    found = ids_of(layer, [None, "a", "b", "c", "k"])
    assert found["n5"] == "k" and len(found["n1"]) == 36
    assert ids_of(layer, [None, "a", "b", "c"])["n1"] == "k"


# --- nobody waits ----------------------------------------------------------------------------
@contextmanager
def another_session() -> Iterator[Any]:
    known = connection.get_connection_params()
    known.pop("cursor_factory", None)
    other = psycopg2.connect(**known)
    other.autocommit = True
    try:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
            yield cursor
    finally:
        other.close()


def between(monkeypatch: pytest.MonkeyPatch, look: Any) -> None:
    """Call it when the rows of a file are copied and nothing is settled yet."""
    stream = sandbox.stream

    def watched(*given: Any, **more: Any) -> Iterator[sandbox.Batch]:
        yield from stream(*given, **more)
        look()

    monkeypatch.setattr(sandbox, "stream", watched)


def test_a_reader_of_the_public_version_waits_for_nobody(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = owner(layer)
    publish(layer, by, [spot("a")])
    send(layer, by, rows(3000).encode(), source_as_of=None)
    looks = []

    def look() -> None:
        with another_session() as cursor:
            cursor.execute("SELECT count(*) FROM layers_feature")
            looks.append(cursor.fetchone())
            # nor does who writes to the layer meanwhile
            cursor.execute("UPDATE layers_layer SET title = 'x'")
            cursor.execute("SELECT number FROM layers_layerversion WHERE state = 'published'")
            looks.append(cursor.fetchone())

    between(monkeypatch, look)
    read_files()
    assert looks == [(1,), (1,)]
    assert LayerVersion.objects.get(number=2).feature_count == 3000
    assert Feature.objects.filter(version__number=2).count() == 3000


def test_how_far_it_is_can_be_seen_meanwhile(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    by = owner(layer)
    monkeypatch.setattr(progress, "EVERY_S", 0.05)
    send(layer, by, rows(3000).encode())
    seen = []

    def look() -> None:
        time.sleep(0.5)
        with another_session() as cursor:
            cursor.execute("SELECT progress FROM layers_layerversion")
            seen.append(cursor.fetchone()[0])

    between(monkeypatch, look)
    read_files()
    assert [one["step"] for one in seen] == ["checking"]
    assert 0 < seen[0]["done"] <= seen[0]["total"] == 3000
    assert LayerVersion.objects.get().progress is None


# --- crashes ---------------------------------------------------------------------------------
@contextmanager
def reader() -> Iterator[subprocess.Popen[bytes]]:
    """The process that `make run` starts, on this test's database and files."""
    known = connection.settings_dict
    host = str(known["HOST"]).replace("/", "%2F")
    process = subprocess.Popen(
        [sys.executable, *serve.READER],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "DATABASE_URL": f"postgresql://{known['USER']}@{host}/{known['NAME']}",
            "MEDIA_ROOT": str(configured.MEDIA_ROOT),
            "LOG_LEVEL": "CRITICAL",
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_copying() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_progress_copy p JOIN pg_class c ON c.oid = p.relid"
            " WHERE c.relname = 'layers_feature' AND p.datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def is_served() -> bool:
    """Whether a session holds the reading of a file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 9")
        return bool(cursor.fetchone()[0])


def crash(layer: Layer, delay: float = 0.0) -> bool:
    """A reader is killed while it stores; whether it came too late. Nothing is ever half there."""
    with reader() as process:
        until(lambda: is_copying() or LayerVersion.objects.get(number=2).state != "reading")
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    # the database finishes the statement it is at before it sees that nobody is there
    until(lambda: not is_served())
    layer.refresh_from_db()
    version = LayerVersion.objects.get(number=2)
    found = Feature.objects.filter(version=version).count()
    if layer.published.number == 2:
        assert (version.state, found) == ("published", version.feature_count)
        return True
    assert (version.state, found) == ("reading", 0)
    assert Feature.objects.count() == layer.published.feature_count == 1
    return False


def prepared(layer: Layer, number: int) -> None:
    by = owner(layer)
    publish(layer, by, [spot("a")])
    send(layer, by, rows(number).encode(), source_as_of=None)


def test_a_killed_reader_leaves_the_old_version_and_the_next_one_reads_again(layer: Layer) -> None:
    prepared(layer, 20_000)
    assert not crash(layer)
    assert sweeper.sweep(datetime.now(UTC) + timedelta(minutes=1)) == 1
    with reader():
        until(lambda: LayerVersion.objects.get(number=2).state == "published")
    assert Feature.objects.filter(version__number=2).count() == 20_000


@pytest.mark.prove
def test_a_file_whose_readers_are_killed_at_any_moment_is_whole_or_not_there(layer: Layer) -> None:
    prepared(layer, 20_000)
    dice, kills = random.Random(1), 0
    while not crash(layer, dice.uniform(0, 0.8)):
        kills += 1
        LayerVersion.objects.filter(number=2).update(asked={"publish": True, "by": "test"})
        assert sweeper.sweep(datetime.now(UTC) + timedelta(minutes=1)) == 1
    assert kills and Feature.objects.filter(version__number=2).count() == 20_000


# --- the reference to the version ------------------------------------------------------------
def test_there_is_no_feature_without_its_version(layer: Layer) -> None:
    version = publish(layer, owner(layer), [spot("a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Feature.objects.create(version_id=version.id + 1000, feature_id="b")
    with pytest.raises(IntegrityError), transaction.atomic():
        Feature.objects.update(version_id=version.id + 1000)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE layers_layer SET published_id = NULL")
        cursor.execute("DELETE FROM layers_layerversion")
    assert Feature.objects.get().version_id == version.id
    version.delete()
    assert not Feature.objects.exists()
