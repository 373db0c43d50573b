"""What the field saw: reports, their photos and notes."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q

from gspace.access import report_audiences
from gspace.models import Device, Incident, Organisation, one_of, tracked

RELEASES = ["none", "partner", "public"]
# who decided: nobody yet, a rule of headquarters, or a person, whom no rule overrules
RELEASED_HOW = ["", "rule", "hand"]
# how roughly the public is told the place: as it is (homes: their cell), the cell, in words only
PUBLIC_PLACES = ["", "rounded", "municipality"]
# what a rule may never release: people in need, homes, and what nobody has verified
NEVER_BY_RULE = ["building", "rescue"]
RULED_STATUSES = ["handed_over", "in_progress", "resolved", "verified"]


@tracked(exclude=("audiences",))
class Report(models.Model):
    """One report. The phone makes the id; `body_sha256` is the canonical body as first received.

    geometry: chosen place, WGS 84 lon/lat, any geometry type, null = "needs a place".
    positions: the contract's `positions` object with the raw values kept apart.
    accuracy_m, disagreement (in positions): metres. bearing_deg: degrees clockwise from north.
    clock_skew_s: phone clock minus ours in seconds, from sent_at.
    version: rises on edits by people only (the ETag).
    """

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, models.PROTECT)
    author_key = models.CharField(max_length=60)
    author_name = models.CharField(max_length=120, blank=True)
    # entered at the desk for somebody without a phone of ours: how it came, and who told it
    channel = models.CharField(max_length=20, null=True)
    told_by = models.CharField(max_length=200, null=True)
    device = models.ForeignKey(Device, models.SET_NULL, null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    body_sha256 = models.CharField(max_length=64)
    receipt = models.CharField(max_length=6)

    category = models.CharField(max_length=30)
    detail = models.CharField(max_length=60, null=True)
    severity = models.CharField(max_length=20, default="unknown")
    status = models.CharField(max_length=20, default="received")
    reason = models.TextField(blank=True, default="")
    comment = models.TextField(blank=True, default="")
    comment_hq = models.TextField(blank=True, default="")
    assigned_to = models.CharField(max_length=120, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    # headquarters has it: told to the author, once
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=120, null=True)

    captured_at = models.DateTimeField(null=True)
    # phone, exif, or exif_assumed (a camera clock without offset, read in the incident's zone)
    captured_source = models.CharField(max_length=20, blank=True, default="")
    captured_in_future = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    clock_skew_s = models.FloatField(null=True)

    geometry = models.GeometryField(null=True)
    geometry_note = models.TextField(blank=True, default="")
    accuracy_m = models.FloatField(null=True)
    positions = models.JSONField(default=dict)
    bearing_deg = models.FloatField(null=True)
    floor = models.CharField(max_length=20, null=True)
    municipality_code = models.CharField(max_length=6, blank=True, default="")
    municipality_how = models.CharField(max_length=20, blank=True, default="")
    place = models.JSONField(default=dict)

    follows = models.UUIDField(null=True)
    about = models.CharField(max_length=200, null=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")

    release = models.CharField(max_length=10, default="none")
    public_text = models.TextField(blank=True, default="")
    redacted_geometry = models.GeometryField(null=True)
    private_home = models.BooleanField(null=True)
    release_how = models.CharField(max_length=10, blank=True, default="", db_default="")
    public_place = models.CharField(max_length=20, blank=True, default="", db_default="")
    # ids of the PublicCopy shown; a copy that leaves this list is deleted by the database
    public_photos = ArrayField(models.UUIDField(), default=list, db_default=[])

    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)
    audiences = models.GeneratedField(
        expression=report_audiences(), output_field=models.SmallIntegerField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "receipt"], name="receipt_once"),
            one_of("category", "category", "report_category"),
            one_of("severity", "severity", "report_severity"),
            one_of("status", "status", "report_status"),
            one_of("channel", "channel", "report_channel"),
            models.CheckConstraint(condition=Q(release__in=RELEASES), name="report_release"),
            models.CheckConstraint(
                condition=Q(bearing_deg__isnull=True) | Q(bearing_deg__gte=0, bearing_deg__lt=360),
                name="report_bearing",
            ),
            models.CheckConstraint(
                condition=Q(status="duplicate", merged_into__isnull=False) | ~Q(status="duplicate"),
                name="duplicate_of_something",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")) | Q(merged_into__isnull=True),
                name="not_its_own_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(release_how__in=RELEASED_HOW), name="report_released_how"
            ),
            models.CheckConstraint(
                condition=Q(public_place__in=PUBLIC_PLACES), name="report_public_place"
            ),
            models.CheckConstraint(
                condition=~Q(release_how="rule")
                | Q(status__in=RULED_STATUSES)
                & ~Q(category__in=NEVER_BY_RULE)
                & ~Q(severity="critical")
                & (Q(private_home__isnull=True) | Q(private_home=False)),
                name="never_by_rule",
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "-received_at"], name="report_received"),
            models.Index(fields=["author_key"], name="report_author"),
        ]


class Tombstone(models.Model):
    """What stays of an erased report: nothing of its content."""

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, models.PROTECT)
    author_key = models.CharField(max_length=60)
    receipt = models.CharField(max_length=6)
    erased_at = models.DateTimeField()
    erased_by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["author_key"], name="tombstone_author")]


class ReportEdit(models.Model):
    """An author's edit already applied; makes PATCH with an edit_id idempotent."""

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(Report, models.CASCADE)
    body_sha256 = models.CharField(max_length=64)
    applied_at = models.DateTimeField(auto_now_add=True)


class ReportContext(models.Model):
    """What was published around a report as it came in, as of `at`; never changed afterwards.

    near: audience ("hq", "partner") -> [as layers.nearest tells it], the nearest of each kind of
    reports.context.KINDS that there was. lon, lat: from where, WGS 84 degrees.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="context")
    at = models.DateTimeField()
    lon = models.FloatField()
    lat = models.FloatField()
    near = models.JSONField(default=dict)


class Distinct(models.Model):
    """Somebody looked at two reports that resemble each other, and they are two: not asked again.

    first < second, so that a pair is one row.
    """

    first = models.ForeignKey(Report, models.CASCADE, related_name="+")
    second = models.ForeignKey(Report, models.CASCADE, related_name="+")
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_in_order"),
        ]


PHOTO_STATES = ["awaited", "preview", "stored", "ready", "unreadable"]


@tracked()
class Photo(models.Model):
    """A photo announced by a report.

    sha256, size (bytes), media_type: as announced, then as verified. width, height: upright
    pixels. exif: the contract's exif object. dhash: 64-bit perceptual hash, hex.
    """

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(Report, models.CASCADE, related_name="photos")
    ordinal = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, default="awaited")
    reason = models.CharField(max_length=200, blank=True, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    exif = models.JSONField(null=True)
    dhash = models.CharField(max_length=16, blank=True, default="")
    has_preview = models.BooleanField(default=False)
    preview_at = models.DateTimeField(null=True)
    stored_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PHOTO_STATES), name="photo_state"),
            models.CheckConstraint(condition=Q(size__gt=0), name="photo_size"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="photo_sha256"),
            # the sweeper looks for those whose copies never came
            models.Index(fields=["stored_at"], name="photo_waiting", condition=Q(state="stored")),
        ]


class Upload(models.Model):
    """A resumable upload of one photo. How far it is, its part file knows (reports.parts).

    length: bytes, as announced. completed_at: the photo was stored; the part is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="uploads")
    length = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True)


class PhotoOpening(models.Model):
    """Who opened an original, and when."""

    photo = models.ForeignKey(Photo, models.CASCADE)
    caller_key = models.CharField(max_length=60)
    caller_name = models.CharField(max_length=120)
    opened_at = models.DateTimeField(auto_now_add=True)


@tracked()
class Note(models.Model):
    """Said about a report: a note inside HQ, a question to the author, the author's answer."""

    KINDS = ["note", "question", "answer"]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    report = models.ForeignKey(Report, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    author_key = models.CharField(max_length=60)
    author_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["note", "question", "answer"]), name="note_kind"
            )
        ]


class LogEntry(models.Model):
    """A line of headquarters' log (クロノロジー): who said what to whom, and when. Only appended.

    at: when it happened; written_at: when it was written down here. sender, receiver: in words.
    corrects: the line that this one stands for now; it stays to be read. settles: the request
    that this line answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="log")
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    sender = models.CharField(max_length=120, blank=True, default="")
    receiver = models.CharField(max_length=120, blank=True, default="")
    kind = models.CharField(max_length=20)
    text = models.TextField()
    # no constraint: what was said of a report stays when the report is erased
    report = models.ForeignKey(
        Report, models.DO_NOTHING, null=True, db_constraint=False, related_name="log"
    )
    # once: of two who correct at the same time, the second reads what the first wrote
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    settles = models.ForeignKey("self", models.PROTECT, null=True, related_name="settled_by")
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            one_of("kind", "log_kind", "log_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="log_says_something"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")), name="log_corrects_other"
            ),
        ]
        indexes = [models.Index(fields=["incident", "-at", "-written_at"], name="log_latest")]
        triggers = [
            pgtrigger.Protect(name="only_appended", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Seen(models.Model):
    """Somebody (Caller.key) has looked at a report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="seen_once")]


class Look(models.Model):
    """When somebody last looked at an incident, and until when they count all of it as seen."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    at = models.DateTimeField(null=True)
    all_seen_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="look_once")]


class Claim(models.Model):
    """Somebody has a report open at a desk: others see it, and may work on it all the same.

    id: of the desk, one browser page; who opens the next report moves the claim there. until: when
    it ends by itself, unless the desk says again that it looks.
    """

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="claims")
    report = models.ForeignKey(Report, models.CASCADE, related_name="claims")
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField()


class SavedView(models.Model):
    """A view of the desk under a name: `query` is its address after the "?".

    organisation: for all of its people; null = only for who kept it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="views")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=80)
    query = models.TextField()
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["incident", "by_key"], name="view_of_person")]


# where Django looks for tables; these name Report
from reports import outgoing, releasing  # noqa: E402, F401
