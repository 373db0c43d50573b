"""What each number counts, in words that stand beside it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEFINITIONS = {
    "received": _(
        "Every report that came in and that the filter lets through, also those that were merged, "
        "rejected or withdrawn afterwards, and those without a place."
    ),
    "total": _(
        "Without reports merged into others, rejected as out of scope or withdrawn, unless the "
        "filter asks for them. Reports without a place are in. All breakdowns below count these."
    ),
    "open": _("Counted and not resolved: not verified, verified, in progress, handed over."),
    "unverified": _("Counted and still as they came in: nobody has verified or rejected them."),
    "without_place": _("Counted, with no place yet. They are in all numbers, but on no map."),
    "left_out": _("Not counted. Each was judged by somebody: the report says who and why."),
    "category": _(
        "Counted reports by what they report and how grave it is, as headquarters has them now."
    ),
    "status": _("Counted reports by how far the work on them is now."),
    "municipality": _(
        "Counted reports by the municipality of their place. A city is with its wards."
    ),
    "hours": _(
        "Counted reports by the time they arrived here, not by the time of what they show. Without "
        "signal a report may arrive hours later."
    ),
    "accepted": _(
        "From arrival until somebody at headquarters took it on; the reporter sees this."
    ),
    "verified": _("From arrival until its status left “received” (the last time, if more often)."),
    "resolved": _("From arrival until its status became “resolved” (the last time)."),
    "response": _(
        "Half of the reports took at most the middle value, nine of ten at most the other. Reports "
        "still waiting are not in these times: they stand beside them."
    ),
    "time_known": _(
        "Time known: of the reports that are past a step, the share of which it was written down "
        "when. Only these are in the times. It is a share because no filter of the desk finds them."
    ),
}


def definitions() -> dict[str, str]:
    """In the language of the request."""
    return {name: str(words) for name, words in DEFINITIONS.items()}
