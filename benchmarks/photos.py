"""Photo acknowledgement: 8 connections against hash + write + fsync of the same bytes on one core.

Only PUT /photos/{id}/original is timed; the reports that announce the photos come before. No
worker runs beside it: making the copies is the darkroom's time, not the acknowledgement's.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import statistics
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from benchmarks import camera
from benchmarks.http_load import Load, drive, put
from benchmarks.report_body import report_body
from benchmarks.rounds import Comparison, in_turn
from benchmarks.scratch import Site
from benchmarks.servers import serving

CONNECTIONS = 8
PHOTOS = 40
GOAL = 0.5


def run(site: Site) -> Iterator[Comparison]:
    contents: list[bytes] = []
    loads: list[Load] = []
    with serving() as port:

        def ours(number: int) -> float:
            contents[:] = fresh(PHOTOS)
            requests = list(announced(site, port, contents))
            loads.append(drive(port, iter(requests), CONNECTIONS))
            return loads[-1].rate

        def limit(number: int) -> float:
            rate = _on_one_core(site.media / "limit", contents)
            shutil.rmtree(site.media, ignore_errors=True)  # a run would fill gigabytes
            return rate

        found = in_turn({"ours": ours, "limit": limit})
    delays = sorted(d for load in loads[1:] for d in load.latencies)
    notes = {
        "bytes": len(contents[0]),
        "p50_ms": round(statistics.median(delays) * 1e3, 1),
        "p99_ms": round(delays[int(len(delays) * 0.99)] * 1e3, 1),
    }
    yield Comparison(
        "photo acknowledged", "sha256+write+fsync", "photos/s", found["ours"], found["limit"], GOAL,
        notes=notes,
    )  # fmt: skip


def fresh(count: int) -> list[bytes]:
    """Bytes never sent before: the store is content-addressed. A tail after the picture's end."""
    known = camera.photos()
    return [known[i % len(known)] + uuid.uuid4().bytes for i in range(count)]


def announced(site: Site, port: int, contents: list[bytes]) -> Iterator[bytes]:
    """Sends the reports of these photos; the requests that carry the photos themselves."""
    digests = [hashlib.sha256(content) for content in contents]
    photos = [
        {"id": str(uuid.uuid4()), "sha256": digest.hexdigest(), "size": len(content)}
        for digest, content in zip(digests, contents, strict=True)
    ]
    reports = [
        put(f"/api/v1/reports/{uuid.uuid4()}", report_body(site.incident, photos=[p]), site.token)
        for p in photos
    ]
    drive(port, iter(reports), CONNECTIONS)
    for photo, digest, content in zip(photos, digests, contents, strict=True):
        path = f"/api/v1/photos/{photo['id']}/original"
        told = f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        yield put(path, content, site.token, kind="image/jpeg", Repr_Digest=told)


def _on_one_core(folder: Path, contents: list[bytes]) -> float:
    """Photos per second of what a durable store cannot do without, one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    for content in contents:
        name = hashlib.sha256(content).hexdigest()
        _store(folder / "part", folder / name, content)
    return len(contents) / (time.perf_counter() - began)


def _store(part: Path, target: Path, content: bytes) -> None:
    with part.open("wb", buffering=0) as file:
        file.write(content)
        os.fsync(file.fileno())
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
