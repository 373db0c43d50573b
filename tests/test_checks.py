"""A misconfigured service does not start: every way, by the check's id and in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from gspace import checks

CHECKOUT = Path(__file__).resolve().parent.parent
GOOD_KEY = "n0t-Guessable_0123456789-abcdefghijklmnopqrstuvwxyz-ABC"


def ids(found: list[CheckMessage]) -> list[str | None]:
    return [fault.id for fault in found]


@pytest.fixture
def exposed(settings: Settings) -> Settings:
    """Well configured for the outside world; each test breaks one thing."""
    settings.BIND_HOST = "0.0.0.0"
    settings.SECRET_KEY = GOOD_KEY
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["gspace.example"]
    settings.SITE_URL = "https://gspace.example"
    return settings


def test_a_good_configuration_starts(exposed: Settings) -> None:
    assert ids(checks.unsafe()) == []
    checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SECRET_KEY", "django-insecure-" + GOOD_KEY, "gspace.E001"),
        ("SECRET_KEY", "change-me" + GOOD_KEY, "gspace.E001"),
        ("SECRET_KEY", "short", "gspace.E001"),
        ("SECRET_KEY", "a" * 80, "gspace.E001"),
        ("DEBUG", True, "gspace.E002"),
        ("ALLOWED_HOSTS", ["*"], "gspace.E003"),
        ("ALLOWED_HOSTS", ["gspace.example", "*.example"], "gspace.E003"),
        ("ALLOWED_HOSTS", [], "gspace.E003"),
    ],
)
def test_each_fault_refuses_the_start(exposed: Settings, name: str, value: Any, fault: str) -> None:
    setattr(exposed, name, value)
    assert ids(checks.unsafe()) == [fault]
    with pytest.raises(SystemExit, match=fault):
        checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIND_HOST", "192.0.2.1"),
        ("BIND_HOST", "::"),
        ("BIND_HOST", "gspace.example"),
        ("SITE_URL", "https://gspace.example"),
        ("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")),
    ],
)
def test_every_way_to_be_reached_counts(settings: Settings, name: str, value: Any) -> None:
    settings.BIND_HOST, settings.SITE_URL = "127.0.0.1", "http://127.0.0.1:8000"
    settings.SECURE_PROXY_SSL_HEADER = None
    settings.DEBUG = True
    assert ids(checks.unsafe()) == []
    setattr(settings, name, value)
    assert "gspace.E002" in ids(checks.unsafe())


@pytest.mark.parametrize("words", [["--host", "0.0.0.0"], ["--host=192.0.2.1"]])
def test_a_host_given_to_uvicorn_by_hand_counts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    settings.DEBUG = True
    monkeypatch.setattr(sys, "argv", ["uvicorn", "gspace.asgi:application", *words])
    assert "gspace.E002" in ids(checks.unsafe())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", ""])
def test_loopback_is_recognised(host: str) -> None:
    assert checks.is_loopback(host)


def test_psycopg_3_is_not_installed_and_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(checks.one_driver()) == []
    monkeypatch.setattr(checks.importlib.util, "find_spec", lambda name: object())
    assert ids(checks.one_driver()) == ["gspace.E004"]


def test_plain_http_to_the_outside_is_a_deploy_warning(exposed: Settings) -> None:
    exposed.HTTPS = False
    assert ids(checks.camera_needs_https()) == ["gspace.W001"]
    exposed.HTTPS = True
    assert ids(checks.camera_needs_https()) == []


def test_the_server_itself_ends_with_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    env = {**os.environ, "BIND_HOST": "0.0.0.0", "DEBUG": "1", "GSPACE_HOME": str(tmp_path)}
    words = ["-m", "uvicorn", "gspace.asgi:application", "--host", "0.0.0.0", "--port", "1"]
    done = subprocess.run(
        [sys.executable, *words], cwd=CHECKOUT, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "G-space does not start: (gspace.E002)" in done.stderr
    assert "Traceback" not in done.stderr
