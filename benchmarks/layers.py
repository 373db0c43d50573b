"""100,000 features from a file to the live map, against pyogrio and COPY, and against bulk_create.

Ours is the whole way of layers.tasks.version_read: the sandboxed child, the columns doctor, the
gazetteer, checks, ids, indexes, and publishing. The anchors only read and store.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import facilities
from benchmarks.rounds import Comparison, in_turn
from benchmarks.scratch import Site

FEATURES = 100_000
# bulk_create is measured on fewer, by its rate: all of them take minutes
FEWER = 10_000
GOAL_COPY, GOAL_BULK = 0.5, 10
ROUNDS = 3
MAKERS = {"GeoJSON": facilities.as_geojson, "CSV": facilities.as_csv}


def run(site: Site) -> Iterator[Comparison]:
    for name in MAKERS:
        yield from _compared(site, name)


def _compared(site: Site, name: str) -> Iterator[Comparison]:
    make = MAKERS[name]
    raw, fewer = make(FEATURES), make(FEWER)
    with _reader() as reader:
        layers = Layers(site, reader)
        found = in_turn(
            {
                "ours": lambda number: layers.take(raw, f"{name} {number}"),
                "copy": lambda _: _anchor(site, raw, name),
                "bulk": lambda _: _bulk(layers, fewer, name),
            },
            rounds=ROUNDS,
        )
        notes = layers.notes | {"slowest_look_ms": layers.watched(make(FEATURES, seed=2))}
    title = f"{FEATURES:,} features of a {name}"
    yield Comparison(title, "pyogrio + COPY", "features/s", found["ours"], found["copy"],
                     GOAL_COPY, notes=notes)  # fmt: skip
    yield Comparison(title, "bulk_create", "features/s", found["ours"], found["bulk"],
                     GOAL_BULK, notes={"bulk_create_features": FEWER})  # fmt: skip


Reader = Callable[[int], dict[str, Any]]


@contextmanager
def _reader() -> Iterator[Reader]:
    words = [sys.executable, "-m", "benchmarks.layer_reader"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    process.stdout.readline()

    def read(version_id: int) -> dict[str, Any]:
        assert process.stdin and process.stdout
        print(version_id, file=process.stdin, flush=True)
        found: dict[str, Any] = json.loads(process.stdout.readline())
        return found

    try:
        yield read
    finally:
        process.stdin.close()
        process.wait()


class Layers:
    """A new layer for each file, read by the reader process."""

    def __init__(self, site: Site, reader: Reader) -> None:
        from gspace import access
        from gspace.models import Incident

        self.by = access.caller_from_token(site.desk)
        self.incident = Incident.objects.get(slug=site.incident)
        self.reader = reader
        self.notes: dict[str, Any] = {}

    def take(self, raw: bytes, title: str) -> float:
        """Features per second from the file to the published version."""
        said = self._read(self._layer(title), raw)
        self.notes = {"reader_mb": said["self_mb"], "child_mb": said["child_mb"]}
        return FEATURES / said["seconds"]

    def _layer(self, title: str) -> Any:
        from gspace.models import Organisation
        from layers import actions

        slug = title.lower().replace(" ", "-")
        return actions.layer_create(
            slug=slug, title=title, kind="shelter", publisher=Organisation.objects.get(),
            incident=self.incident, by=self.by, audience="public",
        )  # fmt: skip

    def _read(self, layer: Any, raw: bytes) -> dict[str, Any]:
        from layers import intake

        version = intake.take(
            layer=layer, raw=raw, filename="", publish=True, source_as_of=None, crs="", by=self.by
        )
        said = self.reader(version.id)
        assert said["state"] == "published", said
        return said

    def watched(self, raw: bytes) -> float:
        """A second version of the last layer is published; the slowest look at it meanwhile."""
        from layers.models import Layer

        layer = Layer.objects.latest("id")
        times, ended = list[float](), threading.Event()
        watcher = threading.Thread(target=_watch, args=[layer.id, times, ended])
        watcher.start()
        try:
            self._read(layer, raw)
        finally:
            ended.set()
            watcher.join()
        return round(max(times), 1)


def _watch(layer_id: int, times: list[float], ended: threading.Event) -> None:
    """Opens the layer as the public does, again and again; milliseconds."""
    from django.db import connections

    from layers import features
    from layers.models import Layer

    while not ended.wait(0.02):
        began = time.perf_counter()
        layer = Layer.objects.select_related("published").get(id=layer_id)
        features.collection(layer, "public", "e", {"limit": "50"})
        times.append((time.perf_counter() - began) * 1000)
    connections.close_all()


def _anchor(site: Site, raw: bytes, name: str) -> float:
    """pyogrio reads, COPY stores, a GiST index is built: no checks, no ids, one new table."""
    import psycopg2
    import pyogrio.raw

    file = Path(site.media) / f"anchor.{name.lower()}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    options = {"X_POSSIBLE_NAMES": "経度", "Y_POSSIBLE_NAMES": "緯度"} if name == "CSV" else {}
    connection = psycopg2.connect(site.dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS anchor")
        began = time.perf_counter()
        meta, _, shapes, columns = pyogrio.raw.read(file, **options)
        _copy(cursor, list(meta["fields"]), shapes, columns)
        cursor.execute("CREATE INDEX ON anchor USING gist (shape)")
        connection.commit()
        seconds = time.perf_counter() - began
    connection.close()
    return FEATURES / seconds


def _copy(cursor: Any, fields: list[str], shapes: Any, columns: Any) -> None:
    names = [f'"{field}"' for field in fields]
    cursor.execute(
        "CREATE TABLE anchor (fid bigserial PRIMARY KEY, shape geometry(Point, 4326), "
        + ", ".join(f"{name} text" for name in names)
        + ")"
    )
    texts = [[str(value).translate(ESCAPES) for value in column.tolist()] for column in columns]
    # the same bytes with the SRID in front
    places = [f"0101000020E6100000{bytes(shape)[5:].hex()}" for shape in shapes]
    lines = "\n".join(map("\t".join, zip(places, *texts, strict=True)))
    sql = f"COPY anchor ({', '.join(['shape', *names])}) FROM STDIN"
    cursor.copy_expert(sql, io.StringIO(lines), 1 << 16)


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _bulk(layer: Layers, raw: bytes, name: str) -> float:
    """What a Django project does: a model instance a feature, bulk_create in one transaction."""
    from datetime import UTC, datetime

    from django.db import transaction

    from layers.models import Feature, LayerVersion

    owner = layer._layer(f"bulk {name} {time.time_ns()}")
    version = LayerVersion.objects.create(layer=owner, number=1, received_at=datetime.now(UTC))
    began = time.perf_counter()
    rows = [_instance(version, one) for one in _parsed(raw, name)]
    with transaction.atomic():
        Feature.objects.bulk_create(rows, batch_size=1000)
    return FEWER / (time.perf_counter() - began)


def _parsed(raw: bytes, name: str) -> Iterator[tuple[dict[str, Any], float, float]]:
    if name == "CSV":
        for row in csv.DictReader(io.StringIO(raw.decode())):
            told = {ours: row[theirs] for ours, theirs in facilities.NAMES.items()}
            yield told, float(row["経度"]), float(row["緯度"])
        return
    for feature in json.loads(raw)["features"]:
        yield feature["properties"], *feature["geometry"]["coordinates"]


def _instance(version: Any, one: tuple[dict[str, Any], float, float]) -> Any:
    from django.contrib.gis.geos import Point

    from layers.models import Feature

    told, lon, lat = one
    rest = {name: told[name] for name in ("capacity", "phone", "note")}
    return Feature(
        version=version, feature_id=told["code"], geometry=Point(lon, lat, srid=4326),
        name=told["name"], address=told["address"], properties=rest,
    )  # fmt: skip
