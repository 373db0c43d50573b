"""What is asked of an incident's reports; those who ask for the same share the answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.http import HttpRequest

from gspace import access, feed
from gspace.access import Audience
from gspace.doors import incident_of
from gspace.models import Incident
from gspace.short_cache import Made, ShortCache
from gspace.tiles import plain
from reports.filters import PAGING, PERSONAL, asked, reader_of

# what these let through changes without a change of the feed
UNTAGGED = ("due", "recent", *PERSONAL)


@dataclass
class Asked:
    """Who asks, for which reports, and how the feed stood then. v: the position they know."""

    incident: Incident
    audience: Audience
    filters: dict[str, Any]
    v: str
    head: int
    epoch: str

    @classmethod
    def of(cls, request: HttpRequest, slug: str) -> Asked:
        """Raises Problem incident_unknown, not_signed_in."""
        incident = incident_of(slug)
        caller = access.caller_from_request(request)
        audience = access.audience(caller, incident)
        found = asked(request.GET, caller)
        filters = {n: v for n, v in found.items() if v and n not in PAGING}
        return cls.now(incident, audience, filters, request.GET.get("v", ""))

    @classmethod
    def now(cls, incident: Incident, audience: Audience, filters: dict[str, Any], v: str) -> Asked:
        # before anything is read: a change in between is in the tile and told once more
        with connection.cursor() as cursor:
            cursor.execute(feed.STAND_SQL, [incident.pk])
            head, epoch = cursor.fetchone()
        return cls(incident, audience, filters, v, int(head), epoch)

    @property
    def reader(self) -> str:
        """Whose eyes the answer is for: what one's own reports tell is nobody else's."""
        return reader_of(self.audience, self.filters)

    @cached_property
    def tagged(self) -> bool:
        return not any(self.filters.get(name) for name in UNTAGGED)

    @cached_property
    def key(self) -> str:
        """The same for all who get the same, at one position of the feed."""
        kept = {n: v for n, v in self.filters.items() if n != "viewer"}
        text = json.dumps([self.epoch, self.incident.pk, self.audience, kept], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def etag(self, seq: int) -> str:
        return f'"{self.audience}-{seq}-{self.key}-v{plain(self.v)}"'

    def everywhere(self) -> Asked:
        """The same of the whole map."""
        kept = {name: value for name, value in self.filters.items() if name != "bbox"}
        return replace(self, filters=kept)

    @property
    def least(self) -> int:
        """A page that names no position wants it as it stands."""
        digits = self.v.isascii() and self.v.isdigit() and len(self.v) < 19
        return min(int(self.v), self.head) if digits else self.head

    def shared(self, cache: ShortCache, key: Hashable, make: Callable[[], bytes]) -> Made:
        """What `make` makes, once for all who ask for the same at a time; a moment old at most,
        and holding what the caller knows of."""
        # within a transaction the feed has not told of its changes yet
        if not self.tagged or connection.in_atomic_block:
            return Made(self.head, make())
        return cache.get((key, self.key), head=self.head, least=self.least, make=make)
