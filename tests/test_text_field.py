"""What a browser lets somebody write into a form is taken."""

from __future__ import annotations

import pytest
from django import forms

from frontend.broadcast_form import BroadcastForm
from frontend.layer_form import LayerForm
from frontend.log_form import LogForm
from frontend.phone_form import PhoneForm
from frontend.state_form import StateForm
from frontend.text_field import TextField

FIELDS = [
    (BroadcastForm, "text"),
    (LayerForm, "coverage"),
    (LogForm, "text"),
    (PhoneForm, "comment"),
    (StateForm, "note"),
]


@pytest.mark.parametrize(
    ("form", "name"), FIELDS, ids=[f"{form.__name__}.{name}" for form, name in FIELDS]
)
def test_a_line_s_end_is_one_character_as_the_browser_counts(
    form: type[forms.Form], name: str
) -> None:
    field = form.base_fields[name]
    most = field.max_length
    assert field.clean("あ\r\n" * (most // 2 - 1) + "い") == "あ\n" * (most // 2 - 1) + "い"
    with pytest.raises(forms.ValidationError):
        field.clean("あ" * (most + 1))


def test_nothing_stays_nothing() -> None:
    assert TextField(required=False).clean(None) == ""
