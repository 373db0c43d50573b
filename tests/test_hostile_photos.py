"""Hostile photos through the real door and the real worker (reliability.md P11, P12)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest

from reports import blobs, darkroom, enlarger, photos
from reports.models import Photo, Report
from tests import builders
from tests.hostile import photos as hostile
from tests.test_photo_upload import Phone, digest

pytestmark = pytest.mark.django_db(transaction=True)
Named = tuple[str, bytes]
# what our encoder writes first: JPEG with a JFIF header, and nothing of the camera's
SIGNATURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"
SEALED = {
    "content-type": "image/jpeg",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}
PER_REPORT = 20
# groups of exiftool that say something about the file and not about who took it
HARMLESS = {"ExifTool", "System", "File", "JFIF", "Composite"}


def in_groups(files: Iterator[Named]) -> Iterator[list[Named]]:
    while group := list(islice(files, PER_REPORT)):
        yield group


def sent(phone: Phone, files: Iterator[Named]) -> dict[str, str]:
    """Every file by a report and its original, as a phone sends them; photo id -> name."""
    found = {}
    for group in in_groups(files):
        told = [builders.announce(content) for _, content in group]
        report = builders.make_report(phone.incident, phone.caller, photos=told)
        ids = [entry["id"] for entry in told]
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(phone.original, ids, [content for _, content in group]))
        for (name, _), ident, answer in zip(group, ids, answers, strict=True):
            assert answer.status_code == 201, (name, answer.text)
            found[ident] = name
        answer = phone.http.get(f"/reports/{report}")
        assert answer.status_code == 200 and len(answer.json()["properties"]["photos"]) == len(told)
    return found


def served(server: str, phone: Phone, named: dict[str, str], folder: Path) -> list[Path]:
    """The copies as a browser gets them, checked and kept."""
    token = builders.api_token(builders.headquarters(phone.incident), "operator")
    http = httpx.Client(base_url=f"{server}/api/v1", headers=builders.bearer(token), timeout=60)
    found = []
    for ident, name in named.items():
        ready = Photo.objects.get(id=ident).state == "ready"
        for which in ("display", "thumb"):
            answer = http.get(f"/photos/{ident}/{which}")
            assert answer.status_code == (200 if ready else 404), (name, which)
            if ready:
                assert answer.content.startswith(SIGNATURE), name
                assert hostile.SCRIPT not in answer.content, name
                assert {k: answer.headers[k] for k in SEALED} == SEALED, name
                found.append(folder / f"{ident}.{which}.jpg")
                found[-1].write_bytes(answer.content)
        original = http.get(f"/photos/{ident}/original")
        assert original.headers["content-type"] == "application/octet-stream", name
        assert original.headers["content-disposition"].startswith("attachment"), name
    return found


def check_states(named: dict[str, str]) -> None:
    """Each is shown or said to be unreadable, with the reason; none waits, none is lost."""
    for photo in Photo.objects.filter(id__in=named):
        name = named[str(photo.id)]
        assert photo.state in ("ready", "unreadable"), (name, photo.state)
        if photo.state == "unreadable":
            assert photo.reason in photos.REASONS, (name, photo.reason)
        with blobs.open_file(blobs.original_name(photo.sha256)) as stream:
            assert len(stream.read()) == photo.size, name
    assert Photo.objects.filter(id__in=named).count() == len(named)


def check_no_metadata(files: list[Path]) -> None:
    """exiftool, an outside judge, finds nothing in the copies but what any JPEG has."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    command = ["exiftool", "-json", "-G1", "-a", "-u", str(files[0].parent)]
    told = subprocess.run(command, capture_output=True, check=False, timeout=300)
    for found in json.loads(told.stdout):
        groups = {key.partition(":")[0] for key in found if key != "SourceFile"}
        assert groups <= HARMLESS, (found["SourceFile"], groups - HARMLESS)


@pytest.mark.timeout(300)
def test_no_hostile_photo_harms_or_is_served_as_it_came(
    server: str, work_off: Callable[[], None], tmp_path: Path
) -> None:
    phone = Phone(server)
    files = [*hostile.seeds().items(), *hostile.polyglots().items(), *hostile.mutants(30)]
    named = sent(phone, iter(files))
    work_off()
    check_states(named)
    copies = served(server, phone, named, tmp_path)
    check_no_metadata(copies)
    ready = Photo.objects.filter(state="ready").values_list("id", flat=True)
    shown = {named[str(ident)] for ident in ready}
    # good ones are still good, so the test is about photos and not about a closed door
    assert {"jpeg", "progressive", "png", "webp", "lossless", "avif"} <= shown
    assert not shown & {"html", "svg_named_jpg", "gif_and_script", "zip", "mp4", "pdf", "vrt"}
    assert {"html_in_comment", "html_after_end", "jpeg_and_zip"} <= shown


def test_more_mutants_come_in_and_do_not_crash_the_decoder(server: str, tmp_path: Path) -> None:
    """As above, but one child develops all: a process for each photo costs a quarter second."""
    sent(Phone(server), hostile.mutants(230, seed=7))
    develop_together(hostile.mutants(230, seed=7), tmp_path / "mutants")


def test_previews_of_nonsense_are_refused_or_made_anew(server: str) -> None:
    phone = Phone(server)
    for name, content in [*hostile.polyglots().items(), *hostile.mutants(80, seed=4)]:
        told = builders.announce(content)
        builders.make_report(phone.incident, phone.caller, photos=[told])
        answer = phone.http.put(f"/photos/{told['id']}/preview", content=content)
        assert answer.status_code in (200, 413, 422), (name, answer.text)
        if answer.status_code == 200:
            shown = phone.http.get(f"/photos/{told['id']}/preview")
            assert shown.content.startswith(SIGNATURE) and hostile.SCRIPT not in shown.content


def test_bytes_that_are_not_the_announced_ones_stay_out(server: str) -> None:
    phone = Phone(server)
    for _name, content in hostile.mutants(20, seed=5):
        _, ident, _ = phone.report(content)
        answer = phone.original(ident, content + b"x", digest(content + b"x"))
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")
    assert Report.objects.count() == 20 and not Photo.objects.exclude(state="awaited").exists()


DEVELOP_ALL = """
import sys, tempfile; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from reports import copies, enlarger
from reports.photos import Unreadable
import resource
for limit, value in ((resource.RLIMIT_AS, enlarger.ADDRESS_SPACE_BYTES),
                     (resource.RLIMIT_FSIZE, enlarger.FILE_SIZE_BYTES)):
    resource.setrlimit(limit, (value, value))
for path in sorted(Path(sys.argv[2]).iterdir()):
    print(path.name, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            copies.develop(path, folder)
        except (Unreadable, MemoryError):
            continue
        for copy in Path(folder).iterdir():
            assert copy.read_bytes().startswith(bytes.fromhex(sys.argv[3])), path.name
"""


def develop_together(files: Iterator[Named], folder: Path) -> None:
    """What the darkroom's child does, for many photos in one child with its limits of space."""
    folder.mkdir()
    for name, content in files:
        (folder / name).write_bytes(content)
    words = ["-I", "-c", DEVELOP_ALL, str(Path(__file__).parents[1]), str(folder)]
    done = subprocess.run(
        [sys.executable, *words, SIGNATURE.hex()],
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout.splitlines()[-1:], done.stderr[-500:])


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_ten_thousand(server: str, work_off: Callable[[], None], tmp_path: Path) -> None:
    """All through what the worker runs, 3,000 through the door, 150 through the worker itself."""
    phone = Phone(server)
    named = sent(phone, hostile.mutants(3000, seed=11))
    for start in range(0, 10_000, 1000):
        folder = tmp_path / str(start)
        develop_together(islice(hostile.mutants(10_000, seed=11), start, start + 1000), folder)
        shutil.rmtree(folder)
    _leave_queued(150)
    work_off()
    (tmp_path / "copies").mkdir()
    ready = {str(p.id): named[str(p.id)] for p in Photo.objects.filter(state="ready")}
    assert ready
    check_no_metadata(served(server, phone, ready, tmp_path / "copies"))


def _leave_queued(count: int) -> None:
    from django_tasks_db.models import DBTaskResult

    kept = list(DBTaskResult.objects.values_list("id", flat=True)[:count])
    DBTaskResult.objects.exclude(id__in=kept).delete()


def test_the_signature_is_our_encoders(tmp_path: Path) -> None:
    """If the encoder changes, the tests above must be told."""
    file = tmp_path / "photo"
    file.write_bytes(hostile.seeds()["jpeg"])
    done: Any = darkroom.develop(file)
    assert done.display.startswith(SIGNATURE) and len(done.display) < enlarger.FILE_SIZE_BYTES
