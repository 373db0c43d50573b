"""Reading what is released: looked-through photos, and what headquarters' rules say."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from gspace import access, vocabulary
from gspace.access import BITS, Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports.models import NEVER_BY_RULE, RULED_STATUSES, Report
from reports.releasing import PublicCopy, ReleaseRule


def public_copy(photo_id: uuid.UUID, copy_id: str, by: Caller) -> PublicCopy:
    """The copy, for everybody while it is shown, for headquarters also before.

    Raises Problem photo_unknown: whatever is wrong, a stranger is told no more.
    """
    rows = PublicCopy.objects.select_related("photo__report__incident")
    try:
        copy = rows.filter(id=uuid.UUID(copy_id), photo_id=photo_id).first()
    except ValueError:
        copy = None
    if copy is None or not (is_shown(copy) or _is_at_headquarters(copy, by)):
        raise Problem("photo_unknown")
    return copy


def is_shown(copy: PublicCopy) -> bool:
    report = copy.photo.report
    return bool(report.audiences & BITS["public"]) and copy.id in report.public_photos


def _is_at_headquarters(copy: PublicCopy, by: Caller) -> bool:
    return access.audience(by, copy.photo.report.incident) == "hq"


def copies_of(report: Report, wanted: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """`wanted` without repeats. Raises Problem invalid when one is no copy of this report's."""
    ids = list(dict.fromkeys(wanted))
    known = PublicCopy.objects.filter(photo__report=report, id__in=ids)
    photos = list(known.values_list("photo_id", flat=True))
    if len(photos) != len(ids):
        why = _("A photo to be shown is not there any more. Look through it again.")
        raise Problem("invalid", why, field="public_photos")
    if len(set(photos)) != len(photos):
        raise Problem("invalid", "One photo stands there twice.", field="public_photos")
    return ids


# --- rules ---------------------------------------------------------------------------------
def rule_for(report: Report) -> ReleaseRule | None:
    """The rule that releases this report as it is now; None also where no rule ever may."""
    home = report.private_home or report.category in NEVER_BY_RULE
    if home or report.severity == "critical" or report.status not in RULED_STATUSES:
        return None
    found = ReleaseRule.objects.filter(
        incident_id=report.incident_id,
        category=report.category,
        status=report.status,
        enabled=True,
    )
    return found.first()


def text_of(rule: ReleaseRule) -> str:
    """What the public reads beside the report."""
    if rule.text == "category":
        return vocabulary.label("category", rule.category, "ja")
    return rule.fixed_text if rule.text == "fixed" else ""


def place_of(rule: ReleaseRule) -> str:
    """As in Report.public_place."""
    return "" if rule.place == "exact" else rule.place


def released_by(rule: ReleaseRule) -> QuerySet[Report]:
    """The reports that are public by this rule."""
    return _of(rule).filter(release_how="rule")


def waiting_for(rule: ReleaseRule) -> QuerySet[Report]:
    """The reports the rule would release if asked to: those that nobody has decided about."""
    never = Q(private_home=True) | Q(severity="critical")
    return _of(rule).filter(release_how="", release="none").exclude(never)


def _of(rule: ReleaseRule) -> QuerySet[Report]:
    return Report.objects.filter(
        incident_id=rule.incident_id, category=rule.category, status=rule.status
    )


@dataclass(frozen=True)
class RuleRow:
    """A rule with how many reports are public by it, and how many it could still release."""

    rule: ReleaseRule
    released: int
    waiting: int


def rules(incident: Incident) -> list[RuleRow]:
    found = ReleaseRule.objects.filter(incident=incident).order_by("category", "status")
    return [row(rule) for rule in found]


def row(rule: ReleaseRule) -> RuleRow:
    return RuleRow(rule, released_by(rule).count(), waiting_for(rule).count())


def rule(incident: Incident, category: str, status: str) -> ReleaseRule:
    """Raises Problem rule_unknown."""
    found = ReleaseRule.objects.filter(incident=incident, category=category, status=status).first()
    if found is None:
        raise Problem("rule_unknown")
    return found
