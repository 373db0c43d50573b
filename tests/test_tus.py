"""tus 1.0 at /api/v1/uploads/, request by request: what the protocol says and what we add."""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from email.utils import parsedate_to_datetime

import httpx
import pytest

from reports import blobs
from reports.actions import report_erase
from reports.models import Photo, Report, Upload
from tests import builders
from tests.tus_phone import UPLOADS, Phone, checksum, code, left_over

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(server: str) -> Phone:
    return Phone(server)


# --- the protocol ---------------------------------------------------------------------------
@pytest.mark.parametrize("path", [UPLOADS, f"{UPLOADS}11111111-2222-4333-8444-555555555555"])
def test_options_says_what_is_spoken_also_to_strangers(server: str, path: str, settings) -> None:
    answer = httpx.options(server + path)
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation", "expiration", "checksum", "termination",
    }  # fmt: skip
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"
    assert answer.headers["tus-max-size"] == str(settings.LIMIT_ORIGINAL_BYTES)


def test_an_upload_in_three_pieces(phone: Phone) -> None:
    content = builders.jpeg(1, (640, 480))
    photo, url = phone.start(content)
    cuts = [0, 100, len(content) // 2, len(content)]
    for start, end in zip(cuts, cuts[1:], strict=False):
        assert phone.offset(url) == start
        answer = phone.patch(url, start, content[start:end])
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(end))
    told = phone.receipt(photo)
    assert told["state"] in ("stored", "ready")
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert told["size"] == len(content)
    with blobs.open_file(blobs.original_name(told["sha256"])) as stream:
        assert stream.read() == content
    assert phone.offset(url) == len(content), "also after the answer to the last piece was lost"
    assert not left_over()


def test_head_is_never_cached_and_says_length_photo_and_expiry(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    answer = phone.http.head(url)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["upload-length"] == str(len(content))
    assert base64.b64decode(answer.headers["upload-metadata"].split()[1]).decode() == photo
    left = parsedate_to_datetime(answer.headers["upload-expires"]).timestamp() - time.time()
    assert 6.9 < left / 86400 <= 7


@pytest.mark.parametrize("version", [None, "0.2.2"])
def test_another_version_of_the_protocol_is_refused(phone: Phone, version: str | None) -> None:
    del phone.http.headers["Tus-Resumable"]
    more = {"Tus-Resumable": version} if version else {}
    answer = phone.create(str(uuid.uuid4()), 1, **more)
    assert code(answer) == (412, "upload_version")
    assert answer.headers["tus-version"] == "1.0.0"


def test_a_wrong_offset_changes_nothing(phone: Phone) -> None:
    content = builders.jpeg(1)
    _, url = phone.start(content)
    phone.patch(url, 0, content[:50])
    for offset in (0, 49, 51, len(content)):
        assert code(phone.patch(url, offset, content[offset:])) == (409, "upload_offset")
    assert phone.offset(url) == 50


def test_headers_that_make_no_sense(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    assert code(phone.patch(url, -1, b"x")) == (422, "invalid")
    kind = {"Content-Type": "image/jpeg"}
    assert code(phone.patch(url, 0, content, **kind)) == (415, "upload_type")
    for length in ("", "x", "-1", "1e3"):
        assert code(phone.create(photo, 0, **{"Upload-Length": length})) == (422, "invalid")
    assert code(phone.create(photo, len(content), **{"Upload-Metadata": "name eA=="}))[0] == 422
    assert code(phone.http.get(url)) == (405, "method_unknown")
    assert phone.offset(url) == 0


def test_more_bytes_than_announced_are_refused(phone: Phone) -> None:
    content = builders.jpeg(1)
    _, url = phone.start(content)
    assert code(phone.patch(url, 0, content + b"x")) == (413, "too_large")

    def endless():
        yield content
        yield b"x"

    answer = phone.http.patch(
        url,
        content=endless(),
        headers={"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    )
    assert code(answer) == (413, "too_large")


def test_too_large_at_creation(phone: Phone, settings) -> None:
    settings.LIMIT_ORIGINAL_BYTES = 100
    assert code(phone.create(phone.announce(builders.jpeg(1)), 101)) == (413, "too_large")


def test_a_proxy_that_knows_no_patch(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    headers = {
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "X-HTTP-Method-Override": "PATCH",
    }
    assert phone.http.post(url, content=content, headers=headers).status_code == 204
    assert phone.receipt(photo)["state"] != "awaited"


# --- checksum -------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_a_checksum_is_held_against_its_piece(phone: Phone, kind: str) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    good, wrong = checksum(kind, content[:90]), checksum(kind, content[:91])
    assert code(phone.patch(url, 0, content[:90], **wrong)) == (460, "checksum_mismatch")
    assert phone.offset(url) == 0, "the piece is discarded"
    assert phone.patch(url, 0, content[:90], **good).headers["upload-offset"] == "90"
    answer = phone.patch(url, 90, content[90:], **checksum(kind, content[90:]))
    assert answer.status_code == 204
    assert phone.receipt(photo)["state"] != "awaited"
    assert not left_over()


@pytest.mark.parametrize("header", ["md5 AAAA", "sha1 AAAA", "sha256 !", "sha1", ""])
def test_a_checksum_we_cannot_check(phone: Phone, header: str) -> None:
    _, url = phone.start(builders.jpeg(1))
    answer = phone.patch(url, 0, b"x", **{"Upload-Checksum": header})
    assert code(answer) == (400, "checksum_unknown")


# --- termination ----------------------------------------------------------------------------
def test_an_upload_that_was_ended_is_gone(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    phone.patch(url, 0, content[:50])
    assert phone.http.delete(url).status_code == 204
    assert phone.http.head(url).status_code == 404
    assert code(phone.patch(url, 50, content[50:])) == (404, "upload_unknown")
    assert code(phone.http.delete(url)) == (404, "upload_unknown")
    assert phone.receipt(photo)["state"] == "awaited" and not left_over()


# --- whose photo, which bytes ---------------------------------------------------------------
def test_without_a_token_nothing_is_told(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    del phone.http.headers["Authorization"]
    assert code(phone.create(photo, len(content))) == (401, "not_signed_in")
    assert code(phone.patch(url, 0, content)) == (401, "not_signed_in")
    assert code(phone.http.delete(url)) == (401, "not_signed_in")


def test_a_photo_must_be_announced_by_a_report_of_this_device(phone: Phone, server: str) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    assert code(phone.create(str(uuid.uuid4()), 9)) == (404, "photo_unknown")
    assert code(phone.create("no uuid", 9)) == (404, "photo_unknown")
    stranger = Phone(server, phone.incident)
    assert code(stranger.create(photo, len(content))) == (404, "photo_unknown")
    assert stranger.http.head(url).status_code == 404
    assert code(stranger.patch(url, 0, content)) == (404, "upload_unknown")
    assert code(stranger.http.delete(url)) == (404, "upload_unknown")
    assert code(phone.patch(UPLOADS + "none", 0, b"x")) == (404, "upload_unknown")
    assert phone.offset(url) == 0


def test_bytes_unlike_the_announced_digest(phone: Phone) -> None:
    content = builders.jpeg(1)
    other = content[:-1] + b"?"
    photo, url = phone.start(content)
    assert code(phone.patch(url, 0, other)) == (422, "digest_mismatch")
    assert phone.http.head(url).status_code == 404, "these bytes cannot become the photo"
    assert phone.receipt(photo)["state"] == "awaited" and not left_over()
    again = phone.create(photo, len(content)).headers["location"]
    assert phone.patch(again, 0, content).status_code == 204


def test_a_length_unlike_the_announced_size(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo = phone.announce(content)
    assert code(phone.create(photo, len(content) + 1)) == (422, "size_mismatch")


def test_the_first_complete_upload_wins(phone: Phone) -> None:
    content = builders.jpeg(1)
    other = content[:-1] + b"?"
    photo = phone.announce(content)
    first, same, different = (
        phone.create(photo, len(content)).headers["location"] for _ in range(3)
    )
    assert len({first, same, different}) == 3, "every creation makes a new upload"
    phone.patch(same, 0, content[:10])
    assert phone.patch(first, 0, content).status_code == 204
    assert phone.patch(same, 10, content[10:]).status_code == 204
    assert code(phone.patch(different, 0, other)) == (409, "photo_differs")
    assert code(phone.create(photo, len(content) + 1)) == (409, "photo_differs")
    assert Photo.objects.get(id=photo).sha256 == hashlib.sha256(content).hexdigest()


def test_a_photo_that_is_here_needs_no_bytes(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    phone.patch(url, 0, content)
    for _ in range(2):
        answer = phone.create(photo, len(content))
        assert answer.status_code == 201
        assert answer.headers["upload-offset"] == str(len(content))
        again = answer.headers["location"]
        assert phone.offset(again) == len(content)
        assert phone.patch(again, len(content), b"").status_code == 204
        assert code(phone.patch(again, 0, content)) == (409, "upload_offset")


def test_the_same_bytes_in_another_report_this_device_may_see(phone: Phone, server: str) -> None:
    content = builders.jpeg(1)
    _, url = phone.start(content)
    phone.patch(url, 0, content)
    colleague = Phone(server, phone.incident)
    photo = colleague.announce(content)
    answer = colleague.create(photo, len(content))
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(content)))
    assert colleague.receipt(photo)["state"] in ("stored", "ready")


def test_the_same_bytes_in_a_report_this_device_may_not_see(phone: Phone, server: str) -> None:
    content = builders.jpeg(1)
    _, url = phone.start(content)
    phone.patch(url, 0, content)
    Report.objects.update(status="rejected")
    stranger = Phone(server, phone.incident)
    answer = stranger.create(stranger.announce(content), len(content))
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "0")


def test_of_too_many_open_uploads_the_idlest_ends(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo = phone.announce(content)
    urls = [phone.create(photo, len(content)).headers["location"] for _ in range(3)]
    phone.patch(urls[0], 0, content[:10])
    urls.append(phone.create(photo, len(content)).headers["location"])
    assert [phone.http.head(url).status_code for url in urls] == [200, 404, 200, 200]
    assert Upload.objects.count() == 3 == len(left_over())


def test_an_erased_report_takes_its_uploads_with_it(phone: Phone) -> None:
    content = builders.jpeg(1)
    photo, url = phone.start(content)
    phone.patch(url, 0, content[:50])
    report_erase(report_id=Photo.objects.get(id=photo).report_id, by=phone.caller)
    assert phone.http.head(url).status_code == 404
    assert code(phone.patch(url, 50, content[50:])) == (404, "upload_unknown")
    assert not left_over()
