"""Django's makemessages with this house's habits, also reading the front end's `t("...")`."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import makemessages

ELSEWHERE = ["node_modules", ".venv", "static", "tests", "benchmarks", "fixtures"]
WORDS = [f"--keyword={name}" for name in ("t", "say", "plain", "msg")]


class Command(makemessages.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # without locations and wrapping, a moved line is no change of the catalogue
        options |= {"no_location": True, "no_wrap": True, "no_obsolete": True}
        options["ignore_patterns"] = [*options["ignore_patterns"], *ELSEWHERE]
        if options["domain"] == "djangojs":
            options["extensions"] = ["ts"]
            # not in Python, where functions of these names say other things
            self.xgettext_options = [*makemessages.Command.xgettext_options, *WORDS]
        super().handle(*args, **options)
