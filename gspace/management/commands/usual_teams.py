"""Give an organisation the usual teams (班) of a headquarters."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gspace import actions
from gspace.models import Organisation


class Command(BaseCommand):
    help = "Give an organisation the usual teams of a headquarters; those it has already stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")

    def handle(self, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {options['organisation']!r}.")
        made = actions.teams_begin(organisation=organisation)
        self.stdout.write(f"{made} teams added; {organisation.teams.count()} in all.")
