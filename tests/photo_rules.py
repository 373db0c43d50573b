"""Rules of the random machine: photos come, are developed or not, and are shown to the public.

No decoder runs: what the darkroom would say is said by the rule.
"""

from __future__ import annotations

import hashlib
import uuid

from hypothesis import strategies as st
from hypothesis.stateful import rule

from reports import actions, blobs
from reports.models import Photo
from reports.payload import AuthorEdit
from tests import builders, photo_faults
from tests.acting import Acting

# one knows where it was taken; of several reports, so that bytes are here already
PICTURES = [
    builders.jpeg(1),
    builders.jpeg(2, exif=b"Exif\0\0" + photo_faults.exif(place=photo_faults.gps())),
]
BY_HASH = {hashlib.sha256(content).hexdigest(): content for content in PICTURES}


def photo_of(report: uuid.UUID) -> Photo | None:
    return Photo.objects.filter(report=report).order_by("ordinal", "id").last()


class PhotoRules(Acting):
    @rule(report=Acting.reports, which=st.integers(0, 1))
    def its_author_adds_a_photo(self, report: uuid.UUID, which: int) -> None:
        edit = AuthorEdit.model_validate(
            {"edit_id": uuid.uuid4(), "photos_add": [builders.announce(PICTURES[which])]}
        )
        self.attempt(actions.report_amend, report_id=report, edit=edit, by=self.author(report))

    @rule(report=Acting.reports)
    def its_photo_arrives(self, report: uuid.UUID) -> None:
        if photo := photo_of(report):
            content = BY_HASH[photo.sha256]
            part = blobs.new_part()
            part.write_bytes(content)
            self.attempt(actions.photo_store, photo=photo, part=part, sha256=photo.sha256,
                         size=len(content))  # fmt: skip

    @rule(report=Acting.reports)
    def its_photo_is_opened_to_upload(self, report: uuid.UUID) -> None:
        """Which is enough where the same bytes are in a report that its author may see."""
        if photo := photo_of(report):
            upload = self.attempt(actions.upload_open, photo_id=photo.id, length=photo.size,
                                  by=self.author(report))  # fmt: skip
            if upload:
                actions.upload_end(upload_id=upload.id)

    @rule(report=Acting.reports)
    def its_preview_arrives(self, report: uuid.UUID) -> None:
        if photo := photo_of(report):
            self.attempt(actions.preview_store, photo=photo, content=PICTURES[0])

    @rule(report=Acting.reports, readable=st.booleans())
    def its_photo_is_developed(self, report: uuid.UUID, readable: bool) -> None:
        photo = photo_of(report)
        if photo is None or photo.stored_at is None:
            return
        if not readable:
            actions.photo_unreadable(photo_id=photo.id, reason="damaged")
            return
        blobs.write(blobs.copy_name(photo.id, "display"), PICTURES[0])
        actions.photo_developed(photo_id=photo.id, width=160, height=120, dhash="0" * 16, doubts=[])

    @rule(report=Acting.reports, taken_back=st.booleans())
    def its_photo_is_public(self, report: uuid.UUID, taken_back: bool) -> None:
        if taken_back:
            self.change(report, public_photos=[])
        elif photo := photo_of(report):
            copy = self.attempt(actions.public_copy_make, photo_id=photo.id,
                                boxes=[[0, 0, 0.5, 0.5]], by=self.hq)  # fmt: skip
            if copy:
                self.change(report, release="public", public_photos=[copy.id])
