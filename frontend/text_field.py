"""A text of several lines as a form sends it."""

from __future__ import annotations

from typing import Any

from django import forms


class TextField(forms.CharField):
    """Lines end in one character: a browser counts so, sends two (HTML, form submission), and a
    text that it let somebody write is taken; the API's own words compare equal."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)
