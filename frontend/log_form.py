"""The form by which headquarters writes in its log: blank, from a report, or after another line."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.templatetags.words import detail_word, in_words, word
from frontend.text_field import TextField
from gspace import vocabulary
from gspace.models import Incident
from gspace.problems import Problem
from gspace.wire import FIRST_YEAR, LAST_YEAR, is_on_earth
from reports import log
from reports.models import Report, Tombstone

# as <input type="datetime-local"> writes it
LOCAL = "%Y-%m-%dT%H:%M"


class LogForm(forms.Form):
    """id is made when the form is shown, so that pressing twice writes once.

    at: in the incident's zone. now: what `at` said when the form was shown; a time that nobody
    touched is the moment of pressing, however long the page was open. report: a receipt code.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=[(code, code) for code in vocabulary.codes("log_kind")],
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    at = forms.CharField(max_length=40, required=False)
    now = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    sender = forms.CharField(max_length=120, required=False)
    receiver = forms.CharField(max_length=120, required=False)
    text = TextField(max_length=4000)
    report = forms.CharField(max_length=12, required=False)
    corrects = forms.UUIDField(required=False, widget=forms.HiddenInput)
    settles = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, first: dict[str, Any], **kwargs: Any):
        self.incident = incident
        super().__init__(*args, initial={"id": uuid.uuid4(), **first}, **kwargs)

    def clean_at(self) -> datetime | None:
        """None: now."""
        given = self.cleaned_data["at"]
        if not given or given == self.data.get("now"):
            return None
        try:
            return local_time(given, self.incident)
        except ValueError:
            raise forms.ValidationError(
                _("This is no time. Write it as 2026-07-28 18:00.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """A correction that leaves the time alone leaves its seconds alone, which nobody sees."""
        said = self.cleaned_data
        if (corrects := said.get("corrects")) and said.get("at"):
            try:
                at = datetime.fromisoformat(log.line(self.incident, corrects)["at"])
            except Problem:
                return said
            if said["at"] == local_time(as_local(at, self.incident), self.incident):
                said["at"] = at
        return said

    def clean_report(self) -> uuid.UUID | None:
        receipt = self.cleaned_data["report"].upper()
        if not receipt:
            return None
        for kept in (Report, Tombstone):
            if found := kept.objects.filter(incident=self.incident, receipt=receipt).first():
                return uuid.UUID(str(found.pk))
        raise forms.ValidationError(_("No report has this receipt code."))

    def words(self) -> dict[str, Any]:
        """Arguments of reports.actions.log_write. The form must be valid."""
        said = self.cleaned_data
        plain = {name: said[name] for name in ("kind", "at", "sender", "receiver", "text")}
        links = {f"{name}_id": said[name] for name in ("report", "corrects", "settles")}
        return plain | links | {"entry_id": said["id"]}


def local_time(text: str, incident: Incident) -> datetime:
    """`2026-07-28T18:00` as it is meant in the incident's zone. Raises ValueError."""
    found = datetime.fromisoformat(text.strip())
    if not (FIRST_YEAR <= found.year <= LAST_YEAR and is_on_earth(found)):
        raise ValueError("no time of this service")
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(incident.time_zone))


def as_local(at: datetime, incident: Incident) -> str:
    """For <input type="datetime-local">."""
    return f"{timezone.localtime(at, ZoneInfo(incident.time_zone)):{LOCAL}}"


def blank(incident: Incident) -> dict[str, Any]:
    """First values of a form that begins with nothing."""
    shown = as_local(timezone.now(), incident)
    return {"at": shown, "now": shown}


def about_report(incident: Incident, report: Report) -> dict[str, Any]:
    """What came in, as a line of the log: from the crew, at the time it was received.

    Not who told it: the log is printed, and outlives the report when that is erased.
    """
    came_by = word("channel", report.channel) if report.channel else report.author_name
    kind = " / ".join(
        part
        for part in (
            word("category", report.category),
            detail_word(report.category, report.detail),
            word("severity", report.severity) if report.severity != "unknown" else "",
        )
        if part
    )
    told = [kind, in_words(report.place), report.comment]
    return {
        "kind": "report",
        "at": as_local(report.received_at, incident),
        "sender": came_by[:120],
        "receiver": _("Headquarters"),
        "text": "\n".join(line for line in told if line),
        "report": report.receipt,
    }


def correcting(incident: Incident, said: dict[str, Any]) -> dict[str, Any]:
    """The line as it stands (reports.log.line), to be put right."""
    kept = ("kind", "sender", "receiver", "text", "settles")
    return {name: said[name] for name in kept} | {
        "at": as_local(datetime.fromisoformat(said["at"]), incident),
        "report": said["receipt"] or "",
        "corrects": said["id"],
    }


def settling(incident: Incident, said: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request (reports.log.line): back from where it went to."""
    return blank(incident) | {
        "kind": "report",
        "sender": said["receiver"],
        "receiver": said["sender"],
        "report": said["receipt"] or "",
        "settles": said["id"],
    }
