"""Joining, through whichever door: an invitation, a hand-over's long code, or its six digits.

Long codes are not found by trying, so a right one always works and only wrong ones are counted: who
shares an address with a guesser still joins. Six digits are few: each try is counted before it is
made, for its address and for all.
"""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings
from django.utils.translation import gettext as _

from gspace import actions, tries
from gspace.models import Device
from gspace.problems import Problem
from gspace.tries import Taken

DIGITS = re.compile(r"[0-9]{6}")
# spaces, and what keyboards offer as a hyphen (the Japanese long vowel too)
BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc]+")


def six_digits(code: str) -> str:
    """The digits as a person may type them ("４８２ー９１３"), or "" for another code."""
    plain = BETWEEN.sub("", unicodedata.normalize("NFKC", code))
    return plain if DIGITS.fullmatch(plain) else ""


def join(*, code: str, label: str, address: str) -> tuple[Device, str]:
    """(device, a token of it). label: needed for invitations only.

    Raises Problem invite_invalid, invalid (field label), too_many_tries.
    """
    if digits := six_digits(code):
        return _by_digits(digits, address)
    try:
        return _by_code(code.strip(), label)
    except Problem as problem:
        if problem.code == "invite_invalid":
            _counted(address)
        raise


def _by_code(code: str, label: str) -> tuple[Device, str]:
    try:
        return actions.transfer_take(code=code)
    except Problem:
        return actions.device_enrol(code=code, label=label)


def _by_digits(digits: str, address: str) -> tuple[Device, str]:
    # the address first: who is over its limit uses up nothing that belongs to all
    taken = [_counted(address), _counted_in_all()]
    try:
        found = actions.transfer_take(digits=digits)
    except Problem:
        words = _("This number is wrong, used or expired. Let the other screen show a new one.")
        raise Problem("invite_invalid", words, field="code") from None
    for one in taken:
        tries.give_back(one)
    return found


def _counted(address: str) -> Taken:
    limit, window_s = settings.LIMIT_ENROL_TRIES, settings.LIMIT_ENROL_WINDOW_S
    return tries.take(f"join {address}", limit=limit, window_s=window_s)


def _counted_in_all() -> Taken:
    limit, window_s = settings.LIMIT_ENROL_TRIES_IN_ALL, settings.LIMIT_ENROL_WINDOW_S
    return tries.take("join", limit=limit, window_s=window_s)
