"""Django's makemessages, also reading the front end's `t("...")`."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # without line numbers a moved line is no change of the catalogue
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=t"]
