"""What organisations publish: layers, their versions and features, and the live state."""

from __future__ import annotations

import pgtrigger
from django.contrib.gis.db import models
from django.db.models import Q

from gspace.access import layer_audiences
from gspace.models import SLUG, Incident, Organisation, one_of, tracked

# format of a version that no file has made
BY_HAND = "by hand"
VERSION_STATES = ["reading", "ready", "published", "quarantined", "refused", "superseded"]


@tracked(exclude=("audiences",))
class Layer(models.Model):
    """A layer. Publisher (who put it here) and source (who said it) are two things.

    incident null = a standing layer, shown in every incident.
    coverage: what the layer covers and what it does not contain, in words.
    refresh_s: the interval the publisher promises, in seconds; null = no promise. Later = stale.
    """

    slug = models.CharField(max_length=80, unique=True, validators=[SLUG])
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=30)
    publisher = models.ForeignKey(Organisation, models.PROTECT)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True)
    audience = models.CharField(max_length=10, default="public")
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    reuse = models.BooleanField(null=True)
    source_name = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    coverage = models.TextField(blank=True)
    refresh_s = models.PositiveIntegerField(null=True, blank=True)
    published = models.ForeignKey(
        "LayerVersion", models.SET_NULL, null=True, blank=True, related_name="published_as"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audiences = models.GeneratedField(
        expression=layer_audiences(), output_field=models.SmallIntegerField(), db_persist=True
    )

    class Meta:
        constraints = [
            one_of("kind", "layer_kind", "layer_kind"),
            models.CheckConstraint(
                condition=Q(audience__in=["public", "partner", "hq"]), name="layer_audience"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LayerVersion(models.Model):
    """One complete reading of a publisher's data; public only as Layer.published points to it.

    Clocks, never substituted for one another: source_as_of (as the source says), received_at
    (reached us), published_at (made public), checked_at (somebody confirmed it is still so).
    extent: [west, south, east, north] in degrees of what has a place; without_place: how many have
    none and so are in the list but on no map.

    asked: how the sender wants the file read {publish, crs, columns {name: field or null}, header};
    progress: {step, done, total} while it is read, else null; columns: what each column of a table
    was taken for [{name, field, how, samples}], null for other formats; holds: why a person has to
    say yes first [{code, given, message}]; diff: counts against the version published as it was
    read {against, added, removed, moved, changed, same, states_kept, states_overridden}, or null.
    """

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="reading")
    reason = models.TextField(blank=True)
    filename = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=40, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    crs = models.CharField(max_length=60, blank=True)
    raw_sha256 = models.CharField(max_length=64, blank=True)
    raw_size = models.BigIntegerField(null=True)
    rows = models.PositiveIntegerField(null=True)
    feature_count = models.PositiveIntegerField(null=True)
    without_place = models.PositiveIntegerField(null=True)
    extent = models.JSONField(null=True)
    findings = models.JSONField(default=list)
    source_as_of = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    uploaded_by = models.CharField(max_length=120, blank=True)
    asked = models.JSONField(default=dict)
    progress = models.JSONField(null=True)
    columns = models.JSONField(null=True)
    holds = models.JSONField(default=list)
    diff = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "number"], name="version_once"),
            models.CheckConstraint(condition=Q(state__in=VERSION_STATES), name="version_state"),
        ]


class Feature(models.Model):
    """A feature of one version. feature_id is stable across versions and never reused.

    state: what the publisher's file said (operation, congestion, traffic, persons, note); a
    missing key is "not reported", never zero. Source overrides the layer's where it is given.

    row: where the person finds it in their file, as they count; null where a hand made it. by_hand:
    added or altered by hand (layers.actions.edit), so a later file must not lose it in silence.

    grid_x, grid_y: web-mercator pixel at zoom 22 (2^30 a side, from the north-west) of a point on
    the feature; span: longer side of its bounding box in such pixels, 0 for a point. They serve
    the tiles (layers.tiles).
    """

    # triggers hold the reference (migration 0007), and feature_once begins with it
    version = models.ForeignKey(
        LayerVersion,
        models.CASCADE,
        related_name="features",
        db_index=False,
        db_constraint=False,
    )
    feature_id = models.CharField(max_length=200)
    geometry = models.GeometryField(null=True)
    name = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    municipality_code = models.CharField(max_length=6, blank=True)
    properties = models.JSONField(default=dict)
    state = models.JSONField(default=dict)
    source_name = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    source_as_of = models.DateTimeField(null=True)
    estimated = models.BooleanField(default=False)
    row = models.PositiveIntegerField(null=True)
    by_hand = models.BooleanField(default=False, db_default=False)
    grid_x = models.IntegerField(null=True)
    grid_y = models.IntegerField(null=True)
    span = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "feature_id"], name="feature_once")
        ]
        indexes = [models.Index(fields=["version", "grid_x", "grid_y"], name="feature_grid")]


class FeatureEdit(models.Model):
    """One edit by hand of a published feature: added, changed, withdrawn. Only ever appended.

    The feature's row itself is changed in place, so that one edit is one change of the feed.
    before, after: the feature as a row {geometry (GeoJSON), name, address, ...}, null where
    there was none or is none any more. undoes: the edit that this one takes back.
    """

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="edits")
    version = models.ForeignKey(LayerVersion, models.CASCADE, related_name="edits")
    feature_id = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undoes = models.ForeignKey("self", models.CASCADE, null=True, related_name="undone_by")
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["layer", "feature_id", "-id"], name="edit_latest")]
        triggers = [pgtrigger.Protect(name="only_appended", operation=pgtrigger.Update)]


class ColumnMapping(models.Model):
    """What a publisher's people chose for their columns, remembered for their next file of a kind.

    columns: column name as written -> field of layers.headings, or null = "keep as it is".
    """

    publisher = models.ForeignKey(Organisation, models.CASCADE)
    kind = models.CharField(max_length=30)
    columns = models.JSONField(default=dict)
    crs = models.CharField(max_length=20, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publisher", "kind"], name="mapping_once"),
            one_of("kind", "layer_kind", "mapping_kind"),
        ]


@tracked()
class MapLink(models.Model):
    """A tile of the public portal that leads to somebody else's map or page.

    incident null = shown in every incident. kind: of the layers it would be among, for its mark.
    """

    id = models.UUIDField(primary_key=True)
    publisher = models.ForeignKey(Organisation, models.PROTECT)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=30, default="other")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [one_of("kind", "layer_kind", "link_kind")]

    def __str__(self) -> str:
        return self.title


class FileState(models.Model):
    """What the publisher's files said last of a feature, apart from every version.

    Written as a version is published and kept when the layer is rolled back or the feature
    vanishes: a rollback restores geometry and attributes only. No feed trigger: the layer's own
    change tells of it. said: field -> {"value", "source_as_of"}; value null = reported as blank.
    """

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="file_states")
    feature_id = models.CharField(max_length=200)
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "feature_id"], name="file_state_once")
        ]


@tracked()
class LiveState(models.Model):
    """Hand-set state of a feature, apart from every version (rollback does not touch it).

    Null = nothing said by hand. clocks: field -> {"source_as_of", "set_at", "by"} so that file and
    hand values merge per field by their time (see layers.merged). version rises at each edit.
    """

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="live_states")
    feature_id = models.CharField(max_length=200)
    operation = models.CharField(max_length=30, null=True)
    congestion = models.CharField(max_length=30, null=True)
    traffic = models.CharField(max_length=30, null=True)
    persons = models.PositiveIntegerField(null=True)
    note = models.TextField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    clocks = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "feature_id"], name="live_state_once")
        ]


class Situation(models.Model):
    """How a visitor found a facility: one row a visit, never overwritten (docs/decisions/0013).

    The phone makes the id. Null = not reported, never zero. as_of: captured_at, or received_at
    where the phone's clock was ahead; the series is in its order. body_sha256: of the canonical
    body as first received. car_stayers: persons sleeping in cars, not among `persons`.
    """

    id = models.UUIDField(primary_key=True)
    layer = models.ForeignKey(Layer, models.PROTECT, related_name="situations")
    feature_id = models.CharField(max_length=200)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="situations")
    captured_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    as_of = models.DateTimeField()
    author_key = models.CharField(max_length=60)
    author_name = models.CharField(max_length=120, blank=True)
    body_sha256 = models.CharField(max_length=64)
    operation = models.CharField(max_length=30, null=True)
    congestion = models.CharField(max_length=30, null=True)
    persons = models.PositiveIntegerField(null=True)
    households = models.PositiveIntegerField(null=True)
    car_stayers = models.PositiveIntegerField(null=True)
    power = models.CharField(max_length=30, null=True)
    water = models.CharField(max_length=30, null=True)
    toilets = models.CharField(max_length=30, null=True)
    needs = models.TextField(null=True)
    note = models.TextField(null=True)

    class Meta:
        constraints = [
            one_of("congestion", "congestion", "situation_congestion"),
            one_of("power", "lifeline", "situation_power"),
            one_of("water", "lifeline", "situation_water"),
            one_of("toilets", "lifeline", "situation_toilets"),
        ]
        indexes = [
            models.Index(fields=["layer", "feature_id", "-as_of", "-id"], name="situation_latest")
        ]
        triggers = [pgtrigger.Protect(name="never_overwritten", operation=pgtrigger.Update)]
