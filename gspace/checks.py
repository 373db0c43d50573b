"""Misconfiguration as system checks, and the refusal to start unsafe.

Loopback is for trying out; whoever can be reached from elsewhere needs a key of his own, no DEBUG
and named hosts.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

SECRET_KEY_MIN_LENGTH = 50
KNOWN_KEYS = ("django-insecure-", "change-me", "changeme", "secret", "your-", "example")


def is_loopback(host: str) -> bool:
    """True for localhost, 127.0.0.0/8, ::1 and the empty string (nothing said)."""
    host = host.strip().strip("[]").lower()
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_exposed() -> bool:
    """True when others than this machine can reach the service, also through a reverse proxy."""
    return (
        not all(is_loopback(host) for host in _bound_hosts())
        or not is_loopback(urlsplit(settings.SITE_URL).hostname or "")
        or settings.SECURE_PROXY_SSL_HEADER is not None
    )


def _bound_hosts() -> Iterator[str]:
    yield settings.BIND_HOST
    yield os.environ.get("UVICORN_HOST", "")
    # `uvicorn --host 0.0.0.0` by hand does not tell the settings.
    for position, word in enumerate(sys.argv):
        if word == "--host":
            yield "".join(sys.argv[position + 1 : position + 2])
        elif word.startswith("--host="):
            yield word.partition("=")[2]


@register(Tags.security)
def unsafe(**_: Any) -> list[CheckMessage]:
    """E001-E003: what may not be reachable from outside this machine."""
    if not is_exposed():
        return []
    found: list[CheckMessage] = []
    if not _is_good_key(settings.SECRET_KEY):
        found.append(
            Error(
                "SECRET_KEY is a default or too short for a service that others can reach.",
                hint="Unset it (a good one is made and kept in GSPACE_HOME) or give 50 or more "
                "random characters.",
                id="gspace.E001",
            )
        )
    if settings.DEBUG:
        found.append(
            Error(
                "DEBUG shows source and settings to everybody who can reach this service.",
                hint="Unset DEBUG, or set BIND_HOST=127.0.0.1.",
                id="gspace.E002",
            )
        )
    if any(host.startswith("*") for host in settings.ALLOWED_HOSTS) or not settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS must name the hosts of a service that others can reach.",
                hint="Set ALLOWED_HOSTS to the names in its addresses, with commas between.",
                id="gspace.E003",
            )
        )
    return found


def _is_good_key(key: str) -> bool:
    return (
        len(key) >= SECRET_KEY_MIN_LENGTH
        and len(set(key)) >= 10
        and not key.lower().startswith(KNOWN_KEYS)
    )


@register(Tags.database)
def one_driver(**_: Any) -> list[CheckMessage]:
    """E004: Django prefers psycopg 3 where it is installed; the pool and the feed are psycopg2."""
    if importlib.util.find_spec("psycopg") is None:
        return []
    return [
        Error(
            "The package psycopg (version 3) is installed: Django would use it, not psycopg2.",
            hint="Run `.venv/bin/uv pip uninstall psycopg psycopg-binary psycopg-pool`.",
            id="gspace.E004",
        )
    ]


@register(Tags.security, deploy=True)
def camera_needs_https(**_: Any) -> list[CheckMessage]:
    """W001: browsers give camera and position to pages over HTTPS only (loopback excepted)."""
    if not is_exposed() or settings.HTTPS:
        return []
    return [
        Warning(
            "Without HTTPS phones get neither camera nor position, and logins travel in the clear.",
            hint="Put a reverse proxy with a certificate in front and set HTTPS=1, BEHIND_PROXY=1.",
            id="gspace.W001",
        )
    ]


def refuse_unsafe_start() -> None:
    """End the process with one sentence per fault; asgi.py and serve.py call it first.

    Errors: SystemExit, whose text names the check (see `unsafe` and `one_driver`).
    """
    found = [*unsafe(), *one_driver()]
    if found:
        lines = [f"({fault.id}) {fault.msg} {fault.hint or ''}".strip() for fault in found]
        raise SystemExit("G-space does not start: " + "\n".join(lines))
