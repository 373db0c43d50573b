"""What crashes leave behind: versions that nobody reads any more, files that no row names."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta

from django.conf import settings

from layers import actions, files
from layers.models import LayerVersion

log = logging.getLogger("gspace.sweeper")
SHA256 = re.compile(r"[0-9a-f]{64}")


def sweep(now: datetime | None = None) -> int:
    """Versions whose reader died are read again, or refused at last; how many. Any number of
    rounds may run at once. now: for tests only."""
    before = (now or datetime.now(UTC)) - timedelta(seconds=settings.LIMIT_READ_WAIT_S)
    waiting = LayerVersion.objects.filter(state="reading", received_at__lt=before)
    done = sum(
        actions.version_resume(version_id=ident) for ident in waiting.values_list("id", flat=True)
    )
    if done:
        log.warning("%s files were left in the middle and are read again or refused", done)
    return done


def sweep_files(now: datetime | None = None) -> int:
    """Files that came but whose row did not; how many were removed."""
    oldest = (now or datetime.now(UTC)) - timedelta(hours=settings.LIMIT_ORPHAN_HOURS)
    done = 0
    for shelf in files.shelves():
        ours = {name for name in shelf if SHA256.fullmatch(name)}
        known = LayerVersion.objects.filter(raw_sha256__in=ours)
        unnamed = ours - set(known.values_list("raw_sha256", flat=True))
        done += sum(actions.file_discard(sha256=name, oldest=oldest) for name in sorted(unnamed))
    return done
