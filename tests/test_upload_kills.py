"""The server is killed with -9 while originals come in: none is lost, none is doubled (P1)."""

from __future__ import annotations

import io
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import httpx
import pytest
from django.conf import settings as django_settings
from django.db import connection
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from gspace import probe
from reports import blobs, parts
from reports.models import Photo, Report
from reports.sweeper import sweep
from tests import builders
from tests.test_tus_clients import picture
from tests.tus_phone import UPLOADS, Phone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.prove]

T = TypeVar("T")
KILLS = 50
PIECE = 100_000


class Web:
    """A uvicorn of its own on the test's database and files, killed and started again."""

    def __init__(self) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        known = connection.settings_dict
        host = str(known["HOST"]).replace("/", "%2F")
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"postgresql://{known['USER']}@{host}/{known['NAME']}",
            "MEDIA_ROOT": str(django_settings.MEDIA_ROOT),
        }
        self.kills, self.ended = 0, threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> subprocess.Popen[bytes]:
        words = ["-m", "uvicorn", "gspace.asgi:application", "--port", str(self.port)]
        process = subprocess.Popen(
            [sys.executable, *words, "--log-level", "critical"], env=self.environment
        )
        until = time.monotonic() + 30
        while not probe.status("127.0.0.1", self.port) and time.monotonic() < until:
            time.sleep(0.05)
        return process

    def keep_killing(self, first: subprocess.Popen[bytes], seed: int) -> None:
        """Kill at random moments; KILLS of them, then let it live until told to end."""
        process, dice = first, random.Random(seed)
        while not self.ended.wait(dice.uniform(0.0, 0.4)) and self.kills < KILLS:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.kills += 1
            process = self.start()
        self.ended.wait()
        process.kill()
        process.wait()


@pytest.fixture
def own_files(own_media: None, settings) -> None:
    """Assigning STORAGES makes them anew, in this test's own folder."""
    settings.STORAGES = {**settings.STORAGES}


def until_answered(call: Callable[[], T]) -> T:
    """A phone tries again until somebody answers."""
    while True:
        try:
            return call()
        except (httpx.TransportError, TusCommunicationError, TusUploadFailed) as error:
            assert getattr(error, "status_code", None) is None, error
            time.sleep(0.05)


def deliver(web: Web, phone: Phone, seed: int) -> tuple[str, bytes]:
    """Report, then original, through whatever happens; (photo id, its bytes)."""
    content, report = picture(seed), uuid.uuid4()
    photo = builders.announce(content)
    body = builders.report_body(phone.incident, photos=[photo])
    answer = until_answered(lambda: phone.http.put(f"/api/v1/reports/{report}", json=body))
    assert answer.status_code in (200, 201), answer.text
    token = {"Authorization": phone.http.headers["Authorization"]}
    client = TusClient(web.url + UPLOADS, headers=token)

    def upload() -> None:
        client.uploader(
            file_stream=io.BytesIO(content),
            chunk_size=PIECE,
            metadata={"photo": photo["id"]},
            retries=900,
            retry_delay=0.05,
        ).upload()

    until_answered(upload)
    return photo["id"], content


@pytest.mark.timeout(1200)
def test_fifty_kills_lose_nothing_and_double_nothing(own_files: None, transactional_db) -> None:
    web = Web()
    first = web.start()
    phone = Phone(web.url)
    killing = threading.Thread(target=web.keep_killing, args=(first, 11))
    killing.start()
    sent = []
    try:
        while web.kills < KILLS:
            sent.append(deliver(web, phone, 100 + len(sent)))
    finally:
        web.ended.set()
        killing.join(60)
    print(f"{web.kills} kills, {len(sent)} originals, {len(parts.entries())} files left over")
    assert Report.objects.count() == Photo.objects.count() == len(sent)
    done = sweep(datetime.now(UTC) + timedelta(days=8))
    assert done.discarded == 0 and not parts.entries()
    for photo, content in sent:
        row = Photo.objects.get(id=photo)
        assert row.stored_at is not None
        with blobs.open_file(blobs.original_name(row.sha256)) as stream:
            assert stream.read() == content
