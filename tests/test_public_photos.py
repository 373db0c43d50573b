"""Photos for the public: pixels under a box are gone, and what is taken back is gone at once."""

from __future__ import annotations

import io
import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.core.files.storage import storages
from django.db import connections, transaction
from PIL import Image, ImageDraw

from reports import actions, blobs, photos, public_photos, sweeper
from reports.exif import Exif
from reports.models import Photo, Report
from reports.payload import AuthorEdit, HqEdit
from reports.releasing import PublicCopy
from tests import builders
from tests.test_report_release import Desk

FACE = [0.3, 0.25, 0.2, 0.3]


def picture(inside: str, size: tuple[int, int] = (640, 480)) -> bytes:
    """A display copy with stripes, and something in FACE that must not get out."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    across, down = size
    x, y, width, height = FACE
    left, top = x * across, y * down
    for at in range(8):
        draw.line([(at * 80, 0), (at * 80, down)], fill="red", width=9)
    draw.rectangle((left, top, left + width * across - 1, top + height * down - 1), fill=inside)
    draw.ellipse(
        (left + 20, top + 20, left + 90, top + 100), fill="yellow" if inside == "blue" else 0
    )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def pixels_of(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


# --- the pictures --------------------------------------------------------------------------
def test_two_pictures_that_differ_under_the_box_only_give_the_same_bytes() -> None:
    """Nothing of it can be recovered: the copy does not depend on it, not even at the edges."""
    blue, green = picture("blue"), picture("lime")
    assert pixels_of(blue).tobytes() != pixels_of(green).tobytes()
    made = public_photos.make(blue, [FACE])
    assert made == public_photos.make(green, [FACE])
    assert public_photos.make(blue, []) != public_photos.make(green, [])


def test_the_box_is_one_colour_and_the_rest_stays() -> None:
    source, made = picture("blue"), public_photos.make(picture("blue"), [FACE])
    before, after = pixels_of(source), pixels_of(made.full)
    left, top, right, bottom = public_photos.covered(FACE, before.size)
    assert left <= 192 and top <= 120 and right >= 319 and bottom >= 263
    inner = after.crop((left + 18, top + 18, right - 18, bottom - 18))
    assert all(high - low <= 6 for low, high in inner.getextrema())  # type: ignore[misc]
    for at in ((10, 10), (600, 400), (left - 20, 200)):
        pairs = zip(before.getpixel(at), after.getpixel(at), strict=True)  # type: ignore[arg-type]
        assert all(abs(one - other) < 24 for one, other in pairs)


@pytest.mark.parametrize("box", [[0, 0, 1, 1], [0.99, 0.99, 0.01, 0.01], [0.5, 0.5, 0, 0]], ids=str)
def test_a_box_at_the_edge_covers_whole_blocks(box: list[float]) -> None:
    left, top, right, bottom = public_photos.covered(box, (640, 480))
    assert left >= 0 and top >= 0 and right <= 639 and bottom <= 479
    made = public_photos.make(picture("blue"), [box])
    assert (made.width, made.height) == (640, 480)
    assert max(pixels_of(made.small).size) == 320


def test_no_metadata_comes_along() -> None:
    source = pixels_of(picture("blue"))
    exif = Image.Exif()
    exif[0x010F] = "Nosy Camera"
    out = io.BytesIO()
    source.save(out, "JPEG", exif=exif.tobytes(), comment=b"home", icc_profile=b"x" * 200)
    for content in (made := public_photos.make(out.getvalue(), [])).full, made.small:
        assert photos.read(content).exif == Exif()
        kept = set(Image.open(io.BytesIO(content)).info)
        assert kept <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Nosy" not in content and b"home" not in content


def develop(told: dict[str, Any], content: bytes) -> None:
    """The original has come, and its copies are made: they show `picture`."""
    part = blobs.new_part()
    part.write_bytes(content)
    photo = Photo.objects.get(id=told["id"])
    actions.photo_store(photo=photo, part=part, sha256=told["sha256"], size=told["size"])
    blobs.write(blobs.copy_name(photo.id, "display"), picture("blue"))
    blobs.write(blobs.copy_name(photo.id, "thumb"), picture("blue", (160, 120)))
    actions.photo_developed(photo_id=photo.id, width=640, height=480, dhash="0", doubts=[])


# --- who gets them -------------------------------------------------------------------------
class PhotoDesk(Desk):
    def __init__(self, server: str) -> None:
        super().__init__(server)
        self.ident, self.photo = self.with_photo()

    def with_photo(self, **more: Any) -> tuple[str, str]:
        content = builders.jpeg(next(builders.count))
        told = builders.announce(content)
        report = self.report(photos=[told], **more)
        develop(told, content)
        return report, told["id"]

    def look_through(self, photo: str = "", boxes: Any = (FACE,)) -> dict[str, Any]:
        answer = self.http.post(f"/photos/{photo or self.photo}/public", json={"boxes": boxes})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def show(self, *copies: dict[str, Any]) -> None:
        self.patch(self.ident, release="public", public_photos=[copy["id"] for copy in copies])

    def get(self, url: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.server}{url}", headers=headers)


@pytest.fixture
def desk(server: str) -> PhotoDesk:
    return PhotoDesk(server)


db = pytest.mark.django_db(transaction=True)


def files() -> list[str]:
    """What lies there for the public."""
    storage, found = storages["photos"], []
    for shelf in storage.listdir("copies")[0]:
        found += [n for n in storage.listdir(f"copies/{shelf}")[1] if ".public" in n]
    return found


@db
def test_the_preview_is_byte_for_byte_what_the_public_gets(desk: PhotoDesk) -> None:
    copy = desk.look_through()
    before = desk.http.get(copy["display_url"].removeprefix("/api/v1"))
    (told,) = desk.preview(desk.ident, public_photos=copy["id"])[0]["properties"]["photos"]
    assert desk.get(copy["display_url"]).status_code == 404
    desk.show(copy)
    (shown,) = desk.public()[0]["properties"]["photos"]
    assert told == shown and "boxes" not in shown
    got = desk.get(shown["display_url"])
    assert got.status_code == 200 and got.content == before.content
    assert got.content == public_photos.make(picture("blue"), [FACE]).full
    assert got.headers["cache-control"] == "private, no-store"
    assert got.headers["content-type"] == "image/jpeg"
    assert len(desk.get(shown["thumb_url"]).content) < len(got.content)


@db
def test_released_without_a_look_there_is_no_photo(desk: PhotoDesk) -> None:
    desk.patch(desk.ident, release="public")
    assert desk.public()[0]["properties"]["photos"] == []
    for which in ("display", "thumb", "original", "public"):
        assert desk.get(f"/api/v1/photos/{desk.photo}/{which}").status_code in (401, 404)


@db
def test_who_sees_a_copy_before_during_and_after(desk: PhotoDesk) -> None:
    """A row a moment: nobody, crew, partner, headquarters, another headquarters."""
    liaison = builders.make_organisation()
    builders.join(desk.incident, liaison, "partner")
    other = builders.headquarters(builders.make_incident())
    own = builders.headquarters(desk.incident)
    who = [
        {},
        builders.bearer(desk.author_token),
        builders.bearer(builders.api_token(liaison, "partner")),
        builders.bearer(builders.api_token(own, "operator")),
        builders.bearer(builders.api_token(other, "operator")),
    ]
    copy = desk.look_through()

    def codes() -> list[int]:
        return [desk.get(copy["display_url"], **headers).status_code for headers in who]

    assert codes() == [404, 404, 404, 200, 404]
    desk.show(copy)
    assert codes() == [200] * 5
    desk.patch(desk.ident, release="none")
    assert codes() == [404] * 5


@db
@pytest.mark.parametrize("how", ["take_back", "reject", "rescue", "other_photo", "home", "merge",
                                 "withdraw", "undo"])  # fmt: skip
def test_taken_back_it_is_gone_for_good(desk: PhotoDesk, how: str) -> None:
    copy = desk.look_through()
    desk.show(copy)
    if how == "take_back":
        desk.patch(desk.ident, release="none")
    elif how == "reject":
        desk.patch(desk.ident, status="rejected", reason="x")
    elif how == "rescue":
        desk.patch(desk.ident, category="rescue")
    elif how == "other_photo":
        desk.patch(desk.ident, public_photos=[])
    elif how == "home":
        desk.patch(desk.ident, category="building")
    elif how == "merge":
        into, match = {"into": desk.report()}, {"If-Match": '"2"'}
        desk.http.post(f"/reports/{desk.ident}/merge", json=into, headers=match)
    elif how == "withdraw":
        edit = AuthorEdit(edit_id=uuid.uuid4(), withdrawn=True)
        actions.report_amend(report_id=uuid.UUID(desk.ident), edit=edit, by=desk.author)
    else:
        desk.http.post(f"/reports/{desk.ident}/undo", headers={"If-Match": '"2"'})
    for url in (copy["display_url"], copy["thumb_url"]):
        assert desk.get(url).status_code == 404
    assert not PublicCopy.objects.exists() and files() == []
    # undoing that brings the words back at most: a photo is looked at again
    version = Report.objects.get(id=desk.ident).version
    desk.http.post(f"/reports/{desk.ident}/undo", headers={"If-Match": f'"{version}"'})
    assert [f["properties"]["photos"] for f in desk.public()] in ([], [[]])
    assert desk.get(copy["display_url"]).status_code == 404


@db
def test_shown_again_it_has_another_address(desk: PhotoDesk) -> None:
    first = desk.look_through()
    desk.show(first)
    desk.patch(desk.ident, release="none")
    again = {"release": "public", "public_photos": [first["id"]]}
    seen = {"If-Match": f'"{Report.objects.get(id=desk.ident).version}"'}
    answer = desk.http.patch(f"/reports/{desk.ident}", json=again, headers=seen)
    assert (answer.status_code, answer.json()["field"]) == (422, "public_photos")
    second = desk.look_through()
    desk.show(second)
    assert second["display_url"] != first["display_url"]
    assert desk.get(second["display_url"]).status_code == 200
    assert desk.get(first["display_url"]).status_code == 404


@db
def test_erased_it_is_gone(desk: PhotoDesk) -> None:
    copy = desk.look_through()
    desk.show(copy)
    assert len(files()) == 2
    desk.http.delete(f"/reports/{desk.ident}")
    assert desk.get(copy["display_url"]).status_code == 404
    assert files() == []


@db
def test_only_copies_of_the_reports_own_photos_are_shown(desk: PhotoDesk) -> None:
    _, photo = desk.with_photo()
    foreign = desk.look_through(photo)
    for ids in ([foreign["id"]], [str(uuid.uuid4())]):
        answer = desk.http.patch(
            f"/reports/{desk.ident}",
            json={"release": "public", "public_photos": ids},
            headers={"If-Match": '"1"'},
        )
        assert (answer.status_code, answer.json()["field"]) == (422, "public_photos")
    assert desk.public() == []


@db
@pytest.mark.parametrize(
    "boxes", [[[0, 0, 1]], [[-0.1, 0, 1, 1]], [[0, 0, "NaN", 1]], "x", [[0, 0, 1, 1]] * 101],
    ids=["three", "outside", "nan", "text", "many"],
)  # fmt: skip
def test_nonsense_boxes_name_their_field(desk: PhotoDesk, boxes: Any) -> None:
    answer = desk.http.post(f"/photos/{desk.photo}/public", json={"boxes": boxes})
    assert answer.status_code == 422 and answer.json()["field"].startswith("boxes")


@db
def test_what_was_never_shown_does_not_pile_up(desk: PhotoDesk) -> None:
    shown = desk.look_through()
    desk.show(shown)
    for _ in range(3):
        draft = desk.look_through()
    assert {str(c.id) for c in PublicCopy.objects.all()} == {shown["id"], draft["id"]}
    later = datetime.now(UTC) + timedelta(hours=25)
    assert actions.public_copies_expire(now=later) == 1
    sweeper.sweep(now=later + timedelta(days=9))
    assert desk.get(shown["display_url"]).status_code == 200
    assert len(files()) == 2


@db
def test_what_somebody_is_about_to_show_does_not_expire(desk: PhotoDesk) -> None:
    copy, by = desk.look_through(), builders.operator(desk.incident)
    edit = HqEdit(release="public", public_photos=[copy["id"]])
    later, gone = datetime.now(UTC) + timedelta(hours=25), []

    def expire() -> None:
        gone.append(actions.public_copies_expire(now=later))
        connections.close_all()

    thread = threading.Thread(target=expire)
    with transaction.atomic():
        actions.report_change(report_id=uuid.UUID(desk.ident), edit=edit, seen=1, by=by)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits"
    thread.join(10)
    assert gone == [0] and desk.get(copy["display_url"]).status_code == 200


@db
def test_what_is_named_before_the_release_stays_when_more_is_named(desk: PhotoDesk) -> None:
    content = builders.jpeg(next(builders.count))
    told = builders.announce(content)
    edit = AuthorEdit.model_validate({"edit_id": str(uuid.uuid4()), "photos_add": [told]})
    actions.report_amend(report_id=uuid.UUID(desk.ident), edit=edit, by=desk.author)
    develop(told, content)
    first, second = desk.look_through()["id"], desk.look_through(told["id"])["id"]
    desk.patch(desk.ident, public_photos=[first])
    desk.patch(desk.ident, public_photos=[first, second])
    desk.patch(desk.ident, release="public")
    (shown,) = desk.public()
    assert len(shown["properties"]["photos"]) == 2
    for photo in shown["properties"]["photos"]:
        assert desk.get(photo["display_url"]).status_code == 200
    desk.patch(desk.ident, public_photos=[second])
    assert [str(copy.id) for copy in PublicCopy.objects.all()] == [second]


@db
def test_without_a_display_copy_there_is_nothing_to_look_through(desk: PhotoDesk) -> None:
    told = builders.announce(builders.jpeg(99))
    desk.report(photos=[told])
    answer = desk.http.post(f"/photos/{told['id']}/public", json={"boxes": []})
    assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_ready")
