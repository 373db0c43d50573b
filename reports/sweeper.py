"""What crashes leave behind is put right, again and again, beside everything that goes on.

A row without its file cannot come to be; files without a row, uploads that nobody goes on with
and photos whose developing was lost can. What a client still holds is its own to send again: a
photo that never arrived stays awaited.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from reports import actions, blobs, exports, queries

log = logging.getLogger("gspace.sweeper")
# Names of our own making; other files in these folders are not ours to remove.
SHA256 = re.compile(r"[0-9a-f]{64}")
COPY = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]+\.jpg")
EXPORT = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]+")


@dataclass(frozen=True)
class Swept:
    """How many of each were put right."""

    expired: int
    discarded: int
    purged: int
    copies: int
    redeveloped: int
    exports: int


def sweep(now: datetime | None = None) -> Swept:
    """One round; any number of them may run at once. now: for tests only."""
    now = now or datetime.now(UTC)
    done = Swept(
        expired=actions.uploads_expire(now=now),
        discarded=sum(actions.original_discard(sha256=s, now=now) for s in _unnamed_originals()),
        purged=sum(actions.original_purge(sha256=s, now=now) for s in _trash()),
        copies=_remove_copies(now),
        redeveloped=actions.photos_redevelop(now=now),
        exports=_remove_exports(),
    )
    if any(asdict(done).values()):
        log.warning("swept: %s", asdict(done))
    return done


def _unnamed_originals() -> Iterator[str]:
    """SHA-256 of files that no row names; each is looked at again under its lock."""
    for shelf in blobs.shelves(blobs.ORIGINALS):
        ours = {name for name in shelf if SHA256.fullmatch(name)}
        yield from sorted(ours - queries.originals_named(ours))


def _trash() -> Iterator[str]:
    for shelf in blobs.shelves(blobs.TRASH):
        yield from filter(SHA256.fullmatch, shelf)


def _remove_copies(now: datetime) -> int:
    """Copies of erased photos, where a crash or a busy worker let them outlive the erasing."""
    oldest, count = now - timedelta(hours=settings.LIMIT_ORPHAN_HOURS), 0
    for shelf in blobs.shelves(blobs.COPIES):
        ours = {name: match[1] for name in shelf if (match := COPY.fullmatch(name))}
        known = queries.photos_known(ours.values())
        for name in (name for name, photo in ours.items() if photo not in known):
            count += blobs.delete_older(f"{blobs.COPIES}/{name[:2]}/{name}", oldest)
    return count


def _remove_exports() -> int:
    """Files of exports that ended while their worker died; at once, they hold everything.

    A file comes under its name while its row is `working`, and no row goes back to that: what was
    listed without such a row stays without one.
    """
    count = 0
    for shelf in blobs.shelves(blobs.EXPORTS):
        ours = {name: match[1] for name in shelf if (match := EXPORT.fullmatch(name))}
        kept = exports.with_file(ours.values())
        for name in (name for name, ident in ours.items() if ident not in kept):
            blobs.delete(f"{blobs.EXPORTS}/{name[:2]}/{name}")
            count += 1
    return count
