"""Make a token for a program: prints {"token"}."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gspace import actions
from gspace.models import Organisation


class Command(BaseCommand):
    help = "Make an API token for a program of an organisation; prints it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--role", required=True, choices=["operator", "partner", "publisher"])
        parser.add_argument("--label", required=True, metavar="TEXT")

    def handle(self, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {options['organisation']!r}.")
        _, token = actions.token_create(
            organisation=organisation, role=options["role"], label=options["label"]
        )
        self.stdout.write(json.dumps({"token": token}))
