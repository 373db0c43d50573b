"""Times of the log, which are the incident's own already: the day once, the clock on every line."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import formats
from django.utils.translation import gettext

register = template.Library()


@register.filter
def log_clock(at: datetime) -> str:
    return f"{at:%H:%M}"


@register.filter
def log_day(at: datetime) -> str:
    """`2016年4月16日（土）`, `Sat 16 April 2016`."""
    # Translators: date() format of a day that heads its entries
    return formats.date_format(at, gettext("D j F Y"))


@register.filter
def log_since(written: datetime, at: datetime) -> str:
    """When it was written down: the clock, with its day once that is another one."""
    if written.date() == at.date():
        return log_clock(written)
    # Translators: date() format
    return formats.date_format(written, gettext("D j M, H:i"))
