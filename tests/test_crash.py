"""kill -9 again and again while reports come in: acknowledged is stored, exactly once (P1)."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.conf import settings as configured
from django.db import connection

from gspace.models import FeedEntry
from reports import blobs
from reports.models import Photo, Report
from tests import builders

pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True)]
CHECKOUT = Path(__file__).resolve().parent.parent
CLIENTS, KILLS, SECONDS = 8, 60, 150


class Phoenix:
    """tests.hostile.phoenix on this test's database and files."""

    def __init__(self) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        self.life = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.phoenix", str(self.port)],
            cwd=CHECKOUT, env=self._environment(), stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _environment(self) -> dict[str, str]:
        known = connection.settings_dict
        host = str(known["HOST"]).replace("/", "%2F")
        return {
            **os.environ,
            "DATABASE_URL": f"postgresql://{known['USER']}@{host}/{known['NAME']}",
            "MEDIA_ROOT": str(configured.MEDIA_ROOT),
        }

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.life = int(line)

    def wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/health/live", timeout=5).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        os.kill(self.life, signal.SIGKILL)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Client:
    """A phone that tries each thing again until it is told that it is stored."""

    def __init__(self, port: int, token: str, incident: object, seed: int) -> None:
        self.root, self.headers = f"http://127.0.0.1:{port}/api/v1", builders.bearer(token)
        self.incident, self.rng, self.retries = incident, random.Random(seed), 0
        # report id -> (receipt, SHA-256 of its photo)
        self.acknowledged: dict[str, tuple[str, str]] = {}

    def run(self, enough: threading.Event) -> None:
        while not enough.is_set():
            self.upload()

    def upload(self) -> None:
        content = builders.jpeg(self.rng.randrange(256)) + self.rng.randbytes(300_000)
        entry, ident = builders.announce(content), str(uuid.uuid4())
        body = builders.report_body(self.incident, photos=[entry])
        told = self.until_told(f"/reports/{ident}", json=body)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        more = {"Repr-Digest": f"sha-256=:{digest}:"}
        stored = self.until_told(f"/photos/{entry['id']}/original", content=content, more=more)
        assert told["id"] == ident and stored["sha256"] == entry["sha256"]
        self.acknowledged[ident] = (told["properties"]["receipt"], entry["sha256"])

    def until_told(self, path: str, more: dict[str, str] | None = None, **given: object) -> dict:
        headers = self.headers | (more or {})
        for _ in range(500):
            try:
                answer = httpx.put(self.root + path, headers=headers, timeout=10, **given)
            except httpx.HTTPError:
                self.retries += 1
                time.sleep(0.02)
                continue
            # busy is a promise to be there soon, everything else is an answer
            if answer.status_code != 503:
                assert answer.status_code in (200, 201), (path, answer.text)
                return answer.json()
        raise AssertionError(f"{path} was never acknowledged")


@pytest.fixture
def phoenix() -> Iterator[Phoenix]:
    found = Phoenix()
    try:
        found.wait()
        yield found
    finally:
        found.end()


@pytest.mark.timeout(300)
def test_what_was_acknowledged_is_there_once(phoenix: Phoenix) -> None:
    incident = builders.make_incident()
    tokens = [builders.device(incident)[1] for _ in range(CLIENTS)]
    clients = [Client(phoenix.port, t, incident, seed) for seed, t in enumerate(tokens)]
    enough, rng, kills = threading.Event(), random.Random(1), 0
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(client.run, enough) for client in clients]
        until = time.monotonic() + SECONDS
        while kills < KILLS and time.monotonic() < until:
            before = phoenix.life
            time.sleep(rng.uniform(0.2, 1.6))
            phoenix.kill()
            kills += 1
            while phoenix.life == before:
                time.sleep(0.01)
        enough.set()
        for one in running:
            one.result(60)
    told = {ident: said for client in clients for ident, said in client.acknowledged.items()}
    print(f"{kills} kills, {len(told)} reports, {sum(c.retries for c in clients)} retries")
    assert kills >= 40 and len(told) > kills and sum(c.retries for c in clients) > kills
    check_stored(told)


def check_stored(told: dict[str, tuple[str, str]]) -> None:
    """The database and the files hold what was acknowledged: all of it, once, and nothing else."""
    stored = {str(r.id): r.receipt for r in Report.objects.all()}
    assert stored == {ident: receipt for ident, (receipt, _) in told.items()}
    assert FeedEntry.objects.filter(kind="report").count() == len(told)
    photos = {str(photo.report_id): photo for photo in Photo.objects.all()}
    assert set(photos) == set(told) and Photo.objects.count() == len(told)
    for ident, (_, sha256) in told.items():
        photo = photos[ident]
        assert photo.stored_at is not None and photo.sha256 == sha256
        with blobs.open_file(blobs.original_name(sha256)) as stream:
            content = stream.read()
        assert hashlib.sha256(content).hexdigest() == sha256 and len(content) == photo.size
