"""Parts of sentences that findings quote: why something could not be read, in whole phrases.

The readers say them in English; they are listed here so that `findings.message` can say them in the
reader's language. %(word)s stands for what was said in its place. What a library says itself stays
as it is. Pure: imports no Django.
"""

from __future__ import annotations

import re
from collections.abc import Callable


def _(text: str) -> str:
    """Marks a phrase for the catalogue of translations."""
    return text


REASONS = frozenset({
    # what happened to the letters
    _("replacement characters"),
    _("Shift_JIS (CP932) or UTF-8 read as Latin-1"),
    _("UTF-8 read as Shift_JIS (CP932)"),
    _("question marks"),
    # a file as a whole
    _("damaged"),
    _("it is too short"),
    _("its header is damaged"),
    _("its columns are longer than its rows"),
    _("it has no columns, or too many"),
    _("it is nested too deeply"),
    _('The member "type" is missing or wrong.'),
    _('The member "features" is not a list.'),
    # one geometry
    _("A feature is an object with type, geometry and properties."),
    _("The geometry is not one of a GeoPackage."),
    _("The geometry is damaged."),
    _("The record is damaged."),
    _("The geometry is nested too deeply."),
    _("The geometry has no positions."),
    _("The track has no points."),
    _("Curves are not read; save them as lines."),
    _("Curves and surfaces are not read; save them as lines and areas."),
    _("Surfaces of patches (MultiPatch) are not read."),
    _("Coordinates are not nested as their type asks."),
    _("A position is [lon, lat] in finite degrees."),
    _("Longitude is within ±180, latitude within ±90."),
    _("A line has two positions or more."),
    _("An area has an outer ring."),
    _("A ring has four positions or more and ends where it begins."),
    _("Points of the line are missing in the file."),
    _("Nothing is left of the area."),
    _("%(value)s is no position."),
    _("1 to 1,000,000 positions are accepted."),
    _("1 to 100,000 positions are accepted."),
    _("1 to 100,000 parts are accepted."),
    # before a colon and the details
    _("Geometry types"),
    _("Not a usable geometry"),
    _("Not a valid geometry"),
    # a value of a state
    _("a note is a text of at most 2,000 characters"),
    _("persons is a whole number from 0; leave it out when not known"),
    _("%(value)s is not one of %(known)s"),
    _("%(kind)s has no %(name)s"),
    # a municipality code
    _("%(value)s is not a municipality code: five or six digits are needed"),
    _("%(code)s: there is no prefecture %(prefecture)s"),
    _("%(code)s: the check digit is wrong (%(right)s would be right)"),
})  # fmt: skip
HOLE = re.compile(r"%\\\((\w+)\\\)s")
PATTERNS = {text: re.compile(HOLE.sub(r"(?P<\1>.+?)", re.escape(text)), re.DOTALL)
            for text in sorted(REASONS) if "%(" in text}  # fmt: skip


def said(value: str, translate: Callable[[str], str]) -> str:
    """The phrase in the reader's language; of "phrase: details" the phrase. Else as it is."""
    if value in REASONS:
        return translate(value)
    for text, pattern in PATTERNS.items():
        if found := pattern.fullmatch(value):
            return translate(text) % found.groupdict()
    head, colon, details = value.partition(": ")
    return f"{translate(head)}{colon}{details}" if colon and head in REASONS else value
