"""Why two reports may be one, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.likeness import SAME_BITS, Reason

CATEGORIES = {
    "same": lambda: _("Same category"),
    "related": lambda: _("Related category"),
    "other": lambda: _("Another category"),
}


def reason_words(reason: Reason) -> str:
    if reason.code == "category":
        return CATEGORIES[str(reason.value)]()
    return WORDS[reason.code](float(reason.value), reason.uncertain_m)


def _distance(value: float, uncertain_m: float | None) -> str:
    known = {"distance": metres(value), "uncertain": metres(uncertain_m or 0)}
    return _("{distance} apart (places known to ±{uncertain})").format(**known)


def _time(value: float, _uncertain: float | None) -> str:
    if value < 60:
        return _("At the same time")
    return _("{duration} apart").format(duration=duration(value))


def _photo(value: float, _uncertain: float | None) -> str:
    if value < 0:
        return _("The same photo file")
    if value <= SAME_BITS:
        return _("The same picture, sent again")
    return _("A similar picture ({n} of 64 points differ)").format(n=int(value))


def _device(_value: float, _uncertain: float | None) -> str:
    return _("From the same phone within 15 minutes")


def _text(value: float, _uncertain: float | None) -> str:
    return _("Much the same words ({percent} %)").format(percent=round(value * 100))


def _sight(value: float, _uncertain: float | None) -> str:
    return _("Both looked at one spot, {distance} ahead").format(distance=metres(value))


WORDS = {
    "distance": _distance,
    "time": _time,
    "photo": _photo,
    "device": _device,
    "text": _text,
    "sight": _sight,
}


def metres(value: float) -> str:
    return f"{value / 1000:.1f} km" if value >= 1000 else f"{round(value)} m"


def duration(seconds: float) -> str:
    if seconds < 90:
        return _("{n} seconds").format(n=round(seconds))
    if seconds < 90 * 60:
        return _("{n} minutes").format(n=round(seconds / 60))
    if seconds < 48 * 3600:
        return _("{n} hours").format(n=round(seconds / 3600))
    return _("{n} days").format(n=round(seconds / 86400))
