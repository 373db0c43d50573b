"""Load the demo incident kumamoto-2016 through the real intake and the real actions."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from fixtures.kumamoto_2016 import loader
from gspace.models import BasemapShape, Place


class Command(BaseCommand):
    help = (
        "Load the re-enactment of the Kumamoto earthquakes of April 2016 (demo). Loading again "
        "changes nothing. Writes the demo logins to $GSPACE_HOME/demo-logins.json."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        # reports say their town: the gazetteer comes first
        if not Place.objects.exists():
            call_command("load_places", stdout=self.stdout)
        if not BasemapShape.objects.exists():
            call_command("load_basemap", stdout=self.stdout)
        loader.load(lambda line: self.stdout.write(f"  demo: {line}"))
        logins = settings.GSPACE_HOME / "demo-logins.json"
        seconds = time.monotonic() - began
        self.stdout.write(f"The demo is loaded ({seconds:.0f} s). Logins: {logins}")
