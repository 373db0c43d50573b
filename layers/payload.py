"""Bodies of the layers' API: checked, with the field at fault named. Pure: imports no Django."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from gspace import wire
from gspace.wire import Moment, canonical_sha256, code_of, text


def _web(value: str) -> str:
    """It becomes a link on other people's screens."""
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("is an address that begins with https:// or http://")
    return value


def _blank(value: Any) -> Any:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_blank), AfterValidator(text), AfterValidator(str.strip)]
Slug = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Audience = Literal["public", "partner", "hq"]


class LayerIn(BaseModel):
    """Body of POST /layers. incident: a slug, null = standing, shown in every incident.

    publisher: slug of the caller's organisation, only needed by people of several.
    """

    model_config = ConfigDict(extra="forbid")

    slug: Slug
    title: Annotated[Text, Field(min_length=1, max_length=200)]
    title_en: Annotated[Text, Field(max_length=200)] = ""
    kind: Annotated[str, code_of("layer_kind")]
    incident: Annotated[Text, Field(max_length=60)] | None = None
    publisher: Annotated[Text, Field(max_length=60)] | None = None
    audience: Audience = "public"
    licence: Annotated[Text, Field(max_length=200)] = ""
    attribution: Annotated[Text, Field(max_length=300)] = ""
    reuse: bool | None = None
    source_name: Annotated[Text, Field(max_length=200)] = ""
    source_url: Annotated[Text, AfterValidator(_web), Field(max_length=500)] = ""
    coverage: Annotated[Text, Field(max_length=5000)] = ""
    refresh_s: Annotated[int, Field(gt=0, le=2**31 - 1)] | None = None

    def metadata(self) -> dict[str, Any]:
        """What describes the layer and can be corrected later."""
        return self.model_dump(exclude={"slug", "kind", "incident", "publisher"})


class LayerEdit(BaseModel):
    """Body of PATCH /layers/{slug}; members left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[Text, Field(min_length=1, max_length=200)] = ""
    title_en: Annotated[Text, Field(max_length=200)] = ""
    audience: Audience = "public"
    licence: Annotated[Text, Field(max_length=200)] = ""
    attribution: Annotated[Text, Field(max_length=300)] = ""
    reuse: bool | None = None
    source_name: Annotated[Text, Field(max_length=200)] = ""
    source_url: Annotated[Text, AfterValidator(_web), Field(max_length=500)] = ""
    coverage: Annotated[Text, Field(max_length=5000)] = ""
    refresh_s: Annotated[int, Field(gt=0, le=2**31 - 1)] | None = None


class StateIn(BaseModel):
    """Body of PATCH /layers/{slug}/features/{id}: live state set by hand.

    Members left out stay; null takes the hand's word back. Codes are checked by the layer's kind.
    source_as_of: as of when this is so; without it, now.
    """

    model_config = ConfigDict(extra="forbid")

    operation: str | None = None
    congestion: str | None = None
    traffic: str | None = None
    persons: int | None = None
    note: Annotated[Text, Field(max_length=2000)] | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    checked_at: Moment | None = None
    source_as_of: Moment | None = None

    def said(self) -> dict[str, Any]:
        """Field -> value of the members that were sent, without the clock."""
        return self.model_dump(include=self.model_fields_set - {"source_as_of"})


LIMIT_PERSONS = 1_000_000
LIMIT_ATTRIBUTES = 200
LIMIT_HEADER = 1000


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    """Plain values under names: what a column of a table could hold."""
    if len(value) > LIMIT_ATTRIBUTES:
        raise ValueError(f"at most {LIMIT_ATTRIBUTES} attributes")
    for name, one in value.items():
        text(name)
        if not 0 < len(name) <= 200:
            raise ValueError("a name has 1 to 200 letters")
        if isinstance(one, str) and len(text(one)) > 5000:
            raise ValueError("a value has at most 5,000 letters")
        # JSON has neither NaN nor infinity, and nobody counts that far
        if isinstance(one, int | float) and not abs(one) < 1e300:
            raise ValueError("is not a number that can be kept")
    return value


Plain = bool | int | float | str | None
Attributes = Annotated[dict[str, Plain], AfterValidator(_attributes)]
PLACED = {"name", "name_en", "address", "geometry", "attributes", "place_by_address"}


class FeatureChange(StateIn):
    """Body of PATCH /layers/{slug}/features/{id}: what it is and how it is, set by hand.

    Beside the members of the state: geometry is GeoJSON, null = no place; attributes are merged,
    null removes one; place_by_address puts it where its address says, at town precision.
    """

    name: Annotated[Text, Field(max_length=300)] = ""
    name_en: Annotated[Text, Field(max_length=300)] = ""
    address: Annotated[Text, Field(max_length=300)] = ""
    geometry: dict[str, Any] | None = None
    attributes: Attributes = {}
    place_by_address: bool = False

    def placed(self) -> dict[str, Any]:
        """Members that were sent, of what the place is."""
        return self.model_dump(include=self.model_fields_set & PLACED)

    def said(self) -> dict[str, Any]:
        return self.model_dump(include=self.model_fields_set - PLACED - {"source_as_of"})


class FeatureNew(FeatureChange):
    """Body of POST /layers/{slug}/features: a place that no file has.

    geometry or address or both; an address alone is placed at town precision, `estimated`.
    """

    name: Annotated[Text, Field(min_length=1, max_length=300)]


class ReadAgain(BaseModel):
    """Body of POST /layers/{slug}/versions/{n}/read: read the same bytes so. All may be left out.

    columns: column name -> field, or null = keep it as it is; crs: such as EPSG:6670; header: row
    of the column names, 0 = there are none; publish: as soon as nothing holds it.
    """

    model_config = ConfigDict(extra="forbid")

    columns: dict[Annotated[Text, Field(max_length=200)], str | None] = {}
    crs: Annotated[Text, Field(max_length=40)] = ""
    header: Annotated[int, Field(ge=0, le=LIMIT_HEADER)] | None = None
    publish: bool = False


class LinkIn(BaseModel):
    """Body of POST /map-links: a tile that leads to somebody else's map or page.

    incident: a slug, null = shown in every incident; kind: of the layers it would be among.
    """

    model_config = ConfigDict(extra="forbid")

    title: Annotated[Text, Field(min_length=1, max_length=200)]
    title_en: Annotated[Text, Field(max_length=200)] = ""
    url: Annotated[Text, AfterValidator(_web), Field(min_length=9, max_length=500)]
    kind: Annotated[str, code_of("layer_kind")] = "other"
    note: Annotated[Text, Field(max_length=300)] = ""
    incident: Annotated[Text, Field(max_length=60)] | None = None
    publisher: Annotated[Text, Field(max_length=60)] | None = None


def _nothing(value: Any) -> Any:
    """A form sends what was left blank as an empty text: not reported."""
    return None if isinstance(value, str) and not value.strip() else value


Code = Annotated[Annotated[wire.Text, Field(max_length=30)] | None, BeforeValidator(_nothing)]
Lifeline = Annotated[Annotated[str, code_of("lifeline")] | None, BeforeValidator(_nothing)]
Count = Annotated[
    Annotated[int, Field(strict=True, ge=0, le=LIMIT_PERSONS)] | None, BeforeValidator(_nothing)
]
Words = Annotated[Annotated[wire.Text, Field(max_length=4000)] | None, BeforeValidator(_nothing)]


class SituationIn(BaseModel):
    """Body of PUT /situations/{uuid}: how a visitor found a facility. Unknown members are ignored.

    null or left out = not reported, never zero. operation and congestion are checked by the
    layer's kind. persons: staying there; car_stayers: sleeping in their cars, not among them.
    """

    model_config = ConfigDict(extra="ignore")

    incident: Annotated[wire.Text, Field(max_length=60)]
    layer: Annotated[wire.Text, Field(max_length=80)]
    feature: Annotated[wire.Text, Field(max_length=200)]
    captured_at: Moment
    sent_at: Moment | None = None
    operation: Code = None
    congestion: Code = None
    persons: Count = None
    households: Count = None
    car_stayers: Count = None
    power: Lifeline = None
    water: Lifeline = None
    toilets: Lifeline = None
    needs: Words = None
    note: Words = None

    @model_validator(mode="after")
    def _says_something(self) -> SituationIn:
        # a row of nulls would stand as the latest, in front of one that says something
        if not any(value is not None for value in self.said().values()):
            raise ValueError("says nothing: fill in at least one answer")
        return self

    def said(self) -> dict[str, Any]:
        """The answers, null where nothing was reported."""
        return self.model_dump(exclude={"incident", "layer", "feature", "captured_at", "sent_at"})

    def canonical_sha256(self) -> str:
        """As of a report: sent_at is the envelope, stamped anew at each try."""
        return canonical_sha256(self.model_dump(mode="json", exclude={"sent_at"}))
