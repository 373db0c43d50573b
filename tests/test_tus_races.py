"""Uploads that meet a crash, a lost connection, another request or the erasing of their report."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid

import httpx
import pytest

from gspace.problems import Problem
from reports import blobs, parts
from reports.actions import photo_store, report_erase
from reports.models import Photo
from tests import builders
from tests.tus_phone import Phone, code, left_over

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(server: str) -> Phone:
    return Phone(server)


def test_a_crash_after_the_last_byte_is_made_good_by_the_next_question(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    phone.patch(url, 0, content[:-5])
    path = parts.path_of(uuid.UUID(url.rsplit("/", 1)[1]))
    with path.open("ab") as stream:
        stream.write(content[-5:])
    assert phone.receipt(photo)["state"] == "awaited"
    assert phone.offset(url) == len(content)
    assert phone.receipt(photo)["state"] in ("stored", "ready")


def test_a_crash_between_file_and_row_is_made_good_by_the_next_question(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    path = parts.path_of(uuid.UUID(url.rsplit("/", 1)[1]))
    path.write_bytes(content)
    blobs.adopt(parts.Held(path, -1).spare(), blobs.original_name(Photo.objects.get().sha256))
    assert phone.offset(url) == len(content)
    assert phone.receipt(photo)["state"] in ("stored", "ready")
    assert not left_over()


def test_a_photo_erased_while_its_bytes_come_in_leaves_no_file(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo = phone.announce(content)
    row = Photo.objects.get(id=photo)
    report_erase(report_id=row.report_id, by=phone.caller)
    part = blobs.new_part()
    part.write_bytes(content)
    with pytest.raises(Problem) as refused:
        photo_store(photo=row, part=part, sha256=row.sha256, size=row.size)
    assert refused.value.code == "photo_unknown"
    assert not blobs.exists(blobs.original_name(row.sha256)) and not left_over()


class SlowBody:
    """Sends the first half of a body and then waits until it is told to go on."""

    def __init__(self, content: bytes) -> None:
        self.content, self.half, self.go_on = content, threading.Event(), threading.Event()

    def __iter__(self):
        yield self.content[: len(self.content) // 2]
        self.half.set()
        self.go_on.wait(20)
        yield self.content[len(self.content) // 2 :]


def in_background(function, *args) -> tuple[threading.Thread, list]:
    answers: list = []
    thread = threading.Thread(target=lambda: answers.append(function(*args)))
    thread.start()
    return thread, answers


def test_two_patches_at_once(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    slow = SlowBody(content)
    thread, answers = in_background(phone.patch, url, 0, slow)
    assert slow.half.wait(10)
    time.sleep(0.3)
    second = httpx.Client(base_url=phone.http.base_url, headers=phone.http.headers, timeout=20)
    told = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert code(second.patch(url, content=content, headers=told)) == (423, "upload_locked")
    slow.go_on.set()
    thread.join(20)
    assert answers[0].status_code == 204
    assert phone.receipt(photo)["state"] in ("stored", "ready")


@pytest.mark.parametrize("method", ["HEAD", "DELETE"])
def test_who_comes_back_takes_over_from_the_lost_connection(phone: Phone, method: str) -> None:
    content = builders.jpeg(1)
    _, url = phone.start(content)
    slow = SlowBody(content)
    thread, answers = in_background(phone.patch, url, 0, slow)
    assert slow.half.wait(10)
    time.sleep(0.3)
    begun = time.monotonic()
    second = httpx.Client(base_url=phone.http.base_url, headers=phone.http.headers, timeout=20)
    answer = second.request(method, url)
    assert time.monotonic() - begun < 3, "not the whole idle time of the lost connection"
    slow.go_on.set()
    thread.join(20)
    assert code(answers[0]) == (423, "upload_locked")
    if method == "HEAD":
        half = len(content) // 2
        assert answer.headers["upload-offset"] == str(half), "nothing that arrived is lost"
        told = {"Upload-Offset": str(half), "Content-Type": "application/offset+octet-stream"}
        assert second.patch(url, content=content[half:], headers=told).status_code == 204
    else:
        assert answer.status_code == 204 and not left_over()


def test_many_patches_at_once_store_once(phone: Phone) -> None:
    content = builders.jpeg(1, (1200, 900))
    photo, url = phone.start(content)
    told = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    address, headers = str(phone.http.base_url.join(url)), {**phone.http.headers, **told}
    running = [
        in_background(lambda: httpx.patch(address, content=content, headers=headers, timeout=60))
        for _ in range(6)
    ]
    for thread, _ in running:
        thread.join(60)
    found = sorted(answers[0].status_code for _, answers in running)
    assert found[0] == 204 and set(found[1:]) <= {409, 423}, found
    receipt = phone.receipt(photo)
    assert receipt["sha256"] == hashlib.sha256(content).hexdigest()
    assert receipt["state"] != "awaited"
