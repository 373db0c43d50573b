"""Send photos from files through the real intake, position and time from their EXIF."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gspace import actions as trunk
from gspace import vocabulary
from gspace.access import Caller
from gspace.models import Incident, Organisation
from gspace.problems import Problem
from reports import actions, blobs, queries
from reports.models import Photo
from reports.payload import ReportIn

# One id per incident and picture: sending a file again is the same report, not a second one.
NAMESPACE = uuid.UUID("6f2b7c52-0a4e-5d0b-9a0f-2f6f1c1d9e11")


class Command(BaseCommand):
    help = "Send photos as reports of the incident's headquarters. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--incident", required=True, metavar="SLUG")
        parser.add_argument("--category", default="other", choices=vocabulary.codes("category"))
        parser.add_argument("--comment", default="")

    def handle(self, **options: Any) -> None:
        incident = Incident.objects.filter(slug=options["incident"]).first()
        if incident is None:
            raise CommandError(f"There is no incident {options['incident']!r}.")
        by = self._caller(incident)
        refused = 0
        for file in options["files"]:
            try:
                self.stdout.write(f"{file.name}: {self._send(file, incident, by, options)}")
            except (Problem, OSError) as error:
                refused += 1
                reason = error.body()["detail"] if isinstance(error, Problem) else error.strerror
                self.stderr.write(f"{file.name}: {reason}")
        if refused:
            raise CommandError(f"{refused} of {len(options['files'])} files were not sent.")

    def _caller(self, incident: Incident) -> Caller:
        """This command has a device of its own in the headquarters, as every sender has."""
        home = Organisation.objects.filter(
            incident_parts__incident=incident, incident_parts__part="hq"
        ).first()
        if home is None:
            raise CommandError("The incident has no headquarters.")
        device = home.devices.filter(label="report_photo", revoked_at=None).first()
        if device is None:
            device, _ = trunk.device_create(organisation=home, label="report_photo")
        return Caller(
            f"device:{device.id}", device.label, ((home.id, "field"),), device=str(device.id)
        )

    def _send(self, file: Path, incident: Incident, by: Caller, options: dict[str, Any]) -> str:
        content = file.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        report_id = uuid.uuid5(NAMESPACE, f"{incident.slug}/{sha256}")
        photo_id = uuid.uuid5(NAMESPACE, f"{incident.slug}/{sha256}/photo")
        body = ReportIn.model_validate(
            {
                "incident": incident.slug,
                "category": options["category"],
                "comment": options["comment"],
                "photos": [{"id": photo_id, "sha256": sha256, "size": len(content) or 1}],
            }
        )
        received = actions.report_receive(report_id=report_id, body=body, by=by)
        part = blobs.new_part()
        part.write_bytes(content)
        photo = actions.photo_store(
            photo=actions.announced(photo_id, by), part=part, sha256=sha256, size=len(content)
        )
        return self._told(photo, received.receipt)

    def _told(self, photo: Photo, receipt: str) -> str:
        report = queries.photo_for(photo.id).report
        where = "needs a place"
        if report.geometry is not None:
            centre = report.geometry.centroid
            where = f"{centre.y:.5f}, {centre.x:.5f} {report.place.get('ja', '')}".strip()
        return f"{receipt} {photo.state} {photo.reason} {where}".replace("  ", " ")
