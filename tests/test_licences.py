"""What G-space needs at run time may be used beside Apache-2.0 code: allowed licences by name.

LGPL and MPL bind changes to the library itself, not the programs that load it. GPL and AGPL bind
the program, so no run-time dependency may have them; development tools are not distributed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {
    "0BSD", "APACHE-2.0", "BSD", "BSD-2-CLAUSE", "BSD-3-CLAUSE", "CC0-1.0", "HPND", "ISC", "MIT",
    "MIT-0", "MIT-CMU", "PSF-2.0", "UNLICENSE", "ZLIB",
    # weak copyleft: fine for a library that stays a file of its own and can be exchanged
    "LGPL-2.1", "LGPL-3.0", "MPL-2.0",
}  # fmt: skip
# what older packages write in the free field or as a classifier -> the SPDX name meant
SPOKEN = {
    "apache 2.0": "APACHE-2.0",
    "apache software license": "APACHE-2.0",
    "bsd license": "BSD",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0",
    "gnu library or lesser general public license (lgpl)": "LGPL-3.0",
    "lgpl with exceptions": "LGPL-3.0",
    "lgpl-3.0-only": "LGPL-3.0",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "new bsd": "BSD",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
# Packages whose metadata say more, or less, than what is used. Name -> (licence, reason).
EXCEPTIONS = {
    "qrcode": ("BSD", "classified 'Other' as well for the QR trade mark's notice; the text is BSD"),
    "pyphen": ("LGPL-2.1-or-later", "one of three to choose from; hyphenation for the PDF extra"),
}


def runtime_names() -> set[str]:
    """Names of everything pyproject.toml asks for outside the groups, and what that needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [one for group in project["optional-dependencies"].values() for one in group]
    waiting = [Requirement(line) for line in (*project["dependencies"], *extras)]
    found: dict[str, set[str]] = {}
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        seen = found.setdefault(name, set())
        fresh = {"", *wanted.extras} - seen
        seen |= fresh
        waiting += list(needed(name, fresh))
    return set(found)


def needed(name: str, extras: set[str]) -> Iterator[Requirement]:
    """What a distribution needs here with these extras; nothing when it is not installed."""
    try:
        lines = distribution(name).requires or []
    except PackageNotFoundError:
        return
    for line in map(Requirement, lines):
        if line.marker is None or any(line.marker.evaluate({"extra": e}) for e in extras):
            yield line


def installed() -> list[Distribution]:
    found = []
    for name in sorted(runtime_names()):
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            continue  # an extra (pdf, s3) or a package for another Python
    return found


def words(dist: Distribution) -> list[str]:
    """The licence as the package states it: the SPDX expression, else classifiers, else words."""
    meta: Any = dist.metadata
    if expression := meta.get("License-Expression"):
        return [expression]
    classified = [
        line.split("::")[-1].strip()
        for line in meta.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    free = (meta.get("License") or "").strip()
    return [one for one in classified if one != "OSI Approved"] or [free.split("\n")[0]]


def is_allowed(text: str) -> bool:
    """Every part of an AND is allowed; of an OR, one is enough."""
    plain = SPOKEN.get(text.strip().lower(), text)
    parts = [re.sub(r"[()]", " ", part).split() for part in re.split(r"\bAND\b", plain)]
    return all(
        any(_known(" ".join(choice.split())) for choice in re.split(r"\bOR\b", " ".join(part)))
        for part in parts
    )


def _known(name: str) -> bool:
    plain = SPOKEN.get(name.lower(), name).upper()
    return re.sub(r"-(ONLY|OR-LATER)$", "", plain) in ALLOWED


def test_the_run_time_packages_are_found() -> None:
    """A guard against an empty list: the next test would pass on nothing."""
    names = {dist.metadata["Name"].lower() for dist in installed()}
    assert {"django", "psycopg2-binary", "rasterio", "pi_heif", "uvloop"} <= names
    assert not {"pytest", "mypy", "text-unidecode"} & names


@pytest.mark.parametrize("dist", installed(), ids=lambda d: d.metadata["Name"])
def test_a_python_package_may_be_used_with_apache_2(dist: Distribution) -> None:
    name = dist.metadata["Name"].lower()
    stated = [EXCEPTIONS[name][0]] if name in EXCEPTIONS else words(dist)
    assert stated and all(is_allowed(one) for one in stated), f"{name}: {stated}"


def test_every_exception_is_still_needed() -> None:
    known = {dist.metadata["Name"].lower(): dist for dist in installed()}
    needless = [n for n in EXCEPTIONS if n in known and all(map(is_allowed, words(known[n])))]
    assert not needless


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("GNU General Public License v2 or later (GPLv2+)", False),
        ("MIT AND GPL-2.0-only", False),
        ("(MIT OR GPL-3.0-only)", True),
        ("LGPL-2.1-or-later", True),
        ("", False),
    ],
)
def test_strong_copyleft_and_silence_are_refused(text: str, expected: bool) -> None:
    assert is_allowed(text) is expected


def npm_packages() -> dict[str, str]:
    """Folder in node_modules -> licence, of what is bundled into our pages."""
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8"))
    if not (ROOT / "frontend" / "node_modules").is_dir():
        pytest.skip("the front end's packages are not installed")
    found = {}
    for folder, entry in lock["packages"].items():
        if folder and not entry.get("dev"):
            package = ROOT / "frontend" / folder / "package.json"
            found[folder] = json.loads(package.read_text("utf-8")).get("license") or ""
    return found


def test_npm_packages_may_be_bundled_with_apache_2() -> None:
    found = npm_packages()
    assert any(folder.endswith("/leaflet") for folder in found)
    assert not {folder: text for folder, text in found.items() if not is_allowed(text)}
    # bundled into one file: not even weak copyleft here
    assert not [folder for folder, text in found.items() if "GPL" in text or "MPL" in text]


def test_our_own_licence_is_apache_2_in_full() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text and "END OF TERMS AND CONDITIONS" in text
    assert len(text.splitlines()) == 202
