"""How often something may be tried: counted by PostgreSQL, so that all processes count together."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.http import HttpRequest

from gspace.problems import Problem

# The row's lock lets parallel tries pass one after the other: no two of them get the same number.
TAKE_SQL = """
INSERT INTO gspace_tries AS t (scope, since, n) VALUES (%(scope)s, now(), 1)
ON CONFLICT (scope) DO UPDATE SET
  n = CASE WHEN t.since + %(window)s * interval '1 second' <= now() THEN 1
           ELSE least(t.n + 1, 1000000) END,
  since = CASE WHEN t.since + %(window)s * interval '1 second' <= now() THEN now()
               ELSE t.since END
RETURNING since, n, ceil(extract(epoch FROM since - now()) + %(window)s)::int"""


@dataclass(frozen=True)
class Taken:
    scope: str
    since: datetime


def take(scope: str, *, limit: int, window_s: int) -> Taken:
    """Count a try before it is made. Raises Problem too_many_tries from limit + 1 on."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SQL, {"scope": scope, "window": window_s})
        since, n, left_s = cursor.fetchone()
    if n > limit:
        raise Problem("too_many_tries", retry_after_s=max(1, left_s))
    return Taken(scope, since)


def give_back(taken: Taken) -> None:
    """It was no failure: it does not count."""
    sql = "UPDATE gspace_tries SET n = n - 1 WHERE scope = %s AND since = %s AND n > 0"
    with connection.cursor() as cursor:
        cursor.execute(sql, [taken.scope, taken.since])


def prune() -> None:
    """Who tried what is forgotten after two days (settings.CLOCK)."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM gspace_tries WHERE since < now() - interval '2 days'")


def address(request: HttpRequest) -> str:
    """Where a request comes from; of IPv6 the /64 that one subscriber has."""
    text = request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        # a unix socket has none
        return text[:40]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
