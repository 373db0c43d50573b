"""Photos come in: real ones as a phone sends them, broken ones, again, wrong, and too big."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import uuid
from pathlib import Path

import httpx
import pytest
from pyproj import Geod

from reports import blobs
from reports.models import Photo, Report
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
WGS84 = Geod(ellps="WGS84")


def digest(content: bytes) -> str:
    return "sha-256=:" + base64.b64encode(hashlib.sha256(content).digest()).decode() + ":"


class Phone:
    """Sends as a phone does: the report first, then the original."""

    def __init__(self, server: str) -> None:
        self.incident = builders.make_incident()
        self.caller, token = builders.device(self.incident)
        self.http = httpx.Client(
            base_url=f"{server}/api/v1", headers=builders.bearer(token), timeout=60
        )

    def report(self, content: bytes, **more) -> tuple[uuid.UUID, str, httpx.Response]:
        ident, photo = uuid.uuid4(), builders.announce(content)
        body = builders.report_body(self.incident, photos=[photo], **more)
        return ident, photo["id"], self.http.put(f"/reports/{ident}", json=body)

    def original(self, photo: str, content: bytes, header: str | None = None) -> httpx.Response:
        return self.http.put(
            f"/photos/{photo}/original",
            content=content,
            headers={"Repr-Digest": header or digest(content)},
        )

    def told(self, ident: uuid.UUID) -> dict:
        return self.http.get(f"/reports/{ident}").json()


@pytest.fixture
def phone(server: str) -> Phone:
    return Phone(server)


def expected(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "photos" / "expected.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def number(text: str) -> float | None:
    return float(text) if text.strip() else None


def fix_of(row: dict[str, str]) -> tuple[float, float] | None:
    lon, lat = number(row["lon"]), number(row["lat"])
    if lon is None or lat is None or (lon, lat) == (0.0, 0.0):
        return None
    return lon, lat


@pytest.mark.timeout(300)
def test_every_real_photo_is_kept_and_placed(phone: Phone, shared_data: Path, work_off) -> None:
    rows = expected(shared_data)
    sent = {}
    for row in rows:
        content = (shared_data / "photos" / row["file"]).read_bytes()
        ident, photo, answer = phone.report(content, device_fix=None, captured_at=None)
        assert answer.status_code == 201, row["file"]
        answer = phone.original(photo, content)
        assert answer.status_code == 201, (row["file"], answer.text)
        assert answer.json()["sha256"] == hashlib.sha256(content).hexdigest()
        sent[row["file"]] = (ident, row)
    work_off()
    assert Report.objects.count() == len(rows) == Photo.objects.count()
    for name, (ident, row) in sent.items():
        check_against_expected(name, phone.told(ident), row)


def check_against_expected(name: str, feature: dict, row: dict[str, str]) -> None:
    told = feature["properties"]["photos"][0]
    fix = fix_of(row)
    if row["pillow_decode"] != "ok":
        assert told["state"] == "unreadable" and told["reason"], name
        assert feature["geometry"] is None
        return
    assert told["state"] == "ready", (name, told)
    if fix is None:
        assert feature["geometry"] is None, name
        assert feature["properties"]["needs_place"] is True
    else:
        assert WGS84.inv(*fix, *feature["geometry"]["coordinates"])[2] <= 1, name
    check_exif(name, told, row)


def check_exif(name: str, told: dict, row: dict[str, str]) -> None:
    exif = told["exif"]
    bearing, altitude = number(row["bearing_deg"]), number(row["altitude_m"])
    assert exif["bearing_deg"] == (None if bearing is None else pytest.approx(bearing, abs=1e-3)), (
        name
    )
    wanted = {"T": "true", "M": "magnetic", "": None}[row["bearing_ref"]] if bearing else None
    assert exif["bearing_ref"] == wanted, name
    if fix_of(row):
        assert exif["altitude_m"] == (
            None if altitude is None else pytest.approx(altitude, abs=0.01)
        ), name
    clock = row["taken_at_local"]
    if clock and clock[:4].isdigit() and clock[:4] != "0000":
        date, _, time = clock.partition(" ")
        assert exif["taken_at"][:19] == f"{date.replace(':', '-')}T{time}", name
    if row["utc_offset"]:
        assert exif["utc_offset"] == row["utc_offset"], name
    assert (exif["orientation"] or 1) == int(row["orientation"] or 1), name
    turned = exif["orientation"] in (5, 6, 7, 8) and not row["type"].startswith("HE")
    size = (int(row["pillow_width"]), int(row["pillow_height"]))
    assert (told["width"], told["height"]) == (size[::-1] if turned else size), name


def test_the_same_bytes_again_succeed(phone: Phone) -> None:
    content = builders.jpeg(1)
    ident, photo, _ = phone.report(content)
    assert [phone.original(photo, content).status_code for _ in range(3)] == [201, 200, 200]
    assert phone.told(ident)["properties"]["photos"][0]["state"] in ("stored", "ready")


def test_other_bytes_are_a_conflict(phone: Phone) -> None:
    content = builders.jpeg(1)
    _, photo, _ = phone.report(content)
    phone.original(photo, content)
    answer = phone.original(photo, builders.jpeg(2))
    assert (answer.status_code, answer.json()["code"]) == (409, "photo_differs")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "digest_missing"),
        ("sha-256=:AAAA:", "digest_missing"),
        ("md5=:AAAA:", "digest_missing"),
    ],
)
def test_the_digest_is_asked_for(phone: Phone, header: str, code: str) -> None:
    content = builders.jpeg(1)
    _, photo, _ = phone.report(content)
    answer = phone.original(photo, content, header or "none")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_bytes_unlike_the_announced_ones_are_refused(phone: Phone) -> None:
    content, other = builders.jpeg(1), builders.jpeg(2)
    _, photo, _ = phone.report(content)
    for body, header in ((other, digest(other)), (other, digest(content))):
        answer = phone.original(photo, body, header)
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")
    assert not list(blobs.new_part().parent.iterdir()), "no part is left behind"


def test_an_unknown_photo_and_a_strangers_are_404(phone: Phone, server: str) -> None:
    content = builders.jpeg(1)
    assert phone.original(str(uuid.uuid4()), content).json()["code"] == "photo_unknown"
    _, photo, _ = phone.report(content)
    assert Phone(server).original(photo, content).json()["code"] == "photo_unknown"


def test_without_a_token_nothing_is_read(server: str, phone: Phone) -> None:
    content = builders.jpeg(1)
    _, photo, _ = phone.report(content)
    answer = httpx.put(
        f"{server}/api/v1/photos/{photo}/original",
        content=content,
        headers={"Repr-Digest": digest(content)},
    )
    assert answer.status_code == 401


def test_too_large_is_said_and_nothing_stays(phone: Phone, settings) -> None:
    settings.LIMIT_ORIGINAL_BYTES = 1000
    content = builders.jpeg(1, (800, 600))
    ident, photo, _ = phone.report(content)
    answer = phone.original(photo, content)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert phone.told(ident)["properties"]["photos"][0]["state"] == "awaited"


def test_a_preview_comes_first(phone: Phone, work_off) -> None:
    content = builders.jpeg(3, (400, 300))
    ident, photo, _ = phone.report(content)
    small = builders.jpeg(3, (200, 150))
    answer = phone.http.put(f"/photos/{photo}/preview", content=small)
    assert answer.status_code == 200
    told = phone.told(ident)["properties"]["photos"][0]
    assert told["state"] == "preview" and told["preview_url"]
    shown = phone.http.get(told["preview_url"].removeprefix("/api/v1"))
    assert shown.headers["content-type"] == "image/jpeg" and shown.content[:2] == b"\xff\xd8"
    phone.original(photo, content)
    work_off()
    assert phone.told(ident)["properties"]["photos"][0]["state"] == "ready"


@pytest.mark.parametrize("content", [b"GIF89a" + b"\0" * 50, b"", b"\xff\xd8\xff" + b"\0" * 70_000])
def test_a_bad_preview_is_refused_and_the_original_will_do(phone: Phone, content: bytes) -> None:
    picture = builders.jpeg(1)
    _, photo, _ = phone.report(picture)
    answer = phone.http.put(f"/photos/{photo}/preview", content=content)
    assert answer.status_code in (413, 422), answer.text
    assert phone.original(photo, picture).status_code == 201


def test_the_original_is_for_headquarters_and_every_opening_is_logged(
    phone: Phone, server: str
) -> None:
    from reports.models import PhotoOpening

    content = builders.jpeg(1)
    _, photo, _ = phone.report(content)
    phone.original(photo, content)
    assert phone.http.get(f"/photos/{photo}/original").status_code == 403
    token = builders.api_token(builders.headquarters(phone.incident), "operator")
    answer = httpx.get(f"{server}/api/v1/photos/{photo}/original", headers=builders.bearer(token))
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert PhotoOpening.objects.count() == 1


def test_errors_name_the_field(phone: Phone) -> None:
    body = builders.report_body(phone.incident, captured_at="2016-04-16T02:11:00")
    answer = phone.http.put(f"/reports/{uuid.uuid4()}", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "captured_at")
    assert answer.headers["content-type"] == "application/problem+json"
    body = builders.report_body(phone.incident, category="volcano")
    answer = phone.http.put(f"/reports/{uuid.uuid4()}", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "category")
    answer = phone.http.put(f"/reports/{uuid.uuid4()}", content=b"{" * 5000)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    answer = phone.http.put(f"/reports/{uuid.uuid4()}", content=json.dumps({"x": "y" * 20_000}))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
