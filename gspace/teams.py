"""Teams (班) of the organisations that work an incident."""

from __future__ import annotations

from gspace.models import Incident, Team

# what a municipality's headquarters usually has; its administrator renames, adds and removes
USUAL = (
    ("総務班", "General affairs team"),
    ("情報班", "Information team"),
    ("救護班", "Relief team"),
    ("建設班", "Public works team"),
    ("上下水道班", "Water and sewerage team"),
    ("避難所班", "Shelter team"),
    ("物資班", "Supplies team"),
    ("広報班", "Public relations team"),
)


def teams(incident: Incident) -> list[Team]:
    """Of all its headquarters, each headquarters' together, in their own order."""
    found = Team.objects.filter(
        organisation__incident_parts__incident=incident, organisation__incident_parts__part="hq"
    )
    return list(found.select_related("organisation").order_by("organisation_id", "position", "id"))
