"""The words of the phone's app in one language: its catalogue and the codes it shows."""

from __future__ import annotations

import json
from typing import Any

from frontend.catalogue import catalogue
from gspace import vocabulary

LANGUAGES = vocabulary.LANGUAGES
# of headquarters alone; everything else may come up on a phone
NOT_SHOWN = {"detail", "doubt", "release"}


def words(language: str) -> dict[str, Any]:
    """`{language, catalogue, vocabulary}`; each code carries the one label that is needed."""
    return {
        "language": language,
        "catalogue": catalogue(language),
        "vocabulary": {"codes": _codes(language)},
    }


def text(language: str) -> str:
    return json.dumps(words(language), ensure_ascii=False, sort_keys=True)


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
