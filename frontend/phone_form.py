"""The plain report form: what a browser without scripts can send, turned into the API's body."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from frontend.text_field import TextField
from gspace import vocabulary
from gspace.models import Incident
from gspace.wire import FIRST_YEAR, LAST_YEAR, is_on_earth
from reports import blobs
from reports.payload import ReportIn


@dataclass(frozen=True)
class Arrived:
    """A photo that came with the form: its complete bytes in a part file, hashed."""

    id: uuid.UUID
    part: Path
    sha256: str
    size: int
    media_type: str

    def announced(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "sha256": self.sha256,
            "size": self.size,
            "type": self.media_type[:100] or None,
        }


class PhoneForm(forms.Form):
    """report_id is made by the server when the form is shown, so sending it twice is one report.

    captured_at, lon, lat, accuracy_m and fixed_at are filled by a small script where there is
    one; without it the photo's own position is used.
    """

    report_id = forms.UUIDField(widget=forms.HiddenInput)
    incident = forms.ChoiceField()
    category = forms.ChoiceField(
        error_messages={"required": _("Choose what it is about.")},
    )
    severity = forms.ChoiceField(required=False)
    comment = TextField(required=False, max_length=4000)
    captured_at = forms.CharField(required=False, max_length=40)
    lon = forms.CharField(required=False, max_length=40)
    lat = forms.CharField(required=False, max_length=40)
    accuracy_m = forms.CharField(required=False, max_length=40)
    fixed_at = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, incidents: Iterable[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incidents = list(incidents)
        self._choices("incident", [i.slug for i in self.incidents])
        self._choices("category", vocabulary.codes("category"))
        self._choices("severity", vocabulary.codes("severity"))

    def _choices(self, name: str, codes: Iterable[str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, code) for code in codes]

    def body(self, photos: list[Arrived]) -> ReportIn:
        """The API's body of the same words. The form must be valid."""
        said = self.cleaned_data
        return ReportIn.model_validate(
            {
                "incident": said["incident"],
                "category": said["category"],
                "severity": said["severity"] or None,
                "comment": said["comment"] or None,
                "captured_at": _moment(said["captured_at"]),
                "device_fix": _fix(said),
                "photos": [photo.announced() for photo in photos],
            }
        )


def _fix(said: dict[str, Any]) -> dict[str, Any] | None:
    fix = {name: _number(said[name]) for name in ("lon", "lat", "accuracy_m")}
    if fix["lon"] is None or fix["lat"] is None:
        return None
    return {**fix, "fixed_at": _moment(said["fixed_at"])}


def _number(text: str) -> float | None:
    """The script's number; like a wrong time, a wrong number is no reason to refuse a report."""
    try:
        return float(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """The script's ISO time with offset, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    sane = found.tzinfo and FIRST_YEAR <= found.year <= LAST_YEAR and is_on_earth(found)
    return found if sane else None


def photos_of(report_id: uuid.UUID, files: Iterable[UploadedFile]) -> list[Arrived]:
    """Write the files to part files and hash them; the same picture twice counts once.

    The photo's id follows from report and content, so that a second try announces the same.
    """
    found: dict[str, Arrived] = {}
    for upload in list(files)[: settings.LIMIT_PHOTOS_PER_REPORT]:
        if not upload.size:
            continue
        photo = _arrive(report_id, upload)
        if photo.sha256 in found:
            photo.part.unlink(missing_ok=True)
        else:
            found[photo.sha256] = photo
    return list(found.values())


def _arrive(report_id: uuid.UUID, upload: UploadedFile) -> Arrived:
    digest, size, part = hashlib.sha256(), 0, blobs.new_part()
    with part.open("wb") as target:
        for chunk in upload.chunks():
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    sha256 = digest.hexdigest()
    kind = (upload.content_type or "").split(";")[0]
    return Arrived(uuid.uuid5(report_id, sha256), part, sha256, size, kind)
