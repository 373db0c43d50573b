"""A production configuration has nothing for `check --deploy` to say (reliability.md P20)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "BIND_HOST": "0.0.0.0",
    "SECRET_KEY": "n0t-Guessable_0123456789-abcdefghijklmnopqrstuvwxyz-ABC",
    "ALLOWED_HOSTS": "gspace.example",
    "CSRF_TRUSTED_ORIGINS": "https://gspace.example",
    "SITE_URL": "https://gspace.example",
}


def python(tmp_path: Path, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
    # only what an operator writes down, so that nothing of this machine helps
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**kept, "GSPACE_HOME": str(tmp_path), **PRODUCTION, **changed}
    return subprocess.run(
        [sys.executable, *words], cwd=CHECKOUT, env=env, capture_output=True, text=True, timeout=90
    )


def check(tmp_path: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    words = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    return python(tmp_path, *words, **changed)


def test_production_has_no_warning(tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changed", "fault"),
    [({"HTTPS": "0"}, "gspace.W001"), ({"SECRET_KEY": "x" * 60}, "gspace.E001")],
)
def test_the_check_bites(tmp_path: Path, changed: dict[str, str], fault: str) -> None:
    done = check(tmp_path, **changed)
    assert done.returncode != 0 and fault in done.stderr


SETTINGS = """
import json, django
django.setup()
from django.conf import settings
from django.db.backends.postgresql.psycopg_any import is_psycopg3
names = ["DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE",
  "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE", "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS"]
print(json.dumps({n: getattr(settings, n) for n in names} | {"psycopg3": is_psycopg3}))
"""


def test_cookies_redirects_and_driver_are_those_of_production(tmp_path: Path) -> None:
    done = python(tmp_path, "-c", SETTINGS, DJANGO_SETTINGS_MODULE="gspace.settings")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "DEBUG": False,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "ALLOWED_HOSTS": ["gspace.example"],
        "psycopg3": False,
    }
