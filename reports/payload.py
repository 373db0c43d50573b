"""The body of a report as the phone sends it: checked, and in canonical form for comparison.

Pure (no Django). A fix that is no fix (0,0; NaN; out of range) is not an error here: the report is
kept and its raw value with it; reports.position says what is usable.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from gspace.wire import Metres, Moment, Number, Text, canonical_sha256, code_of


class Position(BaseModel):
    """WGS 84 lon/lat in degrees, raw."""

    lon: Number = None
    lat: Number = None


class DeviceFix(Position):
    """accuracy_m: radius in metres; fixed_at: when the device knew this place."""

    accuracy_m: Number = None
    fixed_at: Moment | None = None


class PhotoAnnounced(BaseModel):
    id: uuid.UUID
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$"), AfterValidator(str.lower)]
    size: Annotated[int, Field(gt=0, le=2**40)]
    type: Annotated[Text | None, Field(max_length=100)] = None


class ReportIn(BaseModel):
    """Body of PUT /reports/{uuid} (DESIGN 4.3). Unknown members are ignored."""

    model_config = ConfigDict(extra="ignore")

    incident: Annotated[Text, Field(max_length=60)]
    category: Annotated[str, code_of("category")]
    detail: Annotated[Text | None, Field(max_length=60)] = None
    severity: Annotated[str, BeforeValidator(lambda v: v or "unknown"), code_of("severity")] = (
        "unknown"
    )
    comment: Annotated[Text | None, Field(max_length=4000)] = None
    captured_at: Moment | None = None
    sent_at: Moment | None = None
    device_fix: DeviceFix | None = None
    pin: Position | None = None
    bearing_deg: Number = None
    floor: Annotated[Text | None, Field(max_length=20)] = None
    follows: uuid.UUID | None = None
    about: Annotated[Text | None, Field(max_length=200)] = None
    photos: Annotated[
        list[PhotoAnnounced], BeforeValidator(lambda v: v or []), Field(max_length=20)
    ] = []

    def canonical_sha256(self) -> str:
        """SHA-256 of the content as first received; the same words sent later are the same.

        sent_at is the envelope, not the content: a phone stamps each try anew.
        """
        return canonical_sha256(self.model_dump(mode="json", exclude={"sent_at"}))


class EnteredIn(BaseModel):
    """Body of PUT /incidents/{slug}/entered/{uuid}: told to headquarters, not sent by a phone.

    told_by: who told it and how to reach them, for headquarters only. captured_at: when it was
    seen. geometry: as far as it was told: a point only with `exact`, else an area or a line.
    accuracy_m: of the geometry, in metres; of an area, null = as far as it reaches.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Annotated[str, code_of("channel")]
    told_by: Annotated[Text | None, Field(max_length=200)] = None
    category: Annotated[str, code_of("category")]
    detail: Annotated[Text | None, Field(max_length=60)] = None
    severity: Annotated[str, code_of("severity")] = "unknown"
    comment: Annotated[Text | None, Field(max_length=4000)] = None
    captured_at: Moment | None = None
    floor: Annotated[Text | None, Field(max_length=20)] = None
    geometry: dict[str, Any] | None = None
    exact: bool = False
    accuracy_m: Metres = None
    geometry_note: Annotated[Text | None, Field(max_length=1000)] = None

    def canonical_sha256(self) -> str:
        """SHA-256 of what was entered; sent again it is the same report."""
        return canonical_sha256(self.model_dump(mode="json"))


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class PublicCopyIn(BaseModel):
    """Body of POST /photos/{uuid}/public: [x, y, width, height] each, as shares of the picture."""

    model_config = ConfigDict(extra="forbid")

    boxes: Annotated[list[tuple[Share, Share, Share, Share]], Field(max_length=100)]


class RuleIn(BaseModel):
    """Body of PUT /incidents/{slug}/release-rules/{category}/{status}."""

    model_config = ConfigDict(extra="forbid")

    place: Literal["exact", "rounded", "municipality"] = "rounded"
    text: Literal["none", "category", "fixed"] = "none"
    fixed_text: Annotated[Text, Field(max_length=500)] = ""
    enabled: bool = True


class AuthorEdit(BaseModel):
    """Body of PATCH /reports/{uuid} by its author. Members left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    edit_id: uuid.UUID
    device_fix: DeviceFix | None = None
    pin: Position | None = None
    floor: Annotated[Text | None, Field(max_length=20)] = None
    comment: Annotated[Text | None, Field(max_length=4000)] = None
    photos_add: Annotated[list[PhotoAnnounced], Field(max_length=20)] = []
    withdrawn: Annotated[Text | bool | None, Field()] = None
    reason: Annotated[Text | None, Field(max_length=1000)] = None


class HqEdit(BaseModel):
    """Body of PATCH /reports/{uuid} by headquarters. Members left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    status: Annotated[str, code_of("status")] = ""
    reason: Annotated[Text | None, Field(max_length=1000)] = None
    severity: Annotated[str, code_of("severity")] = ""
    category: Annotated[str, code_of("category")] = ""
    detail: Annotated[Text | None, Field(max_length=60)] = None
    comment_hq: Annotated[Text | None, Field(max_length=4000)] = None
    assigned_to: Annotated[Text | None, Field(max_length=120)] = None
    due_at: Moment | None = None
    geometry: dict[str, Any] | None = None
    accuracy_m: Metres = None
    geometry_note: Annotated[Text | None, Field(max_length=1000)] = None
    floor: Annotated[Text | None, Field(max_length=20)] = None
    release: Annotated[str, code_of("release")] = ""
    public_text: Annotated[Text | None, Field(max_length=4000)] = None
    redacted_geometry: dict[str, Any] | None = None
    private_home: bool | None = None
    public_place: Literal["", "rounded", "municipality"] | None = None
    public_photos: Annotated[list[uuid.UUID] | None, Field(max_length=20)] = None
