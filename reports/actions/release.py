"""What is released to the public: pictures with boxes filled in, and headquarters' rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from gspace import access, vocabulary
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from gspace.transactions import action
from reports import blobs, public_photos, queries, release
from reports.models import Report
from reports.releasing import PublicCopy, ReleaseRule

COPIES = ("public", "publicsmall")
# advisory lock space: who changes a report shares (11, its incident), who changes or applies a rule
# has it alone; before any row is locked, so that neither waits for the other's rows
RULES = 11


def public_copy_make(
    *,
    photo_id: uuid.UUID,
    boxes: Sequence[Sequence[float]],
    by: Caller,
    now: datetime | None = None,
) -> PublicCopy:
    """Somebody has looked at a photo and drawn `boxes`: a copy that may be shown, not yet shown.

    boxes: [x, y, width, height] each, as shares of the upright picture; may be none at all.
    Raises Problem: photo_unknown, not_allowed, photo_not_ready.
    """
    photo = queries.photo_for(photo_id)
    access.require_hq(by, photo.report.incident)
    try:
        with blobs.open_file(blobs.copy_name(photo.id, "display")) as stream:
            made = public_photos.make(stream.read(), boxes)
    except (FileNotFoundError, ValueError):
        raise Problem("photo_not_ready") from None
    copy = PublicCopy(
        photo=photo,
        boxes=[list(box) for box in boxes],
        width=made.width,
        height=made.height,
        made_at=now or datetime.now(UTC),
        by_key=by.key,
        by_name=by.name,
    )
    # the files are there before a row names them
    for which, content in zip(COPIES, (made.full, made.small), strict=True):
        blobs.write(blobs.copy_name(copy.id, which), content)
    return _keep(copy=copy)


@action
def _keep(*, copy: PublicCopy) -> PublicCopy:
    """Earlier ones of the same hand that were never shown are of no use any more."""
    report = Report.objects.select_for_update(no_key=True).filter(photos=copy.photo_id).first()
    if report is None:
        forget_copies([copy.id])
        raise Problem("photo_unknown")
    mine = PublicCopy.objects.filter(photo_id=copy.photo_id, by_key=copy.by_key)
    _drop(mine.exclude(id__in=report.public_photos).values_list("id", flat=True))
    copy.save(force_insert=True)
    return copy


def public_copies_expire(*, now: datetime | None = None) -> int:
    """Copies that were made and never shown, after a while. How many."""
    oldest = (now or datetime.now(UTC)) - timedelta(hours=settings.LIMIT_PUBLIC_DRAFT_HOURS)
    named = Q(photo__report__public_photos__contains=[F("id")])
    old = PublicCopy.objects.filter(~named, made_at__lt=oldest)
    reports = old.order_by("photo__report").values_list("photo__report", flat=True).distinct()
    return sum(_expire(report_id=ident, oldest=oldest) for ident in list(reports))


@action
def _expire(*, report_id: uuid.UUID, oldest: datetime) -> int:
    """Those of one report, which somebody may be about to show."""
    report = Report.objects.select_for_update(no_key=True).filter(id=report_id).first()
    if report is None:
        return 0
    old = PublicCopy.objects.filter(photo__report=report, made_at__lt=oldest)
    return _drop(old.exclude(id__in=report.public_photos).values_list("id", flat=True))


def _drop(ids: Iterable[uuid.UUID]) -> int:
    gone = list(ids)
    PublicCopy.objects.filter(id__in=gone).delete()
    transaction.on_commit(lambda: forget_copies(gone))
    return len(gone)


def forget_copies(ids: Iterable[uuid.UUID]) -> None:
    """Remove the files; what a crash leaves, nobody can reach any more, and the sweeper takes."""
    for copy_id in ids:
        for which in COPIES:
            blobs.delete(blobs.copy_name(copy_id, which))


def forget_after(report: Report, before: Sequence[uuid.UUID]) -> None:
    """Remove the files of what was shown and no longer is; the rows went by a trigger."""
    gone = set(before) - set(
        PublicCopy.objects.filter(id__in=before, photo__report=report).values_list("id", flat=True)
    )
    if gone:
        transaction.on_commit(lambda: forget_copies(gone))


# --- rules ---------------------------------------------------------------------------------
def rules_stay(report_id: uuid.UUID) -> None:
    """The rules of its incident stay as they are until the transaction ends."""
    sql = """SELECT pg_advisory_xact_lock_shared(%s, incident_id::int) FROM reports_report
              WHERE id = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [RULES, str(report_id)])


def _rules_change(incident: Incident) -> None:
    """Wait for those who are changing a report as the rules were; others wait for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [RULES, incident.pk])


def settle(report: Report, had: ReleaseRule | None) -> None:
    """What rules say of a report as it is now, before it is saved; a person's word stays.

    had: the rule that spoke for it before. What it did not release then, because the report is
    older, it does not release now: that is asked for (rule_apply). A release by rule holds no
    longer than a rule speaks for it.
    """
    if report.release_how == "hand":
        return
    rule = release.rule_for(report)
    if rule is not None and (report.release_how == "rule" or rule != had):
        report.release, report.release_how = "public", "rule"
        report.public_text = release.text_of(rule)
        report.public_place = release.place_of(rule)
    elif report.release_how == "rule":
        report.release, report.release_how = "none", ""
        report.public_text, report.public_place = "", ""


def settle_undone(report: Report, was_public: bool) -> None:
    """After an undo: who undoes a release has decided against it, whoever released; and what was
    not released is not released by undoing."""
    rule = release.rule_for(report)
    if was_public and report.release == "none" and rule is not None:
        report.release_how = "hand"
    settle(report, rule)


def rule_save(
    *,
    incident: Incident,
    category: str,
    status: str,
    place: str,
    text: str,
    fixed_text: str,
    enabled: bool,
    by: Caller,
    now: datetime | None = None,
) -> ReleaseRule:
    """Make or change the rule of a category and status. What is public by it follows at once;
    switched off, it is taken back. Reports that are already there: rule_apply.

    Raises Problem: not_allowed, invalid (a category or status that is never released by rule).
    """
    access.require_hq(by, incident)
    _possible(category, status, text, fixed_text)
    said = {"place": place, "text": text, "enabled": enabled}
    said |= {"fixed_text": fixed_text.strip() if text == "fixed" else ""}
    said |= {"by_key": by.key, "by_name": by.name, "at": now or datetime.now(UTC)}
    with pghistory.context(key=by.key, name=by.name, rule=f"{category}/{status}"):
        return _save(incident=incident, category=category, status=status, said=said)


def rule_switch(
    *,
    incident: Incident,
    category: str,
    status: str,
    enabled: bool,
    by: Caller,
    now: datetime | None = None,
) -> ReleaseRule:
    """Switch a rule on or off, saying what it says by now; the same follows as in rule_save.

    Raises Problem: not_allowed, rule_unknown.
    """
    access.require_hq(by, incident)
    release.rule(incident, category, status)
    said = {
        "enabled": enabled,
        "by_key": by.key,
        "by_name": by.name,
        "at": now or datetime.now(UTC),
    }
    with pghistory.context(key=by.key, name=by.name, rule=f"{category}/{status}"):
        return _save(incident=incident, category=category, status=status, said=said)


def _possible(category: str, status: str, text: str, fixed_text: str) -> None:
    if category not in vocabulary.codes("category") or category in release.NEVER_BY_RULE:
        why = _("Rescues and homes are never released by a rule.")
        raise Problem("invalid", why, field="category")
    if status not in release.RULED_STATUSES:
        why = _("Only what headquarters has verified is released by a rule.")
        raise Problem("invalid", why, field="status")
    if text == "fixed" and not fixed_text.strip():
        raise Problem("invalid", _("Write the text for the public."), field="fixed_text")


@action
def _save(*, incident: Incident, category: str, status: str, said: dict[str, Any]) -> ReleaseRule:
    _rules_change(incident)
    rule, _new = ReleaseRule.objects.update_or_create(
        incident=incident, category=category, status=status, defaults=said
    )
    _release(rule, release.released_by(rule), said["at"])
    return rule


def rule_apply(
    *, incident: Incident, category: str, status: str, by: Caller, now: datetime | None = None
) -> int:
    """Release what is already there and what nobody has decided about; how many.

    Raises Problem: not_allowed, rule_unknown, rule_off.
    """
    access.require_hq(by, incident)
    with pghistory.context(key=by.key, name=by.name, rule=f"{category}/{status}"):
        return _apply(
            incident=incident, category=category, status=status, now=now or datetime.now(UTC)
        )


@action
def _apply(*, incident: Incident, category: str, status: str, now: datetime) -> int:
    _rules_change(incident)
    rule = release.rule(incident, category, status)
    if not rule.enabled:
        raise Problem("rule_off")
    return _release(rule, release.waiting_for(rule), now)


def _release(rule: ReleaseRule, reports: Any, now: datetime) -> int:
    """One statement for all: taking back a thousand must not take a minute."""
    shown = {
        "release": "public",
        "release_how": "rule",
        "public_text": release.text_of(rule),
        "public_place": release.place_of(rule),
    }
    hidden = {"release": "none", "release_how": "", "public_text": "", "public_place": ""}
    said = shown if rule.enabled else hidden
    # what is so already is no change; locked in one order, so that two of these wait instead of
    # deadlocking
    others = reports.exclude(**said).select_for_update(no_key=True).order_by("id")
    rows = Report.objects.filter(id__in=list(others.values_list("id", flat=True)))
    return rows.update(**said, version=F("version") + 1, updated_at=now)
