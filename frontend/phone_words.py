"""The words of the phone's app in one language: its catalogue and the codes it shows."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from frontend.catalogue import catalogue
from gspace import vocabulary

LANGUAGES = vocabulary.LANGUAGES
# of headquarters alone; everything else may come up on a phone
NOT_SHOWN = {"detail", "doubt", "release"}
# what is said in none of them need not travel over a thin line
SCRIPTS = ("phone*.js", "photo-worker.js")


def words(language: str) -> dict[str, Any]:
    """`{language, catalogue, vocabulary}`; each code carries the one label that is needed."""
    return {
        "language": language,
        "catalogue": _said(language, _scripts()),
        "vocabulary": {"codes": _codes(language)},
    }


def text(language: str) -> str:
    return json.dumps(words(language), ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=8)
def _said(language: str, scripts: str) -> dict[str, Any]:
    """The catalogue's entries whose English stands in the scripts."""
    everything = catalogue(language)
    said = {text: words for text, words in everything["catalog"].items() if text in scripts}
    return {**everything, "catalog": said}


def _scripts() -> str:
    build = Path(finders.find("build") or "")
    found = sorted(file for pattern in SCRIPTS for file in build.glob(pattern))
    return "\0".join(file.read_text("utf-8") for file in found)


def _codes(language: str) -> dict[str, list[dict[str, Any]]]:
    everything = vocabulary.as_json()["codes"]
    return {
        kind: [_in(language, term) for term in terms]
        for kind, terms in everything.items()
        if kind not in NOT_SHOWN
    }


def _in(language: str, term: dict[str, Any]) -> dict[str, Any]:
    shown = {**term, "labels": {language: term["labels"][language]}}
    if "details" in term:
        shown["details"] = [_in(language, detail) for detail in term["details"]]
    return shown
