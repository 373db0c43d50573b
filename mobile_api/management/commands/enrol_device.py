"""Enrol a device from the command line: prints {"token","device","incident"}."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gspace import actions
from gspace.models import Incident, Organisation


class Command(BaseCommand):
    help = "Enrol a device in the leading organisation of an incident; prints its token once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--incident", required=True, metavar="SLUG")
        parser.add_argument("--label", required=True, metavar="TEXT")
        parser.add_argument("--audience", choices=["field", "volunteer"], default="field")
        parser.add_argument("--organisation", metavar="SLUG", help="default: its headquarters")

    def handle(self, **options: Any) -> None:
        incident = Incident.objects.filter(slug=options["incident"]).first()
        if incident is None:
            raise CommandError(f"There is no incident {options['incident']!r}.")
        device, token = actions.device_create(
            organisation=self._organisation(incident, options["organisation"]),
            label=options["label"],
            audience=options["audience"],
        )
        found = {"token": token, "device": str(device.id), "incident": incident.slug}
        self.stdout.write(json.dumps(found))

    def _organisation(self, incident: Incident, slug: str | None) -> Organisation:
        members = Organisation.objects.filter(incident_parts__incident=incident)
        mine = members.filter(slug=slug) if slug else members.filter(incident_parts__part="hq")
        found = mine.order_by("incident_parts__id").first()
        if found is None:
            raise CommandError("The incident has no such organisation.")
        return found
