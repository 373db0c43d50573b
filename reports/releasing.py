"""Tables of what is released to the public: looked-through photos, and headquarters' rules."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import Q

from gspace.models import Incident, one_of, tracked
from reports.models import NEVER_BY_RULE, RULED_STATUSES, Photo


class PublicCopy(models.Model):
    """A photo as somebody at headquarters has looked at it and may show it: boxes filled in.

    Never changed; shown while the report is public and names it. What is taken back goes for good
    (a trigger deletes the row), so that a photo shown again has another id and address.
    boxes: [x, y, width, height] each, as shares of the upright picture. width, height: pixels.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="public_copies")
    boxes = models.JSONField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)


@tracked()
class ReleaseRule(models.Model):
    """What headquarters releases without looking at each: reports of a category in a status.

    place: how the public is told where (PUBLIC_PLACES; "exact" as it is). text: what stands
    beside it: nothing, the category's name, or `fixed_text`. Never a photo.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="release_rules")
    category = models.CharField(max_length=30)
    status = models.CharField(max_length=20)
    place = models.CharField(max_length=20, default="rounded")
    text = models.CharField(max_length=20, default="none")
    fixed_text = models.TextField(blank=True, default="")
    enabled = models.BooleanField(default=True)
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "category", "status"], name="rule_once"),
            one_of("category", "category", "rule_category"),
            models.CheckConstraint(
                condition=~Q(category__in=NEVER_BY_RULE), name="rule_never_of_these"
            ),
            models.CheckConstraint(condition=Q(status__in=RULED_STATUSES), name="rule_status"),
            models.CheckConstraint(
                condition=Q(place__in=["exact", "municipality", "rounded"]), name="rule_place"
            ),
            models.CheckConstraint(
                condition=Q(text__in=["category", "none"]) | Q(text="fixed") & ~Q(fixed_text=""),
                name="rule_text",
            ),
        ]
