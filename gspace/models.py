"""The trunk's tables: incidents, organisations, people, devices, places, the change feed."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gspace import vocabulary

SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Lower-case letters, digits and hyphens."))


def one_of(field: str, kind: str, name: str) -> models.CheckConstraint:
    """The database accepts only codes of the vocabulary (or null, where the column allows it)."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": sorted(vocabulary.codes(kind))}), name=name
    )


class Municipality(models.Model):
    """A municipality or ward (全国地方公共団体コード, six digits with check digit)."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    prefecture = models.CharField(max_length=20)
    prefecture_en = models.CharField(max_length=40, blank=True)
    location = models.PointField(null=True)
    boundary = models.MultiPolygonField(null=True)
    source = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return f"{self.prefecture}{self.name}"


class Place(models.Model):
    """A named point of the offline gazetteer."""

    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=20, default="town")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True)
    location = models.PointField()
    source = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "name", "source"],
                name="place_once",
                nulls_distinct=False,
            )
        ]


class BasemapShape(models.Model):
    """A shape of the built-in offline basemap."""

    layer = models.CharField(max_length=20)
    kind = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=160, blank=True)
    min_zoom = models.SmallIntegerField(default=0)
    geometry = models.GeometryField()
    source = models.CharField(max_length=200, blank=True)


class Organisation(models.Model):
    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    municipality_code = models.CharField(
        max_length=6, blank=True, help_text=_("Six digits; empty for companies and services.")
    )

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team (班) of an organisation, to which headquarters hands reports. Shown by `position`."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class Incident(models.Model):
    STATES = [("active", _("active")), ("drill", _("drill")), ("closed", _("closed"))]

    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="active")
    demo = models.BooleanField(
        default=False, help_text=_("Every page, print and feed carries the demo notice.")
    )
    hazard = models.CharField(max_length=30, default="earthquake")
    area = models.MultiPolygonField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, default="Asia/Tokyo")
    centre = models.PointField(null=True, blank=True)
    zoom = models.PositiveSmallIntegerField(default=11)
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    organisations = models.ManyToManyField(Organisation, through="IncidentOrganisation")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "drill", "closed"]), name="incident_state"
            )
        ]

    def __str__(self) -> str:
        return self.name


class IncidentOrganisation(models.Model):
    """An organisation's part in an incident: hq works it, partner reads, support publishes."""

    PARTS = [("hq", _("headquarters")), ("partner", _("partner")), ("support", _("support"))]

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="incident_parts")
    part = models.CharField(max_length=10, choices=PARTS)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "organisation"], name="one_part_an_organisation"
            )
        ]


class Membership(models.Model):
    ROLES = [
        ("operator", _("operator")),
        ("partner", _("partner")),
        ("publisher", _("publisher")),
        ("admin", _("administrator")),
    ]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ROLES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="role_once")
        ]


DEVICE_AUDIENCES = [("field", _("field staff")), ("volunteer", _("volunteer"))]


class Invite(models.Model):
    """A code that enrols devices; only its hash is kept."""

    code_hash = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    label = models.CharField(max_length=120, blank=True, default="")
    audience = models.CharField(max_length=10, choices=DEVICE_AUDIENCES, default="field")
    expires_at = models.DateTimeField()
    max_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=models.F("max_uses")), name="invite_not_overused"
            )
        ]

    def __str__(self) -> str:
        return self.label or f"#{self.pk}"


class Device(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="devices")
    label = models.CharField(max_length=120)
    audience = models.CharField(max_length=10, choices=DEVICE_AUDIENCES, default="field")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # what the phone said of its outbox at contact_at; null: it has said nothing yet
    unsent = models.PositiveIntegerField(null=True, blank=True)
    oldest_unsent_at = models.DateTimeField(null=True, blank=True)
    contact_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class DeviceKey(models.Model):
    """A further token of a device: an iPhone's installed app does not see what its browser has."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="keys")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)


class Transfer(models.Model):
    """Hands a device over to another browser or app on the same phone, once, by either code.

    digits_hash is null when the six digits are spent: they are few, so only open ones are unique.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="transfers")
    code_hash = models.CharField(max_length=64, unique=True)
    digits_hash = models.CharField(max_length=64, unique=True, null=True)
    expires_at = models.DateTimeField()
    digits_expire_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)


class Tries(models.Model):
    """How often something was tried since a moment; written only by gspace.tries."""

    scope = models.CharField(max_length=80, primary_key=True)
    since = models.DateTimeField()
    n = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "tries"


class Broadcast(models.Model):
    """What headquarters tells every crew of an incident at once. Never changed, only withdrawn.

    area: where it holds (WGS 84), null = everywhere; area_name: the same in words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="broadcasts")
    kind = models.CharField(max_length=20)
    text = models.TextField()
    area = models.GeometryField(null=True)
    area_name = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    author_key = models.CharField(max_length=60)
    author_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [one_of("kind", "broadcast_kind", "broadcast_kind")]


class BroadcastRead(models.Model):
    """A crew's receipt: on this phone somebody has read it, at this time by the phone's clock."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="reads")
    device = models.ForeignKey(Device, models.CASCADE)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "device"], name="broadcast_read_once")
        ]


class ApiToken(models.Model):
    """A token for programs."""

    ROLES = [r for r in Membership.ROLES if r[0] != "admin"]

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tokens")
    role = models.CharField(max_length=10, choices=ROLES)
    label = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class FeedEntry(models.Model):
    """The latest change of one object in one incident; written only by the trigger (gspace.feed).

    shown_to: every audience that could ever see the object, so that its disappearance can be told
    to them and to nobody else.
    """

    pk = models.CompositePrimaryKey("kind", "oid", "incident_id")
    kind = models.TextField()
    oid = models.TextField()
    # no foreign key: its check would run while the feed lock is held
    incident_id = models.BigIntegerField()
    seq = models.BigIntegerField(unique=True)
    deleted = models.BooleanField(default=False)
    shown_to = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "feed"
        indexes = [models.Index(fields=["incident_id", "seq"], name="feed_incident_seq")]


class FeedEpoch(models.Model):
    """One random row, renewed by `make restore`: clients with an older epoch start again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    nonce = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_epoch")]


def tracked(*, exclude: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    """Keep the old row at each update and deletion (who and when: pghistory's context).

    The first state needs no copy: it is the oldest event's, or the row itself.
    """
    return pghistory.track(
        pghistory.UpdateEvent("changed", row=pghistory.Old, condition=pghistory.AnyChange()),
        exclude=list(exclude),
        obj_field=pghistory.ObjForeignKey(db_constraint=False),
    )
